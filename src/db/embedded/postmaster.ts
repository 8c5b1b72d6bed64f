import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.ts';
import { SERVER_ENVIRONMENT } from './initialise.ts';
import { commandLine, isAlive } from './process.ts';

/** What is needed to start a server process. */
export interface ServerPlan {
  /** Folder with `bin/postgres`. */
  installed: string;
  data: string;
  port: number;
  account: Account | null;
  logFile: string;
  /** Settings on the command line, over those of postgresql.conf. */
  settings: Record<string, string>;
}

/** A server that accepts connections. */
export interface Postmaster {
  pid: number;
  /** False when it was running before we came. */
  ours: boolean;
  /** Resolves when the process has ended, whoever ended it. */
  ended: Promise<void>;
}

/** The server did not come up because of something that goes away by itself. */
export class ServerBusyError extends Error {
  override readonly name = 'ServerBusyError';
}

const READY_WITHIN_MS = 60_000; // recovery after a crash can take long
const STOPS_WITHIN_MS = 20_000;
/** The file postmaster.pid is all that a server says about its start, so it is read again and again, as pg_ctl does. */
const LOOK_EVERY_MS = 10;
/** Of a process that is not our child no event tells the end. */
const WATCH_EVERY_MS = 250;

/**
 * The server of this data folder: the one that runs already, or else a new one, in a session of its own so that
 * Ctrl-C in a terminal reaches us and not it. Rejects with the server's own words when it does not come up.
 */
export async function startPostmaster(plan: ServerPlan): Promise<Postmaster> {
  const pid = await livingPostmaster(plan.data);
  if (pid !== null) return adopt(plan, pid);
  const { child, logStart } = await launch(plan);
  const childPid = child.pid;
  if (childPid === undefined) throw new Error(`${plan.installed}/bin/postgres can't be run on this machine`);
  const ended = once(child, 'exit').then(() => undefined);
  let over = false;
  void ended.then(() => (over = true));
  if (!(await becomesReady(plan.data, childPid, () => over))) {
    if (!over) child.kill('SIGQUIT');
    await ended;
    throw diagnose(plan, await wordsSince(plan.logFile, logStart));
  }
  return { pid: childPid, ours: true, ended };
}

/** Ends a server: first it lets go of its clients and writes everything down; when that takes too long, at once. */
export async function stopPostmaster({ pid, ended }: Postmaster): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) break;
    process.kill(pid, signal);
    const waiting = new AbortController();
    const timeout = delay(STOPS_WITHIN_MS, false, { signal: waiting.signal }).catch(() => false);
    const stopped = await Promise.race([ended.then(() => true), timeout]);
    waiting.abort();
    if (stopped) return;
  }
}

/** The process that postmaster.pid names, if it still is that server and not a later process with its number. */
async function livingPostmaster(data: string): Promise<number | null> {
  const status = await readStatus(data);
  if (!status) return null;
  if (isAlive(status.pid) && (await commandLine(status.pid)).includes(data)) return status.pid;
  // The server would take a stranger of the same account for a server and refuse to start.
  await rm(join(data, 'postmaster.pid'), { force: true });
  return null;
}

async function adopt(plan: ServerPlan, pid: number): Promise<Postmaster> {
  const ended = watch(pid);
  if (await becomesReady(plan.data, pid, () => !isAlive(pid))) return { pid, ours: false, ended };
  if (isAlive(pid)) throw new Error(`PostgreSQL (process ${pid}) runs on ${plan.data} but does not become ready`);
  throw new ServerBusyError('The PostgreSQL that was running has just ended');
}

async function watch(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(WATCH_EVERY_MS, undefined, { ref: false });
}

async function launch(plan: ServerPlan): Promise<{ child: ChildProcess; logStart: number }> {
  const log = await open(plan.logFile, 'a', 0o600);
  try {
    const { size: logStart } = await log.stat();
    const settings = Object.entries(plan.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(plan.installed, 'bin/postgres'), ['-D', plan.data, '-p', `${plan.port}`, ...settings], {
      cwd: plan.data,
      env: SERVER_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(plan.account && { uid: plan.account.uid, gid: plan.account.gid }),
    });
    child.once('error', () => undefined); // without a pid; said by the caller
    child.unref();
    return { child, logStart };
  } finally {
    await log.close();
  }
}

/** False when the process ends or time runs out first. */
async function becomesReady(data: string, pid: number, over: () => boolean): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!over() && Date.now() < deadline) {
    const status = await readStatus(data);
    if (status?.pid === pid && status.ready) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
}

/** Lines of postmaster.pid (src/include/utils/pidfile.h): 1 the process, 8 its state. */
async function readStatus(data: string): Promise<{ pid: number; ready: boolean } | null> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : null;
}

/** What the server said since it was launched, without time stamps and small talk. */
async function wordsSince(logFile: string, start: number): Promise<string> {
  const log = await readFile(logFile);
  return log
    .subarray(start)
    .toString()
    .split('\n')
    .filter((line) => /FATAL|PANIC|could not/.test(line))
    .slice(-3)
    .map((line) => line.replace(/^.*?(LOG|FATAL|PANIC): +/, ''))
    .join('; ');
}

function diagnose(plan: ServerPlan, words: string): Error {
  if (/pre-existing shared memory block|lock file .* already exists/.test(words)) return new ServerBusyError(words);
  if (/could not bind|could not create any TCP/.test(words)) return portTaken(plan);
  return new Error(`The embedded PostgreSQL does not start: ${words || 'it says nothing'}. More in ${plan.logFile}`);
}

function portTaken({ port, data }: ServerPlan): Error {
  return new Error(
    `Port ${port} of the embedded PostgreSQL is taken by another program. ` +
      `End that program, or write another port into ${join(data, '../port')}.`,
  );
}
