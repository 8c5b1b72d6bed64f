import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { insertSource, tell, toldOrder } from '../../test/support/told-orders.ts';
import type { Actor, Database } from '../db/database.ts';
import { listOrders } from '../db/orders.ts';
import type { OrderEvent } from './order.ts';
import { readSummary, zoneOf } from './read-summary.ts';
import type { Summary } from './summary.ts';

let database: TestDatabase;
let db: Database;
let owner: Actor;
let admin: Actor;

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  admin = await testUser(db, 'admin');
});

beforeEach(async () => {
  owner = await testUser(db);
});

afterAll(() => database.close());

interface Question {
  now?: string;
  date?: string;
  who?: Actor;
}

async function summaryOf(sourceId: string | null, { now, date, who = owner }: Question = {}): Promise<Summary> {
  const moment = now === undefined ? new Date() : new Date(now);
  return db.asUser(who, (tx) => readSummary(tx, { sourceId }, { date, now: moment }));
}

const at = (sourceId: string, time: string, changes: Partial<OrderEvent> = {}) =>
  toldOrder(sourceId, { placedAt: new Date(time), ...changes });

const sold = (name: string, quantity: number) => ({ items: [{ name, quantity, unitPrice: 1 }] });

/** The hours that have orders, with how many. */
function filled({ hours }: Summary): Record<string, number> {
  return Object.fromEntries(hours.filter(({ orders }) => orders > 0).map(({ hour, orders }) => [hour, orders]));
}

describe('ORD-3: the summary of a day', () => {
  it('of a source without orders has all hours, and nothing in them', async () => {
    const source = await insertSource(db, owner);
    const { seq } = await summaryOf(null);
    expect(await summaryOf(source, { now: '2026-11-21T10:00:00.000Z' })).toEqual({
      asOf: '2026-11-21T10:00:00.000Z',
      date: '2026-11-21',
      timeZone: 'UTC',
      hours: Array.from({ length: 24 }, (_, n) => ({
        hour: `2026-11-21T${String(n).padStart(2, '0')}:00:00+00:00`,
        orders: 0,
        revenue: {},
      })),
      topProducts: [],
      recent: [],
      orderValue: { currency: null, mean: null, p50: null, p95: null },
      previous: { orders: 0, revenue: {} },
      seq,
    });
  });

  it('counts revenue by currency, less what was refunded, without cancelled orders', async () => {
    const source = await insertSource(db, owner);
    const orders = [
      at(source, '2026-11-21T09:00:00Z'),
      at(source, '2026-11-21T09:59:59.999Z', { total: 1000, currency: 'USD' }),
      at(source, '2026-11-21T09:30:00Z', { externalId: 'refunded', total: 500 }),
      at(source, '2026-11-21T09:30:00Z', { externalId: 'cancelled' }),
    ];
    const end = { placedAt: new Date(0), total: null, items: [] };
    await tell(db, [
      ...orders,
      toldOrder(source, { ...end, externalId: 'refunded', event: 'refunded', refunded: 200 }),
      toldOrder(source, { ...end, externalId: 'cancelled', event: 'cancelled' }),
      toldOrder(source, { ...end, externalId: 'unknown', event: 'paid', placedAt: new Date('2026-11-21T09:00:00Z') }),
    ]);
    const summary = await summaryOf(source, { now: '2026-11-21T10:00:00Z' });
    expect(summary.hours[9]).toEqual({ hour: expect.any(String), orders: 3, revenue: { EUR: 650, USD: 1000 } });
    expect(summary.orderValue).toEqual({ currency: 'EUR', mean: 325, p50: 325, p95: expect.closeTo(347.5) });
    expect(summary.recent.map(({ status }) => status).toSorted()).toEqual([
      'cancelled',
      'paid',
      'placed',
      'placed',
      'refunded',
    ]);
  });

  it('names the five most sold, of several alike the first by name', async () => {
    const source = await insertSource(db, owner);
    await tell(db, [
      ...[sold('F', 2), sold('E', 2), sold('D', 2), sold('A', 1), sold('A', 8), sold('B', 3), sold('b', 2)].map(
        (items) => at(source, '2026-11-21T09:00:00Z', items),
      ),
      at(source, '2026-11-20T09:00:00Z', sold('Yesterday', 100)),
    ]);
    expect((await summaryOf(source, { now: '2026-11-21T10:00:00Z' })).topProducts).toEqual([
      { name: 'A', quantity: 9 },
      { name: 'B', quantity: 3 },
      { name: 'D', quantity: 2 },
      { name: 'E', quantity: 2 },
      { name: 'F', quantity: 2 },
    ]);
  });

  it('has the twenty newest orders of any day', async () => {
    const source = await insertSource(db, owner);
    await tell(
      db,
      Array.from({ length: 25 }, (_, n) => at(source, new Date(Date.UTC(2026, 9, n + 1)).toISOString())),
    );
    const { recent } = await summaryOf(source, { now: '2026-11-21T10:00:00Z' });
    expect(recent.map(({ placedAt }) => new Date(placedAt).getUTCDate())).toEqual(
      Array.from({ length: 20 }, (_, n) => 25 - n),
    );
  });

  it('is of one moment: what is committed meanwhile is in no part of it', async () => {
    const source = await insertSource(db, owner);
    await tell(db, [toldOrder(source)]);
    const [before, after] = await db.asUser(owner, async (tx) => {
      const summary = await readSummary(tx, { sourceId: source }, { now: new Date() });
      await tell(db, [toldOrder(source)]);
      return [summary, await listOrders(tx, { sourceId: source, limit: 10 })];
    });
    expect(before.recent).toEqual(after.orders);
    expect((await summaryOf(source)).seq).toBeGreaterThan(before.seq);
  });
});

