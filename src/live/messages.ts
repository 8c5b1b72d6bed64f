import type { FeedEntry } from '../db/order-feed.ts';
import type { OrderChange, OrderView } from '../orders/order.ts';
import type { Summary } from '../orders/summary.ts';

/** How many orders one message shows. */
const SHOWN = 20;

/** Everything there is to see, and the change up to which it is that. */
export function snapshot(seq: number, summary: Summary): Buffer {
  return message({ type: 'snapshot', seq, summary });
}

/** What changed up to `seq`, as one change. */
export function delta(seq: number, entries: readonly FeedEntry[]): Buffer {
  const changes = entries.map(({ change }) => change);
  return message({ type: 'delta', seq, quarters: sumOf(changes), orders: newestOf(changes) });
}

/** What can't be told by differences. */
export function figures({ seq, asOf, topProducts, orderValue, previous }: Summary): Buffer {
  return message({ type: 'figures', seq, asOf, topProducts, orderValue, previous });
}

export const BEAT = message({ type: 'beat' });

/** Bytes, so that all who get a message share them. */
function message(content: object): Buffer {
  return Buffer.from(JSON.stringify(content));
}

function sumOf(changes: readonly OrderChange[]): OrderChange['quarters'] {
  const sums = new Map<string, OrderChange['quarters'][number]>();
  for (const { quarter, currency, orders, revenue } of changes.flatMap(({ quarters }) => quarters)) {
    const key = `${quarter} ${currency}`;
    const sum = sums.get(key) ?? { quarter, currency, orders: 0, revenue: 0 };
    sums.set(key, { ...sum, orders: sum.orders + orders, revenue: sum.revenue + revenue });
  }
  return [...sums.values()].filter(({ orders, revenue }) => orders !== 0 || revenue !== 0);
}

/** Each order as it was last. */
function newestOf(changes: readonly OrderChange[]): OrderView[] {
  const orders = new Map<string, OrderView>();
  for (const order of changes.flatMap((change) => change.orders)) {
    orders.set(`${order.storeId} ${order.externalId}`, order);
  }
  return [...orders.values()].toSorted((a, b) => (a.placedAt < b.placedAt ? 1 : -1)).slice(0, SHOWN);
}
