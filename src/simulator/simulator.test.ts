import { describe, expect, it } from 'vitest';
import { COFFEE_SHOP, crowdAt } from './coffee-shop.ts';
import { simulatedDay } from './day.ts';
import type { ToldOrder } from './orders.ts';
import { simulatedStream } from './stream.ts';
import { dayAfter, dayOf, instantOf } from './zone.ts';

const storeId = '0b0e1a52-0000-4000-8000-000000000001';
const LATER = new Date('2030-01-01T00:00:00Z');
const NEW_YORK = 'America/New_York';

const dayOfOrders = (orders: number, change: { timeZone?: string; day?: string; until?: Date } = {}) =>
  simulatedDay(COFFEE_SHOP, { storeId, day: '2026-11-20', timeZone: 'UTC', until: LATER, orders, ...change });

const stream = (rate: number, run = 'a-run', orders?: number) =>
  simulatedStream(COFFEE_SHOP, { storeId, rate, from: 0, run, ...(orders !== undefined && { orders }) });

const begun = (told: readonly ToldOrder[]) => [
  ...new Map(told.toReversed().map((one) => [one.externalId, one])).values(),
];

describe('a simulated day', () => {
  const told = dayOfOrders(5000);
  const orders = begun(told);
  const inHour = (hour: number) => orders.filter(({ placedAt }) => new Date(placedAt).getUTCHours() === hour).length;

  it('has about as many orders as asked for, and rush hours', () => {
    expect(orders.length).toBeGreaterThan(4700);
    expect(orders.length).toBeLessThan(5300);
    expect(inHour(8)).toBeGreaterThan(2 * inHour(10));
    expect(inHour(12)).toBeGreaterThan(1.5 * inHour(10));
    expect([inHour(3), inHour(5), inHour(19), inHour(23)]).toEqual([0, 0, 0, 0]);
    for (let hour = 7; hour < 19; hour += 1) {
      const crowd = Array.from({ length: 60 }, (_, minute) => crowdAt(COFFEE_SHOP, hour * 60 + minute));
      expect(inHour(hour) / orders.length).toBeCloseTo(shareOf(crowd), 1);
    }
  });

  it('is the same day again, also when it is only begun', () => {
    expect(dayOfOrders(5000)).toEqual(told);
    const noon = dayOfOrders(5000, { until: new Date('2026-11-20T12:00:00Z') });
    expect(noon.length).toBeGreaterThan(1000);
    expect(told.slice(0, noon.length)).toEqual(noon);
    expect(dayOfOrders(5000, { day: '2026-11-19' })[0]?.placedAt).not.toBe(told[0]?.placedAt);
  });

  it('tells each thing once, and in the order in which it happened', () => {
    expect(new Set(told.map(({ externalId, event }) => `${externalId} ${event}`)).size).toBe(told.length);
    expect(begun(told).every(({ event }) => event === 'placed' || event === 'paid')).toBe(true);
    const numbers = orders
      .toSorted((a, b) => Date.parse(a.placedAt) - Date.parse(b.placedAt))
      .map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => `#${at + 1}`));
  });

  it('costs what its items cost, of what is on the menu', () => {
    const prices = new Map(COFFEE_SHOP.menu.map(({ name, unitPrice }) => [name, unitPrice]));
    for (const { items, total, refunded } of told) {
      expect(items.length).toBeGreaterThanOrEqual(1);
      expect(items.length).toBeLessThanOrEqual(4);
      expect(items.map(({ name }) => prices.get(name))).toEqual(items.map(({ unitPrice }) => unitPrice));
      expect(total).toBe(items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
      expect(refunded ?? 0).toBeLessThanOrEqual(total);
    }
  });

  it('has some orders that are cancelled and some money given back', () => {
    const share = (event: ToldOrder['event']) => told.filter((one) => one.event === event).length / orders.length;
    expect(share('cancelled')).toBeGreaterThan(0.015);
    expect(share('cancelled')).toBeLessThan(0.05);
    expect(share('refunded')).toBeGreaterThan(0.005);
    expect(share('refunded')).toBeLessThan(0.03);
    expect(told.filter(({ event, refunded }) => (event === 'refunded') !== (refunded !== undefined))).toEqual([]);
  });

  it('goes by the clocks of its zone, also when they are changed', () => {
    for (const day of ['2026-11-20', '2026-11-01', '2026-03-08']) {
      const placed = dayOfOrders(500, { timeZone: NEW_YORK, day }).map(({ placedAt }) => new Date(placedAt));
      expect(placed.every((at) => dayOf(at, NEW_YORK) === day)).toBe(true);
      expect(Math.min(...placed.map(Number))).toBeGreaterThanOrEqual(
        instantOf(day, COFFEE_SHOP.opens, NEW_YORK).getTime(),
      );
    }
  });
});

const shareOf = (crowd: readonly number[]) => {
  const all = Array.from({ length: 24 * 60 }, (_, minute) => crowdAt(COFFEE_SHOP, minute));
  return sum(crowd) / sum(all);
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('a simulated stream', () => {
  it('has the rate that was asked for, by chance', () => {
    const source = stream(50);
    source.until(60_000);
    expect(source.placed()).toBeGreaterThan(2800);
    expect(source.placed()).toBeLessThan(3200);
  });

  it('tells the same however often it is asked, and nothing before its time', () => {
    const whole = stream(20).until(90_000);
    const source = stream(20);
    const pieces: ToldOrder[] = [];
    for (let now = 0; now <= 90_000; now += 37) {
      for (let some = source.until(now, 3); some.length > 0; some = source.until(now, 3)) {
        expect(Date.parse(some[0]?.placedAt ?? '')).toBeLessThanOrEqual(now);
        pieces.push(...some);
      }
      expect(source.nextAt()).toBeGreaterThan(now);
    }
    expect(pieces).toEqual(whole.slice(0, pieces.length));
    expect(pieces.length).toBeGreaterThan(1500);
    expect(whole.some(({ event }) => event === 'cancelled')).toBe(true);
  });

  it('places no more orders than it is told to, and gives each run names of its own', () => {
    const source = stream(1000, 'first', 7);
    const told = source.until(10_000_000);
    expect([source.placed(), begun(told).length, source.nextAt()]).toEqual([7, 7, Infinity]);
    const names = new Set(told.map(({ externalId }) => externalId));
    expect(
      stream(1000, 'second', 7)
        .until(10_000)
        .some(({ externalId }) => names.has(externalId)),
    ).toBe(false);
  });
});

describe('the clocks of a zone', () => {
  it('are read and set', () => {
    expect(instantOf('2026-11-21', 8 * 60, 'Europe/Paris')).toEqual(new Date('2026-11-21T07:00:00Z'));
    expect(instantOf('2026-03-29', 8 * 60, 'Europe/Paris')).toEqual(new Date('2026-03-29T06:00:00Z'));
    expect(instantOf('2026-11-21', 90.5, 'Asia/Kolkata')).toEqual(new Date('2026-11-20T20:00:30Z'));
    expect(dayOf(new Date('2026-11-21T23:30:00Z'), 'Europe/Paris')).toBe('2026-11-22');
    expect([dayAfter('2026-03-01', -1), dayAfter('2026-12-31', 1)]).toEqual(['2026-02-28', '2027-01-01']);
  });
});
