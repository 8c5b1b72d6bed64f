import { sql } from 'kysely';
import type { Tx } from './session.ts';

/** Of the sources that exist, those with orders or figures from before that time. */
export async function sourcesOlderThan(tx: Tx, before: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM order_sources s
    WHERE EXISTS (SELECT FROM orders WHERE source_id = s.id AND placed_at < ${before})
      OR EXISTS (SELECT FROM order_values WHERE source_id = s.id AND quarter < ${before})
      OR EXISTS (SELECT FROM order_products WHERE source_id = s.id AND quarter < ${before})`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Keeps everybody from applying orders of this source until the transaction ends. */
export async function lockSource(tx: Tx, sourceId: string): Promise<void> {
  await sql`SELECT FROM order_sources WHERE id = ${sourceId} FOR UPDATE`.execute(tx);
}

/** When the `count`-th of a source's orders was placed, from the oldest on; null when it has fewer. */
export async function placeOfOrder(tx: Tx, sourceId: string, count: number): Promise<Date | null> {
  const row = await tx
    .selectFrom('orders')
    .select('placedAt')
    .where('sourceId', '=', sourceId)
    .orderBy('placedAt')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.placedAt ?? null;
}

/** Orders and figures of one source from before the beginning of a quarter. */
export async function deleteOrdersBefore(tx: Tx, sourceId: string, quarter: Date): Promise<void> {
  await tx.deleteFrom('orders').where('sourceId', '=', sourceId).where('placedAt', '<', quarter).execute();
  await tx.deleteFrom('orderValues').where('sourceId', '=', sourceId).where('quarter', '<', quarter).execute();
  await tx.deleteFrom('orderProducts').where('sourceId', '=', sourceId).where('quarter', '<', quarter).execute();
}

/**
 * Events go by whole months; those that came before their month had a place go one month after another too. Changing
 * the months needs the table for itself: rather than keep orders waiting behind a long reader, it fails within a second.
 */
export async function turnMonths(tx: Tx, before: Date): Promise<void> {
  await sql`SET LOCAL lock_timeout = '1s'`.execute(tx);
  await sql`SELECT make_order_months(), drop_order_months(${before})`.execute(tx);
  await sql`
    DELETE FROM order_events
    WHERE received_at < date_trunc('month', ${before}::timestamptz, 'UTC')`.execute(tx);
}

/** At most `limit` keys of events that came before that time. Returns how many. */
export async function deleteKeysBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM order_keys WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM order_keys WHERE received_at < ${before} LIMIT ${limit}))`.execute(tx);
  return Number(numAffectedRows);
}

export async function deleteFeedBefore(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('orderFeed').where('at', '<', before).execute();
}

/** Tickets and signing secrets that are valid no longer. */
export async function deleteExpired(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('liveTickets').where('expiresAt', '<', now).execute();
  await tx.deleteFrom('orderSourceSecrets').where('expiresAt', '<', now).execute();
}

export async function goneSources(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('goneOrderSources').select('sourceId').execute();
  return rows.map(({ sourceId }) => sourceId);
}

const TABLES_BY_SOURCE = ['orders', 'order_values', 'order_products', 'order_keys', 'order_feed'] as const;

/** At most `limit` rows of each table that belong to these sources. Returns how many. */
export async function deleteOfSources(tx: Tx, sourceIds: readonly string[], limit: number): Promise<number> {
  let deleted = 0;
  for (const name of TABLES_BY_SOURCE) {
    const table = sql.table(name);
    const { numAffectedRows } = await sql`
      DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${table} WHERE source_id = ANY(${sourceIds}::uuid[]) LIMIT ${limit}))`.execute(tx);
    deleted += Number(numAffectedRows);
  }
  return deleted;
}

/** The last of the batches that hold the next `limit` events after a batch; null when there is none. */
export async function lastBatchOf(tx: Tx, after: number, limit: number): Promise<number | null> {
  const { rows } = await sql<{ last: number | null }>`
    SELECT max(batch_id) AS last FROM (
      SELECT batch_id FROM order_events WHERE batch_id > ${after} ORDER BY batch_id LIMIT ${limit}
    ) AS next`.execute(tx);
  return rows[0]?.last ?? null;
}

/** Events of these sources in the batches after one and up to another: `order_events` has no index by source. */
export async function deleteEventsOfSources(
  tx: Tx,
  sourceIds: readonly string[],
  batches: { after: number; last: number },
): Promise<void> {
  await sql`
    DELETE FROM order_events WHERE batch_id > ${batches.after} AND batch_id <= ${batches.last}
      AND source_id = ANY(${sourceIds}::uuid[])`.execute(tx);
}

/** Forgets sources that were gone by then: whatever was under way for them has ended. */
export async function forgetGoneSources(tx: Tx, sourceIds: readonly string[], goneBefore: Date): Promise<void> {
  await sql`
    DELETE FROM gone_order_sources
    WHERE source_id = ANY(${sourceIds}::uuid[]) AND gone_at < ${goneBefore}`.execute(tx);
}
