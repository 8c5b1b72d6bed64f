import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toldOrder } from '../../test/support/told-orders.ts';
import { productDifferences, valueDifferences, valueOf, type Change } from './figures.ts';
import { merge } from './merge.ts';
import type { Order, OrderEvent } from './order.ts';

const SOURCE = '6f0e1c1e-0000-4000-8000-000000000001';
const placed = toldOrder(SOURCE, { externalId: '7', placedAt: new Date('2026-11-20T10:00:00Z') });

function after(...events: OrderEvent[]): Order {
  return events.reduce<Order | null>(merge, null)!;
}

function then(event: OrderEvent['event'], changes: Partial<OrderEvent> = {}): OrderEvent {
  return toldOrder(SOURCE, { externalId: '7', event, eventId: `7:${event}`, total: null, items: [], ...changes });
}

describe('an order that is told of', () => {
  it('is what its placing says', () => {
    const { sourceId, externalId, number, currency, placedAt, total, items } = placed;
    expect(after(placed)).toEqual({
      sourceId,
      externalId,
      number,
      currency,
      placedAt,
      total,
      items,
      refunded: 0,
      paid: false,
      cancelled: false,
      toldBy: 'placed',
      toldByEvent: '7:placed',
    });
  });

  it('stays the very same when nothing is new', () => {
    const order = after(placed, then('paid'));
    expect(merge(order, placed)).toBe(order);
    expect(merge(order, then('paid'))).toBe(order);
  });

  it('remains cancelled when its placing comes later', () => {
    expect(after(then('cancelled'), placed)).toMatchObject({ cancelled: true, total: 350, toldBy: 'placed' });
  });

  it('does not count as long as only its end is known', () => {
    expect(valueOf(after(then('paid')))).toBeNull();
    expect(valueOf(after(then('paid'), placed))).toBe(350);
    expect(valueOf(after(placed, then('cancelled')))).toBeNull();
  });

  it('is refunded in parts up to the most that was told', () => {
    const part = then('refunded', { eventId: 'r1', refunded: 100 });
    const whole = then('refunded', { eventId: 'r2', refunded: 350 });
    expect(valueOf(after(placed, part))).toBe(250);
    expect(valueOf(after(whole, placed, part))).toBe(0);
  });

  it('takes its contents from an event that has them, whatever its kind', () => {
    const bare = then('placed', { currency: 'USD' });
    const full = then('cancelled', { total: 500, currency: 'EUR' });
    expect(after(bare, full)).toMatchObject({ total: 500, currency: 'EUR', toldBy: 'cancelled' });
    expect(after(full, bare)).toEqual(after(bare, full));
  });

  it('takes, of two placings, the one with the smaller event id', () => {
    const [a, b] = [
      { ...placed, eventId: 'a', total: 1 },
      { ...placed, eventId: 'b', total: 2 },
    ];
    expect(after(b, a).total).toBe(1);
    expect(after(a, b)).toEqual(after(b, a));
  });
});

const KINDS = ['placed', 'paid', 'refunded', 'cancelled'] as const;

const event: fc.Arbitrary<OrderEvent> = fc.record({
  sourceId: fc.constantFrom(SOURCE, '6f0e1c1e-0000-4000-8000-000000000002'),
  event: fc.constantFrom(...KINDS),
  eventId: fc.constantFrom('a', 'B', '10', '9', '\u{1F600}', '\uFF5E'),
  externalId: fc.constantFrom('1', '2', '3'),
  number: fc.constantFrom(null, '#1'),
  currency: fc.constantFrom('EUR', 'JPY'),
  placedAt: fc.integer({ min: 0, max: 100 }).map((minutes) => new Date(minutes * 60_000)),
  total: fc.constantFrom(null, 0, 100, 250),
  refunded: fc.constantFrom(null, 0, 50, 100),
  items: fc.array(
    fc.record({
      name: fc.constantFrom('Tea', 'Coffee'),
      quantity: fc.integer({ min: 1, max: 3 }),
      unitPrice: fc.nat(9),
    }),
    { maxLength: 3 },
  ),
});

