import type pg from 'pg';
import { deferred } from './deferred.ts';

/** One connection whose advisory locks say that this worker lives: PostgreSQL frees them when the connection ends. */
export interface LockSession {
  /** Takes the lock of this worker's id, which nobody else has. */
  hold(workerId: string): Promise<void>;
  /** Settles when the connection has ended, whatever the reason. Never rejects. */
  readonly lost: Promise<void>;
  close(): void;
}

/** Any text, as long as no other program in this database uses the same for its locks. */
const SPACE = 'store-platform worker ';
const HEARTBEAT_MS = 5000;

/** Rejects when the database is away. A server that falls silent counts as lost after about 15 s. */
export async function openLockSession(pool: pg.Pool): Promise<LockSession> {
  const client = await pool.connect();
  const { promise: lost, resolve: end } = deferred();
  client.once('error', () => end());
  client.once('end', () => end());
  const heartbeat = setInterval(() => void client.query('SELECT 1').catch(() => end()), HEARTBEAT_MS);
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    client.release(true); // Not back into the pool: ending the connection is what frees the locks.
  };
  void lost.then(close);
  return {
    lost,
    close,
    async hold(workerId) {
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [SPACE + workerId]);
    },
  };
}

/**
 * Frees the jobs of workers whose lock nobody holds: they are dead (docs/adr/0005). graphile-worker itself would wait
 * for four hours, because it can't tell dead from slow. Returns the ids of those that it found dead.
 */
export async function freeJobsOfTheDead(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs WHERE locked_by IS NOT NULL',
  );
  const dead: string[] = [];
  for (const { id } of rows) {
    if (await freeIfDead(pool, id)) dead.push(id);
  }
  return dead;
}

/** One statement: the lock is held until the jobs are free, so that two replicas do not do this at once. */
async function freeIfDead(pool: pg.Pool, workerId: string): Promise<boolean> {
  const { rows } = await pool.query<{ dead: boolean }>(
    `WITH dead AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS yes),
       freed AS MATERIALIZED (
         SELECT CASE WHEN yes THEN graphile_worker.force_unlock_workers(ARRAY[$2::text]) END FROM dead)
     SELECT yes AS dead FROM dead, freed`,
    [SPACE + workerId, workerId],
  );
  return rows[0]?.dead ?? false;
}
