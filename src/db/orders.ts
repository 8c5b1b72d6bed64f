import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../errors.ts';
import type { Order, OrderView } from '../orders/order.ts';
import type { Scope } from '../orders/summary.ts';
import { orderView } from '../orders/view.ts';
import type { Tx } from './session.ts';

export interface OrderPageRequest extends Scope {
  limit: number;
  /** `nextCursor` of the page before; as fast on the last page as on the first. */
  before?: string | undefined;
}

export interface OrderPage {
  orders: OrderView[];
  nextCursor: string | null;
}

/** With more sources than this, going through all orders beats going through each source's. */
const FEW_SOURCES = 100;

/**
 * Orders that the acting person may see, the one that was placed last first, whether they count or not.
 * Throws AppError VALIDATION_FAILED for a cursor that is none of ours.
 */
export async function listOrders(tx: Tx, { sourceId, limit, before }: OrderPageRequest): Promise<OrderPage> {
  const older = before === undefined ? sql`true` : olderThan(decodeCursor(before));
  const sources = sourceId === null ? sql`true` : sql`s.id = ${sourceId}`;
  const few = sourceId !== null || (await hasFewSources(tx));
  const newest = sql`ORDER BY placed_at DESC, source_id DESC, external_id DESC LIMIT ${limit + 1}`; // one more tells of another page
  const { rows } = await (
    few
      ? sql<Order>`
        SELECT o.* FROM order_sources s
        CROSS JOIN LATERAL (SELECT * FROM orders WHERE source_id = s.id AND ${older} ${newest}) o
        WHERE ${sources} ${newest}`
      : sql<Order>`
        SELECT * FROM orders o WHERE ${older} AND EXISTS (SELECT FROM order_sources s WHERE s.id = o.source_id) ${newest}`
  ).execute(tx);
  const orders = rows.slice(0, limit);
  const last = orders.at(-1);
  return { orders: orders.map(orderView), nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}

async function hasFewSources(tx: Tx): Promise<boolean> {
  const { rows } = await sql`SELECT FROM order_sources LIMIT ${FEW_SOURCES + 1}`.execute(tx);
  return rows.length <= FEW_SOURCES;
}

type Place = Pick<Order, 'placedAt' | 'sourceId' | 'externalId'>;

/** The first part alone is what the index of one source can begin at. */
function olderThan({ placedAt, sourceId, externalId }: Place): RawBuilder<boolean> {
  return sql`placed_at <= ${placedAt}
    AND (placed_at, source_id, external_id) < (${placedAt}, ${sourceId}::uuid, ${externalId})`;
}

function encodeCursor({ placedAt, sourceId, externalId }: Place): string {
  return Buffer.from(`${placedAt.getTime()} ${sourceId} ${externalId}`).toString('base64url');
}

/** `placed_at` is kept in whole milliseconds, so a JavaScript date names the row's exact place. */
function decodeCursor(cursor: string): Place {
  const match = /^(-?\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([^\0]{1,255})$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  );
  if (!match?.[1] || !match[2] || !match[3]) {
    throw new AppError('VALIDATION_FAILED', 'cursor: must be the nextCursor of an earlier page.', {
      details: { field: 'cursor' },
    });
  }
  return { placedAt: new Date(Number(match[1])), sourceId: match[2], externalId: match[3] };
}
