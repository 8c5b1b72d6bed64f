import { sql } from 'kysely';
import type { OrderEvent } from '../orders/order.ts';
import type { Tx } from './session.ts';

/**
 * Stores events that are not known yet and the batch that hands them on, in one statement. Returns the places in
 * `events` of those that were known; of equal ones among them the first counts. Keys are taken in one order, so that
 * transactions with the same events wait for one another and never in a circle.
 */
export async function storeEvents(tx: Tx, events: readonly OrderEvent[]): Promise<number[]> {
  const { order, repeated } = inOrderOfKeys(events);
  const column = (type: string, valueOf: (event: OrderEvent) => string) =>
    sql`${arrayOf(order, (at) => valueOf(events[at] as OrderEvent))}::${sql.raw(type)}[]`;
  const { rows } = await sql<{ place: number }>`
    WITH input AS MATERIALIZED (
      SELECT * FROM ROWS FROM (unnest(
        ${column('uuid', (event) => event.sourceId)},
        ${column('text', (event) => quoted(event.eventId))},
        ${column('text', (event) => event.event)},
        ${column('text', (event) => quoted(event.externalId))},
        ${column('text', (event) => (event.number === null ? 'NULL' : quoted(event.number)))},
        ${column('text', (event) => event.currency)},
        ${column('timestamptz', (event) => event.placedAt.toISOString())},
        ${column('bigint', (event) => String(event.total ?? 'NULL'))},
        ${column('bigint', (event) => String(event.refunded ?? 'NULL'))}
      ), jsonb_array_elements(${JSON.stringify(order.map((at) => events[at]?.items))}::jsonb)) WITH ORDINALITY AS input (source_id, event_id, event, external_id, number, currency, placed_at, total, refunded, items, place)
    ), fresh AS (
      INSERT INTO order_keys (source_id, event_id) SELECT source_id, event_id FROM input
      ON CONFLICT DO NOTHING RETURNING source_id, event_id
    ), batch AS (
      INSERT INTO order_batches (orders) SELECT count(*) FROM fresh HAVING count(*) > 0 RETURNING id, received_at
    ), stored AS (
      INSERT INTO order_events (batch_id, source_id, event, event_id, external_id, number, currency, placed_at, total, refunded, items, received_at)
      SELECT batch.id, source_id, event, event_id, external_id, number, currency, placed_at, total, refunded, items, batch.received_at
      FROM input JOIN fresh USING (source_id, event_id) CROSS JOIN batch
    )
    SELECT place FROM input LEFT JOIN fresh USING (source_id, event_id) WHERE fresh.source_id IS NULL`.execute(tx);
  return [...repeated, ...rows.map(({ place }) => order[place - 1] as number)];
}

/** The places of different events sorted by key, and those of events that repeat an earlier one. */
function inOrderOfKeys(events: readonly OrderEvent[]): { order: number[]; repeated: number[] } {
  const keys = events.map(({ sourceId, eventId }) => sourceId + eventId);
  const compare = (one: number, other: number): number => {
    const a = keys[one] as string;
    const b = keys[other] as string;
    return a < b ? -1 : a > b ? 1 : one - other;
  };
  const sorted = [...keys.keys()].toSorted(compare);
  const isRepeated = (place: number, at: number): boolean => at > 0 && keys[place] === keys[sorted[at - 1] as number];
  const repeated = sorted.filter(isRepeated);
  return { order: repeated.length === 0 ? sorted : sorted.filter((place, at) => !isRepeated(place, at)), repeated };
}

/** An array as PostgreSQL writes it. The driver's own conversion takes several times as long for thousands of orders. */
function arrayOf(order: readonly number[], textOf: (place: number) => string): string {
  return `{${order.map(textOf).join(',')}}`;
}

function quoted(value: string): string {
  return `"${/["\\]/.test(value) ? value.replaceAll(/["\\]/g, String.raw`\$&`) : value}"`;
}
