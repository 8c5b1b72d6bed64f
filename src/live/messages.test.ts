import { expect, it } from 'vitest';
import type { OrderChange, OrderView } from '../orders/order.ts';
import { delta } from './messages.ts';

const order = (externalId: string, minute: number, total = 1): OrderView => ({
  storeId: 'store',
  externalId,
  number: null,
  status: 'placed',
  currency: 'EUR',
  total,
  refunded: 0,
  placedAt: `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`,
  items: [],
});
const read = (...changes: OrderChange[]) =>
  JSON.parse(
    String(
      delta(
        9,
        changes.map((change, seq) => ({ seq, sourceId: 'store', at: new Date(), change })),
      ),
    ),
  );

it('several changes are one: sums by quarter and currency, without what cancels out', () => {
  const [early, late] = ['2026-11-21T10:00:00.000Z', '2026-11-21T10:15:00.000Z'];
  const { quarters } = read(
    { orders: [], quarters: [{ quarter: early, currency: 'EUR', orders: 1, revenue: 5 }] },
    { orders: [], quarters: [{ quarter: early, currency: 'USD', orders: 1, revenue: 7 }] },
    { orders: [], quarters: [{ quarter: late, currency: 'EUR', orders: 2, revenue: 9 }] },
    { orders: [], quarters: [{ quarter: late, currency: 'EUR', orders: 1, revenue: 1 }] },
    { orders: [], quarters: [{ quarter: early, currency: 'EUR', orders: -1, revenue: -5 }] },
  );
  expect(quarters).toEqual([
    { quarter: early, currency: 'USD', orders: 1, revenue: 7 },
    { quarter: late, currency: 'EUR', orders: 3, revenue: 10 },
  ]);
});

it('each order is shown once, as it was last, newest first, and no more than 20', () => {
  const { orders } = read(
    { quarters: [], orders: [order('b', 2), order('a', 1)] },
    { quarters: [], orders: [order('c', 3), order('a', 1, 2)] },
  );
  expect(orders.map(({ externalId, total }: OrderView) => [externalId, total])).toEqual([
    ['c', 1],
    ['b', 1],
    ['a', 2],
  ]);
  const many = Array.from({ length: 30 }, (_, minute) => order(`o${minute}`, minute));
  expect(read({ quarters: [], orders: many }).orders.map(({ externalId }: OrderView) => externalId)).toEqual(
    Array.from({ length: 20 }, (_, place) => `o${29 - place}`),
  );
});
