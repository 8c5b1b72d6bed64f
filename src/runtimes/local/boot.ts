import { setTimeout as sleep } from 'node:timers/promises';
import { isHealthy } from './health.ts';

const POLL_MS = 100;
const LIMIT_MS = 180_000;

/** It runs but does not answer. */
export class Unresponsive extends Error {
  override readonly name = 'Unresponsive';

  constructor() {
    super(`The shop's process runs but has not answered for ${LIMIT_MS / 60_000} minutes.`);
  }
}

/**
 * Resolves once the process answers; rejects with the signal's reason, or with Unresponsive after three minutes that
 * can't be blamed on an absent database server.
 */
export async function untilHealthy(
  { path, ...process }: { pid: number; port: number; path: string },
  databaseReachable: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  for (let limit = Date.now() + LIMIT_MS; !(await isHealthy(process, path));) {
    signal.throwIfAborted();
    if (Date.now() > limit) {
      if (await databaseReachable()) throw new Unresponsive();
      limit = Date.now() + LIMIT_MS;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
