import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepBatch, insertSource, tell, toldOrder } from '../../test/support/told-orders.ts';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import type { Actor, Database } from '../db/database.ts';
import { lastSeq, oldestSeq, readFeed } from '../db/order-feed.ts';
import { headsOf } from '../db/order-heads.ts';
import { applyBatches } from './apply.ts';
import type { OrderEvent } from './order.ts';
import { recount } from './recount.ts';

let database: TestDatabase;
let db: Database;
let owner: Actor;
let sourceId: string;

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  owner = await testUser(db);
});

beforeEach(async () => {
  sourceId = await insertSource(db, owner);
});

afterAll(() => database.close());

const placedAt = new Date('2026-11-20T10:07:00Z');

async function stored(table: 'orders' | 'orderValues' | 'orderProducts'): Promise<Record<string, unknown>[]> {
  return db.asOrchestrator((tx) => tx.selectFrom(table).selectAll().where('sourceId', '=', sourceId).execute());
}

async function feedOf(source: string): Promise<Awaited<ReturnType<typeof readFeed>>> {
  const feed = await db.asOrchestrator((tx) => readFeed(tx, 0, 10_000));
  return feed.filter((entry) => entry.sourceId === source);
}

const differences = () => db.asOrchestrator(recount);

describe('ORD-3: applying a batch', () => {
  it('keeps the order, its figures and what changed, and takes the batch away', async () => {
    const event = toldOrder(sourceId, { placedAt, number: '#7' });
    expect(await tell(db, [event])).toBe(1);
    expect(await stored('orders')).toMatchObject([
      { externalId: event.externalId, number: '#7', total: 350, placedAt },
    ]);
    const quarter = new Date('2026-11-20T10:00:00Z');
    expect(await stored('orderValues')).toEqual([{ sourceId, quarter, currency: 'EUR', value: 350, orders: 1 }]);
    expect(await stored('orderProducts')).toEqual([{ sourceId, quarter, name: 'Coffee', quantity: 1 }]);
    const [entry] = await feedOf(sourceId);
    expect(entry?.change.quarters).toEqual([
      { quarter: quarter.toISOString(), currency: 'EUR', orders: 1, revenue: 350 },
    ]);
    expect(entry?.change.orders).toMatchObject([{ storeId: sourceId, externalId: event.externalId, status: 'placed' }]);
    expect(await db.asOrchestrator((tx) => tx.selectFrom('orderBatches').selectAll().execute())).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('changes nothing a second time, and says so to nobody', async () => {
    const event = toldOrder(sourceId);
    await tell(db, [event, event]);
    const seq = await db.asOrchestrator(lastSeq);
    expect(await tell(db, [event])).toBe(0);
    expect(await db.asOrchestrator(lastSeq)).toBe(seq);
    expect(await differences()).toEqual([]);
  });

  it('takes a cancelled order out of the figures, and leaves no empty rows', async () => {
    const order = toldOrder(sourceId);
    await tell(db, [order]);
    await tell(db, [toldOrder(sourceId, { ...order, event: 'cancelled', eventId: 'c', total: null, items: [] })]);
    expect(await stored('orderValues')).toEqual([]);
    expect(await stored('orderProducts')).toEqual([]);
    expect(await stored('orders')).toMatchObject([{ cancelled: true, total: 350 }]);
    expect((await feedOf(sourceId)).at(-1)?.change).toMatchObject({
      quarters: [{ orders: -1, revenue: -350 }],
      orders: [{ status: 'cancelled' }],
    });
  });

  it('moves an order whose better event tells of another quarter and currency', async () => {
    const order = toldOrder(sourceId, { placedAt });
    const wrong = { event: 'paid', eventId: 'p', currency: 'USD', placedAt: new Date('2026-11-20T11:00:00Z') } as const;
    await tell(db, [toldOrder(sourceId, { ...order, ...wrong })]);
    await tell(db, [order]);
    expect(await stored('orderValues')).toMatchObject([{ currency: 'EUR', orders: 1 }]);
    expect((await feedOf(sourceId)).at(-1)?.change.quarters).toHaveLength(2);
    expect(await differences()).toEqual([]);
  });

  it('leaves out events of a source that is gone', async () => {
    const gone = await insertSource(db, owner);
    const batch = await db.asOrchestrator((tx) => keepBatch(tx, [toldOrder(gone), toldOrder(sourceId)]));
    await db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', gone).execute());
    expect(await db.asOrchestrator((tx) => applyBatches(tx, [batch]))).toBe(1);
    expect(await feedOf(gone)).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('is not done at all when its transaction fails', async () => {
    const before = await db.asOrchestrator(lastSeq);
    const failing = db.asOrchestrator(async (tx) => {
      await applyBatches(tx, [await keepBatch(tx, [toldOrder(sourceId)])]);
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await stored('orders')).toEqual([]);
    expect(await db.asOrchestrator(lastSeq)).toBe(before);
  });
});

describe('the feed and the heads', () => {
  it('are numbered without gaps, one number for each source of a batch', async () => {
    const other = await insertSource(db, owner);
    const before = await db.asOrchestrator(lastSeq);
    await tell(db, [toldOrder(sourceId), toldOrder(other), toldOrder(sourceId)]);
    const entries = await db.asOrchestrator((tx) => readFeed(tx, before, 10));
    expect(entries.map(({ seq }) => seq)).toEqual([before + 1, before + 2]);
    expect(new Set(entries.map((entry) => entry.sourceId))).toEqual(new Set([sourceId, other]));
    expect(await db.asOrchestrator(lastSeq)).toBe(before + 2);
    expect(await db.asOrchestrator(oldestSeq)).toBeLessThanOrEqual(before + 1);
  });

  it('tell by one text whether what somebody sees has changed', async () => {
    const [other, stranger] = [await insertSource(db, owner), await testUser(db)];
    const heads = (id: string | null, who = owner) => db.asUser(who, (tx) => headsOf(tx, { sourceId: id }));
    const read = async () => ({
      one: await heads(sourceId),
      other: await heads(other),
      all: await heads(null),
      stranger: await heads(null, stranger),
    });
    const before = await read();
    await tell(db, [toldOrder(sourceId)]);
    const after = await read();
    expect(after).toMatchObject({ other: before.other, stranger: before.stranger });
    expect(after.one).not.toBe(before.one);
    expect(after.all).not.toBe(before.all);
    expect(await heads(sourceId, stranger)).toBe(after.stranger);
    await db.asUser(owner, (tx) =>
      tx.updateTable('orderSources').set({ timeZone: 'Asia/Kolkata' }).where('id', '=', sourceId).execute(),
    );
    expect(await heads(sourceId)).not.toBe(after.one);
  });

  it('show at most the twenty newest orders of a change', async () => {
    const told = Array.from({ length: 30 }, (_, n) => toldOrder(sourceId, { placedAt: new Date(n * 1000) }));
    await tell(db, told);
    const shown = (await feedOf(sourceId))[0]!.change.orders.map((order) => Date.parse(order.placedAt) / 1000);
    expect(shown).toEqual(Array.from({ length: 20 }, (_, n) => 29 - n));
  });
});

/** Everything that can happen to a few orders of the sources 0 to 2. */
function events(): fc.Arbitrary<OrderEvent[]> {
  const event = fc.record({
    sourceId: fc.nat(2).map(String),
    externalId: fc.constantFrom('1', '2', '3', '4', 'ä', '😀'),
    event: fc.constantFrom('placed', 'paid', 'cancelled', 'refunded'),
    eventId: fc.constantFrom('a', 'b', 'B', '10', '9', '\u{1F600}', '\uFF5E'),
    currency: fc.constantFrom('EUR', 'USD'),
    placedAt: fc.integer({ min: 0, max: 4 }).map((quarters) => new Date(placedAt.getTime() + quarters * 900_000)),
    total: fc.option(fc.integer({ min: 0, max: 3 }).map((n) => n * 100)),
    refunded: fc.option(fc.constantFrom(0, 100, 300)),
    number: fc.option(fc.constantFrom('#1', '#2')),
    items: fc.array(
      fc.record({
        name: fc.constantFrom('Tea "green"', 'Coffee, {hot}\\', 'NULL'),
        quantity: fc.integer({ min: 1, max: 5 }),
        unitPrice: fc.constant(100),
      }),
      { maxLength: 3 },
    ),
  });
  // In one source an event's id names one event.
  return fc
    .uniqueArray(event, { maxLength: 120, selector: (e) => `${e.sourceId} ${e.externalId} ${e.event} ${e.eventId}` })
    .map((all) => all.map((e) => ({ ...e, eventId: `${e.externalId}:${e.event}:${e.eventId}` })));
}

/** The same order told by another event, with another total. */
const again = (order: OrderEvent, n: number): OrderEvent =>
  Object.assign({}, order, { eventId: `${order.eventId}:${n}`, total: 100 + n });

describe('ORD-3: whatever the order of arrival', () => {
  it('several that apply random batches at once come to what SQL counts', async () => {
    const story = events().chain((told) =>
      fc.record({
        // Some twice, all in any order.
        arriving: fc.shuffledSubarray([...told, ...told], { minLength: told.length }),
        size: fc.integer({ min: 1, max: 40 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(story, async ({ arriving, size }) => {
        const sources = [await insertSource(db, owner), await insertSource(db, owner), await insertSource(db, owner)];
        const batches: number[] = [];
        for (let at = 0; at < arriving.length; at += size) {
          const part = arriving.slice(at, at + size);
          const told = part.map((event) => Object.assign({}, event, { sourceId: sources[Number(event.sourceId)]! }));
          batches.push(await db.asOrchestrator((tx) => keepBatch(tx, told)));
        }
        await Promise.all(batches.map((batch) => db.asOrchestrator((tx) => applyBatches(tx, [batch]))));
        expect(await differences()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('eight that apply the same hundreds of orders at once never get into a deadlock', async () => {
    const sources = [sourceId, await insertSource(db, owner)];
    const told = Array.from({ length: 300 }, (_, n) =>
      toldOrder(sources[n % 2]!, {
        externalId: `same-${n}`,
        placedAt: new Date(placedAt.getTime() + (n % 7) * 900_000),
      }),
    );
    const rounds = Array.from({ length: 24 }, (_, n) =>
      told.map((order) => again(order, n)).toSorted(() => Math.random() - 0.5),
    );
    const batches = await Promise.all(rounds.map((part) => db.asOrchestrator((tx) => keepBatch(tx, part))));
    const applied = Array.from({ length: 8 }, async () => {
      for (let id = batches.pop(); id !== undefined; id = batches.pop()) {
        const batch = id;
        await db.asOrchestrator((tx) => applyBatches(tx, [batch]));
      }
    });
    await Promise.all(applied);
    expect(await differences()).toEqual([]);
  });
});
