import { sql, type RawBuilder } from 'kysely';
import type { Scope } from '../orders/summary.ts';
import type { Tx } from './session.ts';

/** From `start` on and before `end`. */
export interface Period {
  start: Date;
  end: Date;
}

/** How many orders, and what they brought in. */
export interface Sum {
  currency: string;
  orders: number;
  revenue: number;
}

/** The sources that the acting person sees within the scope: how many, in how many zones, one of these, the last change. */
export interface Seen {
  sources: number;
  zones: number;
  zone: string | null;
  seq: number;
}

export async function seenSources(tx: Tx, scope: Scope): Promise<Seen> {
  const { rows } = await sql<Seen>`
    SELECT count(*) AS sources, count(DISTINCT s.time_zone) AS zones, min(s.time_zone) AS zone, coalesce(max(h.seq), 0) AS seq
    FROM order_sources s LEFT JOIN order_heads h ON h.source_id = s.id ${within(scope)}`.execute(tx);
  return rows[0]!;
}

/** Sums by the hours that begin at these moments, the last of which ends at `end`; `hour` counts from 0. */
export async function sumsOfHours(
  tx: Tx,
  scope: Scope,
  hours: readonly Date[],
  end: Date,
): Promise<(Sum & { hour: number })[]> {
  const [start] = hours;
  if (!start) return [];
  const { rows } = await sql<Sum & { hour: number }>`
    SELECT width_bucket(quarter, ${hours.map((hour) => hour.toISOString())}::timestamptz[]) - 1 AS hour, currency,
      sum(orders)::bigint AS orders, sum(orders * value)::bigint AS revenue
    FROM ${valuesOf(scope, { start, end })} GROUP BY 1, 2`.execute(tx);
  return rows;
}

/**
 * The values at these places (from 0) when the values of all orders in one currency stand in a row, the lowest first.
 */
export async function valuesAt(
  tx: Tx,
  scope: Scope,
  period: Period,
  currency: string,
  places: readonly number[],
): Promise<number[]> {
  // orders::int, because sums of bigint are numeric, which takes three times as long.
  const { rows } = await sql<{ found: number[] }>`
    SELECT jsonb_build_array(${sql.join(places.map((place) => sql`min(value) FILTER (WHERE up_to > ${place}::bigint)`))}) AS found
    FROM (
      SELECT value, sum(orders::int) OVER (ORDER BY value ROWS UNBOUNDED PRECEDING) AS up_to
      FROM ${valuesOf(scope, period)} WHERE currency = ${currency}
    ) AS ranked`.execute(tx);
  return rows[0]!.found;
}

/** What sold most, the most first. */
export async function topProducts(
  tx: Tx,
  scope: Scope,
  { start, end }: Period,
  limit: number,
): Promise<{ name: string; quantity: number }[]> {
  const { rows } = await sql<{ name: string; quantity: number }>`
    SELECT name, sum(quantity)::bigint AS quantity
    FROM ${ofSources(scope, sql`order_products WHERE source_id = s.id AND quarter >= ${start} AND quarter < ${end}`)}
    GROUP BY name ORDER BY quantity DESC, name COLLATE "C" LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Sums of whole quarters, and of the orders in the rest, which ends within a quarter. */
export async function sumsOf(tx: Tx, scope: Scope, quarters: Period, rest: Period): Promise<Sum[]> {
  const counting = sql`total IS NOT NULL AND NOT cancelled`;
  const orders = sql`orders WHERE source_id = s.id AND placed_at >= ${rest.start} AND placed_at < ${rest.end} AND ${counting}`;
  const { rows } = await sql<Sum>`
    SELECT currency, sum(orders)::bigint AS orders, sum(revenue)::bigint AS revenue FROM (
      SELECT currency, orders, orders * value AS revenue FROM ${valuesOf(scope, quarters)}
      UNION ALL SELECT currency, 1, total - refunded FROM ${ofSources(scope, orders)}
    ) AS parts GROUP BY currency`.execute(tx);
  return rows;
}

function valuesOf(scope: Scope, { start, end }: Period): RawBuilder<unknown> {
  return ofSources(scope, sql`order_values WHERE source_id = s.id AND quarter >= ${start} AND quarter < ${end}`);
}

/**
 * Rows of the visible sources, fetched source by source along the index that begins with them (OFFSET 0 keeps the
 * planner from another way). Rows whose source is gone are nobody's.
 */
function ofSources(scope: Scope, rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    SELECT f.* FROM order_sources s CROSS JOIN LATERAL (SELECT * FROM ${rows} OFFSET 0) f ${within(scope)}
  ) AS figures`;
}

function within({ sourceId }: Scope): RawBuilder<unknown> {
  return sourceId === null ? sql`` : sql`WHERE s.id = ${sourceId}`;
}