describe('days and hours of a zone', () => {
  it('are counted in the zone of the source, half an hour apart from others', async () => {
    const source = await insertSource(db, owner, 'Asia/Kolkata');
    await tell(db, [
      at(source, '2026-11-20T18:29:59.999Z'),
      at(source, '2026-11-20T18:30:00Z'),
      at(source, '2026-11-20T19:29:59.999Z'),
      at(source, '2026-11-20T19:30:00Z'),
    ]);
    const summary = await summaryOf(source, { now: '2026-11-20T20:00:00Z' });
    expect(summary).toMatchObject({ date: '2026-11-21', timeZone: 'Asia/Kolkata', previous: { orders: 0 } });
    expect(filled(summary)).toEqual({ '2026-11-21T00:00:00+05:30': 2, '2026-11-21T01:00:00+05:30': 1 });
  });

  it('are 23 and 25 where the clocks are changed, and an hour that comes twice is two', async () => {
    const source = await insertSource(db, owner, 'Europe/Berlin');
    await tell(db, [
      ...['2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'].map((time) =>
        at(source, time),
      ),
      ...['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T01:31:00Z', '2026-10-25T22:59:59Z'].map((time) =>
        at(source, time),
      ),
    ]);
    const spring = await summaryOf(source, { date: '2026-03-29' });
    expect(spring.hours).toHaveLength(23);
    expect(filled(spring)).toEqual({
      '2026-03-29T01:00:00+01:00': 1,
      '2026-03-29T03:00:00+02:00': 1,
      '2026-03-29T23:00:00+02:00': 1,
    });
    const autumn = await summaryOf(source, { date: '2026-10-25' });
    expect(autumn.hours).toHaveLength(25);
    expect(filled(autumn)).toEqual({
      '2026-10-25T02:00:00+02:00': 1,
      '2026-10-25T02:00:00+01:00': 2,
      '2026-10-25T23:00:00+01:00': 1,
    });
  });

  it('turn with the one moment that the request is about, however late its parts are read', async () => {
    const source = await insertSource(db, owner, 'America/New_York');
    await tell(db, [
      at(source, '2026-11-21T04:59:59.999Z'),
      at(source, '2026-11-21T05:00:00.000Z'),
      at(source, '2026-11-20T04:59:59.999Z'),
    ]);
    const before = await summaryOf(source, { now: '2026-11-21T04:59:59.999Z' });
    expect(before).toMatchObject({ date: '2026-11-20', asOf: '2026-11-21T04:59:59.999Z', previous: { orders: 0 } });
    expect(filled(before)).toEqual({ '2026-11-20T23:00:00-05:00': 1 });
    const after = await summaryOf(source, { now: '2026-11-21T05:00:00.000Z' });
    expect(after).toMatchObject({ date: '2026-11-21', previous: { orders: 0 } });
    expect(filled(after)).toEqual({ '2026-11-21T00:00:00-05:00': 1 });
  });

  it('over all sources are in the zone that they share, else in UTC', async () => {
    expect(await db.asUser(owner, (tx) => zoneOf(tx, { sourceId: null }))).toBe('UTC');
    const [one] = [await insertSource(db, owner, 'Asia/Tokyo'), await insertSource(db, owner, 'Asia/Tokyo')];
    expect((await summaryOf(null)).timeZone).toBe('Asia/Tokyo');
    await insertSource(db, owner, 'Europe/Berlin');
    expect((await summaryOf(null)).timeZone).toBe('UTC');
    expect((await summaryOf(one)).timeZone).toBe('Asia/Tokyo');
  });

  it('hold each order that the calendar of the zone shows on that day, in its hour', async () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC');
    const date = fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-10-04', '2026-04-05');
    const minutes = fc.array(fc.integer({ min: -20 * 60, max: 44 * 60 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(zones, date, minutes, async (zone, day, offsets) => {
        const source = await insertSource(db, owner, zone);
        const times = offsets.map((offset) => new Date(Date.parse(`${day}T00:00:00Z`) + offset * 60_000));
        await tell(
          db,
          times.map((placedAt) => toldOrder(source, { placedAt })),
        );
        expect(filled(await summaryOf(source, { date: day }))).toEqual(byCalendar(zone, day, times));
      }),
      { numRuns: 25 },
    );
  });
});

/** How many of these times the zone's calendar shows on a date, by the clock's hour and its distance from UTC. */
function byCalendar(zone: string, date: string, times: readonly Date[]): Record<string, number> {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const distance = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const counts: Record<string, number> = {};
  for (const time of times) {
    const [day, hour] = clock.format(time).split(/[ :]/);
    if (day !== date) continue;
    const offset = distance.format(time).split('GMT')[1] || '+00:00';
    // Lord Howe's clocks go back half an hour: that hour begins in the middle.
    const begins = zone === 'Australia/Lord_Howe' && date === '2026-04-05' && hour === '01' && offset === '+10:30';
    const key = `${date}T${hour}:${begins ? '30' : '00'}:00${offset}`;
    const late = zone === 'Australia/Lord_Howe' && date === '2026-10-04' && hour === '02';
    const name = late ? key.replace(':00:00', ':30:00') : key;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('the day before', () => {
  const yesterday = ['00:00:00.000', '13:00:00.000', '13:07:22.344', '13:07:22.345', '13:14:59.000', '23:59:59.999'];

  it('is counted up to the same time of day, exact to the moment', async () => {
    const source = await insertSource(db, owner);
    const cancelled = at(source, '2026-11-20T13:05:00Z', { externalId: 'c' });
    await tell(db, [
      ...yesterday.map((time) => at(source, `2026-11-20T${time}Z`)),
      at(source, '2026-11-19T23:59:59.999Z'),
      at(source, '2026-11-20T13:01:00Z', { total: 1000, currency: 'USD' }),
      cancelled,
      { ...cancelled, event: 'cancelled', eventId: 'c:cancelled' },
      at(source, '2026-11-20T13:02:00Z', { event: 'paid', total: null, items: [] }),
    ]);
    const previous = async (now: string) => (await summaryOf(source, { now })).previous;
    expect(await previous('2026-11-21T13:07:22.345Z')).toEqual({ orders: 4, revenue: { EUR: 1050, USD: 1000 } });
    expect((await previous('2026-11-21T13:07:22.346Z')).orders).toBe(5);
    expect((await previous('2026-11-21T13:00:00.000Z')).orders).toBe(1);
    expect(await previous('2026-11-21T00:00:00.000Z')).toEqual({ orders: 0, revenue: {} });
    expect((await summaryOf(source, { date: '2026-11-21', now: '2026-11-25T08:00:00Z' })).previous.orders).toBe(7);
  });

  it('is counted by the clocks of the zone, also when they were changed since', async () => {
    const source = await insertSource(db, owner, 'Europe/Berlin');
    await tell(db, [at(source, '2026-03-28T10:59:59Z'), at(source, '2026-03-28T11:00:01Z')]);
    expect((await summaryOf(source, { now: '2026-03-29T10:00:00Z' })).previous.orders).toBe(1);
    expect((await summaryOf(source, { now: '2026-03-29T10:00:02Z' })).previous.orders).toBe(2);
  });
});

describe('order values', () => {
  it('are those that percentile_cont gives', async () => {
    const totals = fc.array(fc.oneof(fc.nat(2000), fc.constantFrom(350, 450, 1e12)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(totals, async (some) => {
        const source = await insertSource(db, owner);
        await tell(
          db,
          some.map((total, n) =>
            toldOrder(source, { total, placedAt: new Date(Date.UTC(2026, 10, 21, n % 24, (n * 7) % 60)) }),
          ),
        );
        const { orderValue } = await summaryOf(source, { date: '2026-11-21' });
        const { rows } = await db.asUser(owner, (tx) =>
          sql`
            SELECT avg(total)::float8 AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS p50,
              percentile_cont(0.95) WITHIN GROUP (ORDER BY total) AS p95
            FROM orders WHERE source_id = ${source}`.execute(tx),
        );
        expect(orderValue).toEqual({ currency: 'EUR', ...(rows[0] as object) });
      }),
      { numRuns: 40 },
    );
  });

  it('are of the currency with most orders', async () => {
    const source = await insertSource(db, owner);
    const prices = [
      ['JPY', 100],
      ['EUR', 900_000],
      ['JPY', 200],
    ] as const;
    await tell(
      db,
      prices.map(([currency, total]) => at(source, '2026-11-21T10:00:00Z', { currency, total })),
    );
    const { orderValue } = await summaryOf(source, { date: '2026-11-21' });
    expect(orderValue).toMatchObject({ currency: 'JPY', mean: 150, p50: 150 });
  });
});

describe('IDN-2: who sees which figures', () => {
  it('is the owner and an admin, and nobody else', async () => {
    const source = await insertSource(db, owner);
    const stranger = await testUser(db);
    await tell(db, [toldOrder(source)]);
    expect(filled(await summaryOf(null, { who: stranger }))).toEqual({});
    expect(await summaryOf(null, { who: stranger })).toMatchObject({ recent: [], topProducts: [], seq: 0 });
    await expect(summaryOf(source, { who: stranger })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { field: 'storeId' },
    });
    expect((await summaryOf(null)).recent).toHaveLength(1);
    expect((await summaryOf(source, { who: admin })).recent).toHaveLength(1);
    expect((await summaryOf(null, { who: admin })).recent.map(({ storeId }) => storeId)).toContain(source);
    const nobody = db.asStranger((tx) => readSummary(tx, { sourceId: null }, { now: new Date() }));
    expect(await nobody).toMatchObject({ recent: [], topProducts: [], previous: { orders: 0 } });
  });

  it('are nobody, not even an admin, once the source is gone', async () => {
    const date = '2020-02-02';
    const [kept, gone] = [await insertSource(db, owner), await insertSource(db, owner)];
    for (const source of [kept, gone]) {
      await tell(db, [at(source, `${date}T10:00:00Z`), at(source, '2020-02-01T10:05:00Z')]);
    }
    await db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', gone).execute());
    for (const who of [owner, admin]) {
      const summary = await summaryOf(null, { who, date });
      expect(filled(summary)).toEqual({ '2020-02-02T10:00:00+00:00': 1 });
      expect(summary).toMatchObject({ topProducts: [{ quantity: 1 }], previous: { orders: 1 } });
      expect(summary.recent.some(({ storeId }) => storeId === gone)).toBe(false);
      await expect(summaryOf(gone, { who })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

async function pages(sourceId: string | null, limit: number): Promise<string[]> {
  const names: string[] = [];
  for (let before: string | undefined; ;) {
    const cursor = before;
    const page = await db.asUser(owner, (tx) => listOrders(tx, { sourceId, limit, before: cursor }));
    expect(page.orders.length).toBeLessThanOrEqual(limit);
    names.push(...page.orders.map(({ externalId }) => externalId));
    if (page.nextCursor === null) return names;
    before = page.nextCursor;
  }
}

describe('the list of orders', () => {
  it.each([1, 100])(
    'is read to its end page by page, also over orders of one moment, beside %i sources',
    async (others) => {
      const [one, two] = [await insertSource(db, owner), await insertSource(db, owner)];
      for (let n = 0; n < others; n += 1) await insertSource(db, owner);
      const told = Array.from({ length: 40 }, (_, n) =>
        at(n % 2 ? one : two, `2026-11-21T10:0${n % 3}:00Z`, { externalId: `${n % 2 ? 'one' : 'two'} ${n}` }),
      );
      await tell(db, told);
      const all = await pages(null, 7);
      expect(all.toSorted()).toEqual(told.map(({ externalId }) => externalId).toSorted());
      expect(await pages(null, 100)).toEqual(all);
      expect(await pages(one, 6)).toEqual(all.filter((name) => name.startsWith('one')));
    },
  );

  it('takes no cursor but its own', async () => {
    const wrong = Buffer.from(`x ${randomUUID()} y`).toString('base64url');
    for (const before of ['', 'x', wrong]) {
      const reading = db.asUser(owner, (tx) => listOrders(tx, { sourceId: null, limit: 1, before }));
      await expect(reading).rejects.toMatchObject({ code: 'VALIDATION_FAILED', details: { field: 'cursor' } });
    }
  });
});
