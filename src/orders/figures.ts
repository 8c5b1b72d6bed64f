import { groupBy } from './group-by.ts';
import type { Order, OrderChange } from './order.ts';
import { orderView } from './view.ts';

const QUARTER_MS = 15 * 60 * 1000;
/** How many orders one change shows: as many as the live page has room for. */
const SHOWN = 20;

/** What happened to one order; `before` is null for a new one. */
export interface Change {
  before: Order | null;
  after: Order;
}

/** By how much a row of `order_values` differs. */
export interface ValueDifference {
  sourceId: string;
  quarter: string;
  currency: string;
  value: number;
  orders: number;
}

/** By how much a row of `order_products` differs. */
export interface ProductDifference {
  sourceId: string;
  quarter: string;
  name: string;
  quantity: number;
}

/** The beginning of the quarter of an hour that holds this moment. */
export function quarterOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / QUARTER_MS) * QUARTER_MS);
}

/** What an order adds to its source's revenue; null when it does not count. */
export function valueOf({ total, refunded, cancelled }: Order): number | null {
  return total === null || cancelled ? null : total - refunded;
}

/** What the changes do to `order_values`, without what cancels out; in the one order in which rows are locked. */
export function valueDifferences(changes: readonly Change[]): ValueDifference[] {
  const sums = new Map<string, ValueDifference>();
  for (const { order, value, sign } of contributions(changes)) {
    const { sourceId, currency } = order;
    const quarter = quarterOf(order.placedAt).toISOString();
    const key = `${sourceId} ${quarter} ${currency} ${value}`;
    const sum = sums.get(key);
    if (sum) sum.orders += sign;
    else sums.set(key, { sourceId, quarter, currency, value, orders: sign });
  }
  return inLockingOrder(sums).filter(({ orders }) => orders !== 0);
}

/** What the changes do to `order_products`, in the same way. */
export function productDifferences(changes: readonly Change[]): ProductDifference[] {
  const sums = new Map<string, ProductDifference>();
  for (const { order, sign } of contributions(changes)) {
    const quarter = quarterOf(order.placedAt).toISOString();
    for (const { name, quantity } of order.items) {
      const key = `${order.sourceId} ${quarter} ${name}`;
      const sum = sums.get(key);
      if (sum) sum.quantity += sign * quantity;
      else sums.set(key, { sourceId: order.sourceId, quarter, name, quantity: sign * quantity });
    }
  }
  return inLockingOrder(sums).filter(({ quantity }) => quantity !== 0);
}

function inLockingOrder<T>(sums: Map<string, T>): T[] {
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function* contributions(changes: readonly Change[]): Generator<{ order: Order; value: number; sign: 1 | -1 }> {
  for (const { before, after } of changes) {
    const was = before && valueOf(before);
    if (before && was !== null) yield { order: before, value: was, sign: -1 };
    const is = valueOf(after);
    if (is !== null) yield { order: after, value: is, sign: 1 };
  }
}

/** The same for those who watch: one change for each source that has any. */
export function feedChanges(
  changes: readonly Change[],
  values: readonly ValueDifference[],
): { sourceId: string; change: OrderChange }[] {
  const valuesOf = groupBy(values, ({ sourceId }) => sourceId);
  return [...groupBy(changes, ({ after }) => after.sourceId)].map(([sourceId, ofSource]) => ({
    sourceId,
    change: { quarters: sumQuarters(valuesOf.get(sourceId) ?? []), orders: newest(ofSource).map(orderView) },
  }));
}

function sumQuarters(values: readonly ValueDifference[]): OrderChange['quarters'] {
  const sums = new Map<string, OrderChange['quarters'][number]>();
  for (const { quarter, currency, value, orders } of values) {
    const key = `${quarter} ${currency}`;
    const sum = sums.get(key) ?? { quarter, currency, orders: 0, revenue: 0 };
    sums.set(key, { ...sum, orders: sum.orders + orders, revenue: sum.revenue + orders * value });
  }
  return [...sums.values()].filter(({ orders, revenue }) => orders !== 0 || revenue !== 0);
}

function newest(changes: readonly Change[]): Order[] {
  const orders = changes.map(({ after }) => after);
  return orders.toSorted((a, b) => b.placedAt.getTime() - a.placedAt.getTime()).slice(0, SHOWN);
}
