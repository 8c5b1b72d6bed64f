import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

const DRAIN_MS = 5_000;

export function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = http.createServer(app);
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/**
 * Stops accepting, lets requests finish, closes the pools. What still hangs after five seconds is cut.
 *
 * Behind a proxy that has to learn first that this process is going (`STOP_DELAY_SECONDS`), it goes on serving for so
 * long, and has every connection closed by whoever holds it: one that we closed could just be carrying a request.
 */
export function stopOnSignal(server: Server, closeMedusa: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    const delay = Number(process.env.STOP_DELAY_SECONDS ?? 0) * 1000;
    server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'));
    setTimeout(() => server.close(() => finish(closeMedusa)), delay);
    setTimeout(() => process.exit(0), delay + DRAIN_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function finish(closeMedusa: () => Promise<void>): void {
  closeMedusa().then(
    () => process.exit(0),
    (error) => fail('could not close cleanly', error),
  );
}

export function announce(message: string, server: Server): void {
  const { port } = server.address() as AddressInfo;
  say(message, { port, pid: process.pid });
  process.send?.({ type: 'ready' });
}

/** One line for people and programs, with the time since the process began. */
export function say(message: string, facts: object = {}): void {
  const seconds = Number(process.uptime().toFixed(1));
  console.log(JSON.stringify({ level: 'info', message, ...facts, seconds }));
}

export function fail(message: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(JSON.stringify({ level: 'error', message: `${message}: ${reason}` }));
  process.exit(1);
}