/** In one source the id of an event names one event: what is told again under it is the same. */
const story = fc
  .uniqueArray(event, { maxLength: 40, selector: (e) => `${e.sourceId} ${e.externalId} ${e.event} ${e.eventId}` })
  .chain((told) =>
    fc.record({
      told: fc.constant(told),
      arriving: fc.shuffledSubarray([...told, ...told], { minLength: told.length }).map((some) => some.concat(told)),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    }),
  );

/** The figures as batches of these sizes add them up. */
function addUp(arriving: readonly OrderEvent[], sizes: readonly number[]): Record<string, number> {
  const orders = new Map<string, Order>();
  const figures: Record<string, number> = {};
  for (let at = 0, turn = 0; at < arriving.length; at += sizes[turn % sizes.length]!, turn += 1) {
    const batch = arriving.slice(at, at + sizes[turn % sizes.length]!);
    const changes = new Map<string, Change>();
    for (const told of batch) {
      const key = `${told.sourceId} ${told.externalId}`;
      const before = changes.get(key)?.before ?? (changes.has(key) ? null : (orders.get(key) ?? null));
      const now = merge(orders.get(key) ?? null, told);
      orders.set(key, now);
      changes.set(key, { before, after: now });
    }
    for (const { sourceId, quarter, currency, value, orders: count } of valueDifferences([...changes.values()])) {
      add(figures, `${sourceId} ${quarter} ${currency} ${value}`, count);
    }
    for (const { sourceId, quarter, name, quantity } of productDifferences([...changes.values()])) {
      add(figures, `${sourceId} ${quarter} ${name}`, quantity);
    }
  }
  return figures;
}

function add(figures: Record<string, number>, key: string, amount: number): void {
  figures[key] = (figures[key] ?? 0) + amount;
  if (figures[key] === 0) delete figures[key];
}

/** The same by the rules alone, order by order, all events at hand. */
function recountNaively(told: readonly OrderEvent[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const key of new Set(told.map((e) => `${e.sourceId} ${e.externalId}`))) {
    const mine = told.filter((e) => `${e.sourceId} ${e.externalId}` === key);
    const full = mine.filter((e) => e.total !== null);
    const best = KINDS.map((kind) => full.filter((e) => e.event === kind)).find((some) => some.length > 0) ?? [];
    const [teller] = best.toSorted((a, b) => Buffer.compare(Buffer.from(a.eventId), Buffer.from(b.eventId)));
    if (!teller || mine.some((e) => e.event === 'cancelled')) continue;
    const value = teller.total! - Math.max(0, ...mine.map((e) => e.refunded ?? 0));
    const quarter = new Date(teller.placedAt.getTime() - (teller.placedAt.getTime() % 900_000)).toISOString();
    add(figures, `${teller.sourceId} ${quarter} ${teller.currency} ${value}`, 1);
    for (const { name, quantity } of teller.items) add(figures, `${teller.sourceId} ${quarter} ${name}`, quantity);
  }
  return figures;
}

describe('ORD-3: whatever arrives, in any order, in any batches and more than once', () => {
  it('gives the figures that the same events give in their proper order', () => {
    fc.assert(
      fc.property(story, ({ told, arriving, sizes }) => {
        const inOrder = told.toSorted((a, b) => KINDS.indexOf(a.event) - KINDS.indexOf(b.event));
        expect(addUp(arriving, sizes)).toEqual(addUp(inOrder, [1]));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the figures of a naive recount', () => {
    fc.assert(
      fc.property(story, ({ told, arriving, sizes }) => {
        expect(addUp(arriving, sizes)).toEqual(recountNaively(told));
      }),
      { numRuns: 300 },
    );
  });
});
