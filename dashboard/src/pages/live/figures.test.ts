import { describe, expect, it } from 'vitest';
import { follow, hourOf, keyOf, totalsOf, type LiveFigures } from './figures.ts';
import type { DaySummary, LiveMessage, LiveOrder, QuarterChange } from './messages.ts';

const NOTHING_YET: DaySummary = {
  asOf: '2026-11-21T12:40:00.000Z',
  date: '2026-11-21',
  timeZone: 'Europe/Paris',
  hours: Array.from({ length: 24 }, (_, at) => ({
    hour: `2026-11-21T${String(at).padStart(2, '0')}:00:00+01:00`,
    orders: 0,
    revenue: {},
  })),
  topProducts: [],
  recent: [],
  orderValue: { currency: null, mean: null, p50: null, p95: null },
  previous: { orders: 0, revenue: {} },
};

const order = (externalId: string, placedAt: string, change: Partial<LiveOrder> = {}): LiveOrder => ({
  storeId: 'a',
  externalId,
  number: null,
  status: 'placed',
  currency: 'EUR',
  total: 450,
  refunded: 0,
  placedAt,
  items: [{ name: 'Espresso', quantity: 1, unitPrice: 450 }],
  ...change,
});

const quarter = (at: string, orders: number, revenue: number, currency = 'EUR'): QuarterChange => ({
  quarter: at,
  currency,
  orders,
  revenue,
});

const snapshot = (seq: number, summary = NOTHING_YET): LiveMessage => ({ type: 'snapshot', seq, summary });
const delta = (seq: number, quarters: QuarterChange[], orders: LiveOrder[] = []): LiveMessage => ({
  type: 'delta',
  seq,
  quarters,
  orders,
});

function after(...messages: LiveMessage[]): LiveFigures {
  const figures = messages.reduce<LiveFigures | null>(follow, null);
  if (!figures) throw new Error('no snapshot');
  return figures;
}

describe('the live figures', () => {
  it('add what changed to the hour in which it was placed, as the zone counts hours', () => {
    const { hours } = after(
      snapshot(5),
      delta(6, [quarter('2026-11-21T11:45:00.000Z', 2, 900), quarter('2026-11-21T12:00:00.000Z', 1, 450)]),
      delta(7, [quarter('2026-11-21T12:15:00.000Z', 1, 300, 'USD')]),
    );
    expect(hours[12]).toMatchObject({ orders: 2, revenue: { EUR: 900 } });
    expect(hours[13]).toMatchObject({ orders: 2, revenue: { EUR: 450, USD: 300 } });
    expect(totalsOf(hours)).toEqual({ orders: 4, revenue: { EUR: 1350, USD: 300 } });
  });

  it('take back what was cancelled', () => {
    const { hours } = after(
      snapshot(0),
      delta(1, [quarter('2026-11-21T08:00:00Z', 3, 1350)]),
      delta(2, [quarter('2026-11-21T08:00:00Z', -1, -450)]),
    );
    expect(totalsOf(hours)).toEqual({ orders: 2, revenue: { EUR: 900 } });
  });

  it('count nothing twice, and nothing of another day', () => {
    const change = quarter('2026-11-21T12:00:00.000Z', 1, 450);
    const figures = after(snapshot(5), delta(5, [change]), delta(6, [change]), delta(6, [change]));
    expect(totalsOf(figures.hours).orders).toBe(1);
    const others = delta(7, [quarter('2026-11-20T22:45:00Z', 1, 1), quarter('2026-11-21T23:00:00Z', 1, 1)]);
    expect(totalsOf(after(snapshot(5), others).hours).orders).toBe(0);
  });

  it('know hours that are not an hour after another', () => {
    // Lord Howe Island puts its clock forward by half an hour at two.
    const starts = ['2026-10-04T01:00:00+10:30', '2026-10-04T02:30:00+11:00', '2026-10-04T03:00:00+11:00'];
    const hours = starts.map((hour) => ({ hour, orders: 0, revenue: {} }));
    expect(hourOf(hours, '2026-10-03T15:15:00Z')).toBe(0);
    expect(hourOf(hours, '2026-10-03T15:45:00Z')).toBe(1);
    expect(hourOf(hours, '2026-10-03T16:45:00Z')).toBe(2);
    expect(hourOf(hours, '2026-10-03T17:00:00Z')).toBe(-1);
    expect(hourOf(hours, '2026-10-03T14:00:00Z')).toBe(-1);
  });

  it('show the newest orders first, each once and as it is now', () => {
    const first = order('1', '2026-11-21T12:00:00Z');
    const third = order('3', '2026-11-21T12:02:00Z');
    const figures = after(
      snapshot(1, { ...NOTHING_YET, recent: [first] }),
      delta(2, [], [third, order('2', '2026-11-21T12:01:00Z')]),
      delta(3, [], [{ ...first, status: 'cancelled' }]),
    );
    expect(figures.recent.map(({ externalId, status }) => [externalId, status])).toEqual([
      ['3', 'placed'],
      ['2', 'placed'],
      ['1', 'cancelled'],
    ]);
    expect(figures.fresh.has(keyOf(third))).toBe(true);
  });

  it('keep the twenty newest, however many come and however late', () => {
    const many = Array.from({ length: 50 }, (_, at) => order(`${at}`, new Date(at * 1000).toISOString()));
    const figures = many.reduce<LiveFigures>(
      (before, one, at) => follow(before, delta(at + 1, [], [one])) ?? before,
      after(snapshot(0)),
    );
    expect(figures.recent.map(({ externalId }) => externalId)).toEqual(
      Array.from({ length: 20 }, (_, at) => `${49 - at}`),
    );
    expect(figures.fresh.size).toBe(20);
    expect(follow(figures, delta(99, [], [order('late', new Date(0).toISOString())]))?.recent).toEqual(figures.recent);
  });

  it('take the rest from the newest figures, and begin anew with a snapshot', () => {
    const orderValue = { currency: 'EUR', mean: 512.5, p50: 450, p95: 1200 };
    const told = (asOf: string, name: string): LiveMessage => ({
      type: 'figures',
      seq: 9,
      asOf,
      topProducts: [{ name, quantity: 2 }],
      orderValue,
      previous: { orders: 7, revenue: { EUR: 3000 } },
    });
    const figures = after(snapshot(1), told('2026-11-21T12:42:00Z', 'Latte'), told('2026-11-21T12:41:00Z', 'Tea'));
    expect(figures).toMatchObject({ seq: 1, topProducts: [{ name: 'Latte' }], orderValue, previous: { orders: 7 } });
    expect(follow(figures, snapshot(0))).toEqual({ ...NOTHING_YET, seq: 0, fresh: new Set() });
    expect(follow(figures, { type: 'beat' })).toBe(figures);
    expect(follow(null, delta(1, []))).toBeNull();
  });
});
