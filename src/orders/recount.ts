import { sql } from 'kysely';
import type { Tx } from '../db/session.ts';

/** A row that is kept but does not follow from the events, or follows but is not kept. */
export interface Difference {
  table: 'orders' | 'order_values' | 'order_products';
  found: 'only kept' | 'only counted';
  row: Record<string, unknown>;
}

const SHOWN = 100;

/**
 * Counts everything again from what was told, in SQL alone and with none of the code that keeps the figures, and
 * compares: an empty answer says that all figures are right, at one moment. Batches that still wait and sources that
 * are gone are left out. At most 100 differences. For the platform itself; of a million orders in a long transaction.
 */
export async function recount(tx: Tx): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    WITH ${COUNTED},
    kept_orders AS (SELECT * FROM orders WHERE source_id IN (SELECT id FROM order_sources)),
    kept_values AS (SELECT * FROM order_values WHERE source_id IN (SELECT id FROM order_sources)),
    kept_products AS (SELECT * FROM order_products WHERE source_id IN (SELECT id FROM order_sources))
    SELECT * FROM (
      ${compared('orders', 'kept_orders', 'counted_orders')}
      UNION ALL ${compared('order_values', 'kept_values', 'counted_values')}
      UNION ALL ${compared('order_products', 'kept_products', 'counted_products')}
    ) AS differences LIMIT ${SHOWN}`.execute(tx);
  return rows;
}

function compared(table: Difference['table'], kept: string, counted: string) {
  const [a, b] = [sql.table(kept), sql.table(counted)];
  return sql`
    (SELECT ${sql.lit(table)} AS "table", 'only kept' AS found, to_jsonb(d) AS row FROM (SELECT * FROM ${a} EXCEPT SELECT * FROM ${b}) d)
    UNION ALL
    (SELECT ${sql.lit(table)}, 'only counted', to_jsonb(d) FROM (SELECT * FROM ${b} EXCEPT SELECT * FROM ${a}) d)`;
}

/** What orders, values and products should be, by the rules of docs/adr/0011, in the columns' order of the tables. */
const COUNTED = sql`
  told AS MATERIALIZED (
    SELECT * FROM order_events e
    WHERE source_id IN (SELECT id FROM order_sources) AND NOT EXISTS (SELECT FROM order_batches b WHERE b.id = e.batch_id)
  ), best AS (
    SELECT DISTINCT ON (source_id, external_id) * FROM told
    ORDER BY source_id, external_id, total IS NULL,
      array_position(ARRAY['placed', 'paid', 'refunded', 'cancelled'], event), event_id COLLATE "C"
  ), ends AS (
    SELECT source_id, external_id, coalesce(max(refunded), 0) AS refunded, bool_or(event = 'paid') AS paid,
      bool_or(event = 'cancelled') AS cancelled
    FROM told GROUP BY source_id, external_id
  ), counted_orders AS (
    SELECT source_id, external_id, b.number, b.currency, b.placed_at, b.total, ends.refunded, ends.paid, ends.cancelled,
      b.items, b.event AS told_by, b.event_id AS told_by_event
    FROM best b JOIN ends USING (source_id, external_id)
  ), counting AS (
    SELECT *, date_bin('15 minutes', placed_at, 'epoch') AS quarter
    FROM counted_orders WHERE total IS NOT NULL AND NOT cancelled
  ), counted_values AS (
    SELECT source_id, quarter, currency, total - refunded AS value, count(*) AS orders
    FROM counting GROUP BY source_id, quarter, currency, total - refunded
  ), counted_products AS (
    SELECT source_id, quarter, item ->> 'name' AS name, sum((item ->> 'quantity')::bigint)::bigint AS quantity
    FROM counting, jsonb_array_elements(items) AS item GROUP BY source_id, quarter, item ->> 'name'
  )`;
