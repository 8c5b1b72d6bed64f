import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort, until } from './platform.ts';

/** A real Redis of the test's own, which keeps nothing. */
export interface TestRedis {
  url: string;
  port: number;
  /** As a power cut does. What it held is gone. */
  kill(): Promise<void>;
  /** On the same port, empty. */
  start(): Promise<void>;
  /** It is there, and says nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

/** Null where there is no redis-server on this machine. */
export async function startRedis(): Promise<TestRedis | null> {
  const port = await freePort();
  let child = await spawnRedis(port);
  if (!child) return null;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await spawnRedis(port);
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}

async function spawnRedis(port: number): Promise<ChildProcess | null> {
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const started = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]);
  if (!started) return null;
  let output = '';
  child.stdout?.on('data', (piece: Buffer) => (output += piece.toString()));
  await until('Redis is ready', async () => (output.includes('Ready to accept') ? true : null), 10_000);
  return child;
}
