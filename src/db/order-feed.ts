import { sql } from 'kysely';
import type { OrderChange } from '../orders/order.ts';
import type { Tx } from './session.ts';

/** By how much one source's figures changed, with its number. */
export interface FeedEntry {
  seq: number;
  sourceId: string;
  change: OrderChange;
  /** When it was written. */
  at: Date;
}

/**
 * Adds changes to the feed and moves their sources' heads. Until the transaction ends nobody else can: so numbers rise
 * in the order of commits, and this should be the last thing that a transaction does.
 */
export async function addToFeed(tx: Tx, changes: readonly Pick<FeedEntry, 'sourceId' | 'change'>[]): Promise<void> {
  if (changes.length === 0) return;
  const sources = changes.map(({ sourceId }) => sourceId);
  const texts = changes.map(({ change }) => JSON.stringify(change));
  await sql`
    WITH clock AS (
      UPDATE order_feed_clock SET seq = seq + ${changes.length} RETURNING seq - ${changes.length} AS before
    ), entries AS (
      SELECT clock.before + place AS seq, source_id, change
      FROM clock, unnest(${sources}::uuid[], ${texts}::jsonb[]) WITH ORDINALITY AS c (source_id, change, place)
    ), heads AS (
      INSERT INTO order_heads (source_id, seq) SELECT source_id, seq FROM entries
      ON CONFLICT (source_id) DO UPDATE SET seq = EXCLUDED.seq
    )
    INSERT INTO order_feed (seq, source_id, change) SELECT seq, source_id, change FROM entries`.execute(tx);
}

/** All sources' changes after the one with this number, oldest first. For the platform itself. */
export async function readFeed(tx: Tx, after: number, limit: number): Promise<FeedEntry[]> {
  return tx
    .selectFrom('orderFeed')
    .select(['seq', 'sourceId', 'change', 'at'])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** The number of the last change; 0 when there was none yet. For the platform itself. */
export async function lastSeq(tx: Tx): Promise<number> {
  return (await tx.selectFrom('orderFeedClock').select('seq').executeTakeFirstOrThrow()).seq;
}

/** The number of the oldest change that is still kept; null when none is. For the platform itself. */
export async function oldestSeq(tx: Tx): Promise<number | null> {
  const row = await tx.selectFrom('orderFeed').select('seq').orderBy('seq').limit(1).executeTakeFirst();
  return row?.seq ?? null;
}
