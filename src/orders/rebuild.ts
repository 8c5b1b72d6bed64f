import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { longTransaction } from '../db/long-transaction.ts';
import { addToFeed } from '../db/order-feed.ts';
import { holdSources } from '../db/order-writes.ts';
import type { Tx } from '../db/session.ts';
import { applyEvents, FIGURES_LOCK } from './apply.ts';
import type { OrderChange, OrderEvent } from './order.ts';

const EVENTS_AT_ONCE = 5000;
const REPORT_EVERY = 100_000;

/**
 * Makes all orders and figures anew of what was told. Orders are taken meanwhile, and readers see the old figures until
 * the new ones are complete; batches wait. Those who watch are told of what comes out different, and of nothing where
 * all was right. Returns how many orders there are.
 */
export async function rebuild(settings: DatabaseSettings, log: Logger): Promise<{ orders: number }> {
  return longTransaction(settings, async (tx) => ({ orders: await makeAnew(tx, log) }));
}

async function makeAnew(tx: Tx, log: Logger): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(${FIGURES_LOCK})`.execute(tx);
  await sql`CREATE TEMP TABLE sums_before ON COMMIT DROP AS ${SUMS}`.execute(tx);
  await sql`CREATE TEMP TABLE prints_before ON COMMIT DROP AS ${PRINTS}`.execute(tx);
  for (const table of ['orders', 'order_values', 'order_products'])
    await sql`DELETE FROM ${sql.table(table)}`.execute(tx);
  await applyAll(tx, log);
  await tellOfDifferences(tx);
  const { rows } = await sql<{ orders: number }>`SELECT count(*) AS orders FROM orders`.execute(tx);
  return rows[0]!.orders;
}

/**
 * Batches that still wait are left for their turn. Sorted, so that most orders are written once. Sources are not held: one
 * that goes meanwhile leaves rows behind, which go as those of any source that is gone.
 */
async function applyAll(tx: Tx, log: Logger): Promise<void> {
  await sql`
    DECLARE told NO SCROLL CURSOR FOR
    SELECT source_id, event, event_id, external_id, number, currency, placed_at, total, refunded, items
    FROM order_events e
    WHERE source_id IN (SELECT id FROM order_sources) AND NOT EXISTS (SELECT FROM order_batches b WHERE b.id = e.batch_id)
    ORDER BY source_id, external_id`.execute(tx);
  for (let done = 0; ;) {
    const { rows } = await sql<OrderEvent>`FETCH ${sql.lit(EVENTS_AT_ONCE)} FROM told`.execute(tx);
    if (rows.length === 0) return;
    await applyEvents(tx, rows);
    done += rows.length;
    if (done % REPORT_EVERY === 0) log.info({ events: done }, 'Making the figures of orders anew');
  }
}

const SUMS = sql`
  SELECT source_id, quarter, currency, sum(orders) AS orders, sum(orders * value) AS revenue
  FROM order_values GROUP BY source_id, quarter, currency`;

/** A number for each source that is another when any of its rows is. */
const PRINTS = sql`
  SELECT source_id, sum(print) AS print FROM (
    SELECT source_id, hashtextextended(o::text, 1) AS print FROM orders o
    UNION ALL SELECT source_id, hashtextextended(v::text, 2) FROM order_values v
    UNION ALL SELECT source_id, hashtextextended(p::text, 3) FROM order_products p
  ) AS prints GROUP BY source_id`;

async function tellOfDifferences(tx: Tx): Promise<void> {
  const { rows } = await sql<{ sourceId: string; quarters: OrderChange['quarters'] }>`
    WITH changed AS (
      SELECT source_id FROM prints_before b FULL JOIN (${PRINTS}) a USING (source_id)
      WHERE a.print IS DISTINCT FROM b.print
    ), differences AS (
      SELECT source_id, quarter, currency, coalesce(a.orders, 0) - coalesce(b.orders, 0) AS orders,
        coalesce(a.revenue, 0) - coalesce(b.revenue, 0) AS revenue
      FROM sums_before b FULL JOIN (${SUMS}) a USING (source_id, quarter, currency)
      WHERE (a.orders, a.revenue) IS DISTINCT FROM (b.orders, b.revenue)
    )
    SELECT source_id, coalesce(jsonb_agg(jsonb_build_object(
        'quarter', to_char(quarter AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'currency', currency, 'orders', orders, 'revenue', revenue
      )) FILTER (WHERE quarter IS NOT NULL), '[]') AS quarters
    FROM changed LEFT JOIN differences USING (source_id) GROUP BY source_id`.execute(tx);
  const living = await holdSources(
    tx,
    rows.map(({ sourceId }) => sourceId),
  );
  const changes = rows.filter(({ sourceId }) => living.has(sourceId));
  await addToFeed(
    tx,
    changes.map(({ sourceId, quarters }) => ({ sourceId, change: { quarters, orders: [] } })),
  );
}
