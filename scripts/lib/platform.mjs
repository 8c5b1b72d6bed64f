import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout, say } from './checkout.mjs';

const START_LIMIT_MS = 120_000;

/** The platform that answers at `url` already, which is not ours to stop, or null. */
export async function findPlatform(url) {
  return (await isReady(url))
    ? { pid: null, signInLink: null, stop: async () => {}, leave: () => {}, ended: Promise.resolve() }
    : null;
}

/**
 * Starts the platform as a child of this process and resolves once it is ready. Its log goes to a file, so that it can
 * outlive us.
 */
export async function startPlatform(url) {
  const logFile = join(mkdtempSync(join(tmpdir(), 'store-platform-demo-')), 'platform.log');
  const log = openSync(logFile, 'wx', 0o600);
  const child = spawn(process.execPath, [join(checkout, 'dist/src/main.js')], { stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  // A Ctrl-C goes to the platform by the terminal, and we stay to see it end; a kill is for us alone.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  say(`    its log: ${logFile}`);
  await ready(url, child, logFile);
  const signInLink = /https?:\/\/\S*sign-in[^\s"\\]*/.exec(readFileSync(logFile, 'utf8'))?.[0] ?? null;
  return { pid: child.pid, signInLink, stop, leave: () => child.unref(), ended };
}

async function ready(url, child, logFile) {
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > limit) {
      child.kill('SIGTERM');
      const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20);
      throw new Error(`the platform does not start. Its last words:\n${lines.join('\n')}`);
    }
    await sleep(200);
  }
}

async function isReady(url) {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  return answer?.ok === true;
}
