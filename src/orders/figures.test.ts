import { describe, expect, it } from 'vitest';
import { toldOrder } from '../../test/support/told-orders.ts';
import { feedChanges, productDifferences, quarterOf, valueDifferences, type Change } from './figures.ts';
import { merge } from './merge.ts';
import type { OrderEvent } from './order.ts';
import { orderView } from './view.ts';

const [FIRST, SECOND] = ['6f0e1c1e-0000-4000-8000-000000000001', '6f0e1c1e-0000-4000-8000-000000000002'];
const placedAt = new Date('2026-11-20T10:14:59.999Z');
const quarter = '2026-11-20T10:00:00.000Z';

const made = (sourceId: string, changes: Partial<OrderEvent> = {}): Change => ({
  before: null,
  after: merge(null, toldOrder(sourceId, { placedAt, ...changes })),
});

/** The same order after it was told to have ended so. */
function ended({ after }: Change, changes: Partial<OrderEvent>): Change {
  const { sourceId, externalId } = after;
  return {
    before: after,
    after: merge(after, toldOrder(sourceId, { externalId, total: null, items: [], ...changes })),
  };
}

describe('the figures of changes', () => {
  it('are counted by quarters of an hour', () => {
    expect(quarterOf(placedAt).toISOString()).toBe(quarter);
    expect(quarterOf(new Date('2026-11-20T10:15:00Z')).toISOString()).toBe('2026-11-20T10:15:00.000Z');
    expect(quarterOf(new Date('1969-12-31T23:59:00Z')).toISOString()).toBe('1969-12-31T23:45:00.000Z');
  });

  it('are summed up by value and by product, sorted as rows are locked', () => {
    const changes = [made(SECOND!), made(FIRST!), made(FIRST!), made(FIRST!, { total: 100 })];
    const row = { quarter, currency: 'EUR' };
    expect(valueDifferences(changes)).toEqual([
      { sourceId: FIRST, ...row, value: 100, orders: 1 },
      { sourceId: FIRST, ...row, value: 350, orders: 2 },
      { sourceId: SECOND, ...row, value: 350, orders: 1 },
    ]);
    expect(productDifferences(changes)).toEqual([
      { sourceId: FIRST, quarter, name: 'Coffee', quantity: 3 },
      { sourceId: SECOND, quarter, name: 'Coffee', quantity: 1 },
    ]);
  });

  it('leave out what cancels out', () => {
    const order = made(FIRST!);
    expect(valueDifferences([ended(order, { event: 'paid' })])).toEqual([]);
    expect(productDifferences([ended(order, { event: 'paid' })])).toEqual([]);
    const refunded = ended(order, { event: 'refunded', refunded: 50 });
    expect(productDifferences([refunded])).toEqual([]);
    expect(valueDifferences([refunded])).toMatchObject([
      { value: 300, orders: 1 },
      { value: 350, orders: -1 },
    ]);
  });

  it('reach those who watch as one change for each source', () => {
    const order = made(FIRST!);
    const changes = [ended(order, { event: 'refunded', refunded: 50 }), made(SECOND!, { currency: 'USD' })];
    expect(feedChanges(changes, valueDifferences(changes))).toEqual([
      {
        sourceId: FIRST,
        change: {
          quarters: [{ quarter, currency: 'EUR', orders: 0, revenue: -50 }],
          orders: [{ ...orderView(changes[0]!.after), status: 'refunded', refunded: 50 }],
        },
      },
      {
        sourceId: SECOND,
        change: {
          quarters: [{ quarter, currency: 'USD', orders: 1, revenue: 350 }],
          orders: [orderView(changes[1]!.after)],
        },
      },
    ]);
  });

  it('tell of an order that was paid without any figures', () => {
    const changes = [ended(made(FIRST!), { event: 'paid' })];
    const [told] = feedChanges(changes, valueDifferences(changes));
    expect(told?.change).toMatchObject({ quarters: [], orders: [{ status: 'paid' }] });
  });
});

describe('the status that people see', () => {
  it.each([
    ['placed', {}],
    ['paid', { paid: true }],
    ['refunded', { paid: true, refunded: 1 }],
    ['cancelled', { paid: true, refunded: 1, cancelled: true }],
  ] as const)('is %s', (status, flags) => {
    expect(orderView({ ...made(FIRST!).after, ...flags }).status).toBe(status);
  });
});
