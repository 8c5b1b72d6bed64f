import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ASSET_SETTINGS } from './assets.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');

/** A platform in a process of its own, as people run it, on a home of the test's. */
export interface TestPlatform {
  url: string;
  port: number;
  home: string;
  /** An admin's API key, from the file that the platform wrote. */
  token: string;
  child: ChildProcess;
  /** Asks the API; `path` begins with `/api` or `/health`. JSON in, JSON out. */
  api<T = any>(path: string, init?: ApiInit): Promise<ApiAnswer<T>>;
  /** Ends it as Ctrl-C does and waits; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

export interface ApiInit {
  method?: string;
  body?: unknown;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface ApiAnswer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface StartOptions {
  home: string;
  port?: number;
  env?: Record<string, string>;
  /** The program, relative to the checkout. */
  main?: string;
  /** How long until /health/ready answers 200, in ms. */
  readyWithinMs?: number;
  /** With `test/support/hooked-main.ts`: called at each boundary of an action; the platform waits for it. */
  onBoundary?: (boundary: string, child: ChildProcess) => unknown;
}

/** Suites ask more often than people do; those that test the limits set them. */
const SETTINGS = { NODE_ENV: 'production', RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_CREATES_PER_MINUTE: '1000000' };

/** The program that stops at boundaries, for `main`. */
export const HOOKED_MAIN = 'test/support/hooked-main.ts';

/** Starts the platform and resolves when `/health/ready` answers 200. Its output is kept in the home's `logs`. */
export async function startPlatform(options: StartOptions): Promise<TestPlatform> {
  const port = options.port ?? (await freePort());
  const child = spawnPlatform(options, port);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child, options.readyWithinMs ?? 60_000);
  const token = (await readFile(join(options.home, 'token'), 'utf8')).trim();
  return {
    url,
    port,
    home: options.home,
    token,
    child,
    api: (path, init = {}) => ask(url, token, path, init),
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks again every 100 ms until `probe` gives something other than null; throws with `what` after `limitMs`. */
export async function until<T>(what: string, probe: () => Promise<T | null>, limitMs: number): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== null) return value;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function spawnPlatform(options: StartOptions, port: number): ChildProcess {
  const main = resolve(CHECKOUT, options.main ?? 'dist/src/main.js');
  const args = main.endsWith('.ts') ? ['--import', 'tsx', main] : [main];
  const child = spawn(process.execPath, args, {
    cwd: CHECKOUT,
    env: {
      ...process.env,
      ...SETTINGS,
      ...ASSET_SETTINGS,
      STORE_PLATFORM_HOME: options.home,
      PORT: String(port),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.main === HOOKED_MAIN ? (['ipc'] as const) : [])],
  });
  child.on('message', async ({ id, boundary }: { id: number; boundary: string }) => {
    await options.onBoundary?.(boundary, child);
    if (child.connected) child.send(id, () => undefined);
  });
  const log = createWriteStream(`${options.home}.log`, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
}

async function untilReady(url: string, child: ChildProcess, limitMs: number): Promise<void> {
  await until(
    `${url}/health/ready answers 200`,
    async () => {
      if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}`);
      const answer = await fetch(`${url}/health/ready`).catch(() => null);
      return answer?.status === 200 ? true : null;
    },
    limitMs,
  );
}

export async function ask<T>(url: string, admin: string, path: string, init: ApiInit): Promise<ApiAnswer<T>> {
  const token = init.token === undefined ? admin : init.token;
  const answer = await fetch(url + path, {
    method: init.method ?? 'GET',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? null : JSON.parse(text)) as T };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
