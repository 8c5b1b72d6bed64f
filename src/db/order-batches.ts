import { sql } from 'kysely';
import type { BatchFigures } from '../orders/metrics.ts';
import type { Tx } from './session.ts';

/** A batch that this transaction holds: nobody else applies it meanwhile. */
export interface ClaimedBatch {
  id: number;
  orders: number;
  /** For how long it has waited. */
  ageSeconds: number;
}

/** A batch that was given up. */
export interface DeadBatch {
  id: number;
  receivedAt: Date;
  failedAt: Date;
  orders: number;
  attempts: number;
  error: string | null;
}

const CLAIMED = sql`id, orders, extract(epoch FROM clock_timestamp() - received_at)::float8 AS age_seconds`;

/** The oldest batches that have not been tried yet and that nobody else holds. */
export async function claimBatches(tx: Tx, limit: number): Promise<ClaimedBatch[]> {
  const { rows } = await sql<ClaimedBatch>`
    SELECT ${CLAIMED} FROM order_batches WHERE failed_at IS NULL AND attempts = 0
    ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`.execute(tx);
  return rows;
}

/** Those of the named batches that still wait and that nobody else holds. */
export async function claimNamedBatches(tx: Tx, ids: readonly number[]): Promise<ClaimedBatch[]> {
  const { rows } = await sql<ClaimedBatch>`
    SELECT ${CLAIMED} FROM order_batches WHERE id = ANY(${ids}::bigint[]) AND failed_at IS NULL
    ORDER BY id FOR UPDATE SKIP LOCKED`.execute(tx);
  return rows;
}

/** Those of the named batches that still wait, whoever holds them. */
export async function waitingOf(tx: Tx, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM order_batches WHERE id = ANY(${ids}::bigint[]) AND failed_at IS NULL`.execute(tx);
  return rows.map(({ id }) => id);
}

/** The oldest batches that have failed before and are to be tried again, each alone. */
export async function batchesToRetry(tx: Tx, limit: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('orderBatches')
    .select('id')
    .where('attempts', '>', 0)
    .where('failedAt', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Notes that a batch could not be applied. True when it is given up with that. */
export async function countAttempt(tx: Tx, id: number, error: string, most: number): Promise<boolean> {
  const { rows } = await sql<{ dead: boolean }>`
    UPDATE order_batches SET attempts = attempts + 1, error = ${error},
      failed_at = CASE WHEN attempts + 1 >= ${most} THEN now() END
    WHERE id = ${id} AND failed_at IS NULL RETURNING failed_at IS NOT NULL AS dead`.execute(tx);
  return rows[0]?.dead ?? false;
}

/** The batches that were given up, oldest first. */
export async function listDeadBatches(tx: Tx, limit: number): Promise<DeadBatch[]> {
  return (
    tx
      .selectFrom('orderBatches')
      .select(['id', 'receivedAt', 'failedAt', 'orders', 'attempts', 'error'])
      .where('failedAt', 'is not', null)
      .$narrowType<{ failedAt: Date }>()
      // Says again what the line above says, in the words of the index.
      .where('attempts', '>', 0)
      .orderBy('id')
      .limit(limit)
      .execute()
  );
}

/** Has all batches that were given up tried again, as if they were new. Returns how many. */
export async function retryDeadBatches(tx: Tx): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('orderBatches')
    .set({ attempts: 0, failedAt: null, error: null, sentAt: null })
    .where('failedAt', 'is not', null)
    .executeTakeFirst();
  await sql`SELECT pg_notify('order_batch', '')`.execute(tx);
  return Number(numUpdatedRows);
}

/** For the relay: the oldest batches that Redis has not been told of, marked as told. */
export async function markUnsent(tx: Tx, limit: number): Promise<number[]> {
  return mark(tx, sql`sent_at IS NULL`, limit);
}

/** For the relay: batches that Redis was told of so long ago that it may have lost them, marked as told anew. */
export async function markSentBefore(tx: Tx, seconds: number, limit: number): Promise<number[]> {
  return mark(tx, sql`sent_at < now() - make_interval(secs => ${seconds})`, limit);
}

async function mark(tx: Tx, which: ReturnType<typeof sql>, limit: number): Promise<number[]> {
  // A mark that is lost in a crash leads to a message more, so nobody needs to wait for the disk.
  await sql`SET LOCAL synchronous_commit = off`.execute(tx);
  const { rows } = await sql<{ id: number }>`
    UPDATE order_batches SET sent_at = now() WHERE id = ANY(ARRAY(
      SELECT id FROM order_batches WHERE ${which} AND failed_at IS NULL AND attempts = 0
      ORDER BY sent_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED))
    RETURNING id`.execute(tx);
  return rows.map(({ id }) => id).toSorted((one, other) => one - other);
}

/** Redis has forgotten what it was told: all that still waits is to be sent again. */
export async function unmarkSent(tx: Tx): Promise<void> {
  await tx.updateTable('orderBatches').set({ sentAt: null }).where('sentAt', 'is not', null).execute();
}

export async function batchFigures(tx: Tx): Promise<BatchFigures> {
  const { rows } = await sql<BatchFigures>`
    SELECT count(*) FILTER (WHERE failed_at IS NULL) AS waiting,
      coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE failed_at IS NULL)), 0)::float8 AS age_seconds,
      count(*) FILTER (WHERE failed_at IS NOT NULL) AS dead
    FROM order_batches`.execute(tx);
  return rows[0] ?? { waiting: 0, ageSeconds: 0, dead: 0 };
}
