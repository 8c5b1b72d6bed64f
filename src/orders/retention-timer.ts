import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { keepRetention } from './retention.ts';

const EVERY_MS = 3_600_000;
/** Any number, as long as no other lock of this database has the same. */
const LOCK = 7220471;

/**
 * Deletes what is older than it need be, at once and every hour. Of several processes one does it at a time. Resolves
 * to a function that ends it.
 */
export function startRetention(db: Database, days: number, log: Logger): () => Promise<void> {
  let running = Promise.resolve();
  const run = (): void => {
    running = alone(db, () => keepRetention(db, { days, now: new Date() })).catch((error: unknown) =>
      log.warn({ err: error }, 'Old orders could not be deleted; trying again in an hour'),
    );
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** The work has transactions of its own, beside the one that holds the lock. */
async function alone(db: Database, work: () => Promise<unknown>): Promise<void> {
  await db.asOrchestrator(async (tx) => {
    await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx);
    const { rows } = await sql<{ free: boolean }>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`.execute(tx);
    if (rows[0]?.free) await work();
  });
}
