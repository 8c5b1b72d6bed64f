import { sql, type RawBuilder } from 'kysely';
import type { Order, OrderEvent } from '../orders/order.ts';
import type { ProductDifference, ValueDifference } from '../orders/figures.ts';
import type { Tx } from './session.ts';

/** What names an order. */
type OrderKey = Pick<Order, 'sourceId' | 'externalId'>;

const EVENT_COLUMNS = [
  'sourceId',
  'event',
  'eventId',
  'externalId',
  'number',
  'currency',
  'placedAt',
  'total',
  'refunded',
  'items',
] as const;

/** What was told in these batches. */
export async function eventsOfBatches(tx: Tx, batchIds: readonly number[]): Promise<OrderEvent[]> {
  return tx
    .selectFrom('orderEvents')
    .select(EVENT_COLUMNS)
    .where(sql<boolean>`batch_id = ANY(${batchIds}::bigint[])`)
    .execute();
}

/** Those of the sources that exist; they stay until the transaction ends. */
export async function holdSources(tx: Tx, sourceIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM order_sources WHERE id = ANY(${sourceIds}::uuid[]) ORDER BY id FOR KEY SHARE`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Inserts the orders that are new and locks the others as they are, in the given order. Returns the inserted ones'
 * keys. (ON CONFLICT DO UPDATE locks a row even where its WHERE keeps it from being updated.)
 */
export async function insertOrLockOrders(tx: Tx, orders: readonly Order[]): Promise<OrderKey[]> {
  const { rows } = await sql<OrderKey>`
    INSERT INTO orders (${ORDER_COLUMNS}) SELECT * FROM ${unnested(orders)}
    ON CONFLICT (source_id, external_id) DO UPDATE SET told_by = EXCLUDED.told_by WHERE false
    RETURNING source_id, external_id`.execute(tx);
  return rows;
}

export async function findOrders(tx: Tx, keys: readonly OrderKey[]): Promise<Order[]> {
  const { rows } = await sql<Order>`
    SELECT o.* FROM orders o
    JOIN unnest(${keys.map(({ sourceId }) => sourceId)}::uuid[], ${keys.map(({ externalId }) => externalId)}::text[])
      AS k (source_id, external_id) ON o.source_id = k.source_id AND o.external_id = k.external_id`.execute(tx);
  return rows;
}

export async function updateOrders(tx: Tx, orders: readonly Order[]): Promise<void> {
  await sql`
    UPDATE orders o SET number = n.number, currency = n.currency, placed_at = n.placed_at, total = n.total,
      refunded = n.refunded, paid = n.paid, cancelled = n.cancelled, items = n.items, told_by = n.told_by,
      told_by_event = n.told_by_event
    FROM ${unnested(orders)} AS n (${ORDER_COLUMNS})
    WHERE o.source_id = n.source_id AND o.external_id = n.external_id`.execute(tx);
}

const ORDER_COLUMNS = sql.raw(
  'source_id, external_id, number, currency, placed_at, total, refunded, paid, cancelled, told_by, told_by_event, items',
);

/**
 * A table of the orders, in their order: one parameter a column, however many rows. All items are one JSON text, because
 * an array of JSON texts would have to be escaped once more.
 */
function unnested(orders: readonly Order[]): RawBuilder<unknown> {
  const column = (read: (order: Order) => string | number | boolean | null) => orders.map(read);
  return sql`ROWS FROM (unnest(
    ${column((order) => order.sourceId)}::uuid[],
    ${column((order) => order.externalId)}::text[],
    ${column((order) => order.number)}::text[],
    ${column((order) => order.currency)}::text[],
    ${column((order) => order.placedAt.toISOString())}::timestamptz[],
    ${column((order) => order.total)}::bigint[],
    ${column((order) => order.refunded)}::bigint[],
    ${column((order) => order.paid)}::boolean[],
    ${column((order) => order.cancelled)}::boolean[],
    ${column((order) => order.toldBy)}::text[],
    ${column((order) => order.toldByEvent)}::text[]
  ), jsonb_array_elements(${JSON.stringify(orders.map((order) => order.items))}::jsonb))`;
}

/** Adds to `order_values`, locking its rows in the given order. Rows that come down to nothing go. */
export async function addToValues(tx: Tx, differences: readonly ValueDifference[]): Promise<void> {
  if (differences.length === 0) return;
  const keys = sql`
    ${differences.map(({ sourceId }) => sourceId)}::uuid[], ${differences.map(({ quarter }) => quarter)}::timestamptz[],
    ${differences.map(({ currency }) => currency)}::text[], ${differences.map(({ value }) => value)}::bigint[]`;
  await sql`
    INSERT INTO order_values (source_id, quarter, currency, value, orders)
    SELECT * FROM unnest(${keys}, ${differences.map(({ orders }) => orders)}::bigint[])
    ON CONFLICT (source_id, quarter, currency, value)
    DO UPDATE SET orders = order_values.orders + EXCLUDED.orders`.execute(tx);
  if (differences.every(({ orders }) => orders > 0)) return;
  await sql`
    DELETE FROM order_values v USING unnest(${keys}) AS d (source_id, quarter, currency, value)
    WHERE v.source_id = d.source_id AND v.quarter = d.quarter AND v.currency = d.currency AND v.value = d.value
      AND v.orders = 0`.execute(tx);
}

/** Adds to `order_products` in the same way. */
export async function addToProducts(tx: Tx, differences: readonly ProductDifference[]): Promise<void> {
  if (differences.length === 0) return;
  const keys = sql`
    ${differences.map(({ sourceId }) => sourceId)}::uuid[], ${differences.map(({ quarter }) => quarter)}::timestamptz[],
    ${differences.map(({ name }) => name)}::text[]`;
  await sql`
    INSERT INTO order_products (source_id, quarter, name, quantity)
    SELECT * FROM unnest(${keys}, ${differences.map(({ quantity }) => quantity)}::bigint[])
    ON CONFLICT (source_id, quarter, name)
    DO UPDATE SET quantity = order_products.quantity + EXCLUDED.quantity`.execute(tx);
  if (differences.every(({ quantity }) => quantity > 0)) return;
  await sql`
    DELETE FROM order_products p USING unnest(${keys}) AS d (source_id, quarter, name)
    WHERE p.source_id = d.source_id AND p.quarter = d.quarter AND p.name = d.name AND p.quantity = 0`.execute(tx);
}
