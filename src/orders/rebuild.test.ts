import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { insertSource, keepBatch, tell, toldOrder } from '../../test/support/told-orders.ts';
import type { Actor, Database } from '../db/database.ts';
import { lastSeq, readFeed, type FeedEntry } from '../db/order-feed.ts';
import { headsOf } from '../db/order-heads.ts';
import { applyBatches } from './apply.ts';
import type { OrderEvent } from './order.ts';
import { rebuild } from './rebuild.ts';
import { recount } from './recount.ts';

let database: TestDatabase;
let db: Database;
let owner: Actor;
let sourceId: string;
let other: string;

beforeEach(async () => {
  database = await testDatabase();
  db = database.db;
  owner = await testUser(db);
  sourceId = await insertSource(db, owner);
  other = await insertSource(db, owner);
  await tell(db, story());
});

/** Each test spoils a database of its own. */
afterEach(() => database.close());

const placedAt = new Date('2026-11-20T10:07:00Z');

function story(): OrderEvent[] {
  const end = { total: null, items: [], placedAt: new Date(0) };
  return [
    toldOrder(sourceId, { externalId: 'kept', placedAt }),
    toldOrder(sourceId, { externalId: 'refunded', placedAt, total: 500 }),
    toldOrder(sourceId, { externalId: 'refunded', event: 'refunded', refunded: 200, ...end }),
    toldOrder(sourceId, { externalId: 'cancelled', placedAt }),
    toldOrder(sourceId, { externalId: 'cancelled', event: 'cancelled', ...end }),
    toldOrder(other, { externalId: 'kept', placedAt }),
  ];
}

const run = () => rebuild(database.settings, silentLog);
const differences = () => db.asOrchestrator(recount);
const spoil = (statement: string) => db.asOrchestrator((tx) => sql.raw(statement).execute(tx));

async function feedAfter(seq: number): Promise<FeedEntry[]> {
  return db.asOrchestrator((tx) => readFeed(tx, seq, 100));
}

describe('a recount', () => {
  it.each([
    ['a lost order', `DELETE FROM orders WHERE external_id = 'kept'`],
    ['a changed order', `UPDATE orders SET refunded = 1 WHERE external_id = 'kept'`],
    ['a wrong count', `UPDATE order_values SET orders = orders + 1`],
    ['a figure too many', `INSERT INTO order_products SELECT source_id, quarter, 'x', 1 FROM order_products LIMIT 1`],
    ['a lost figure', `DELETE FROM order_products`],
  ])('finds %s', async (_what, statement) => {
    expect(await differences()).toEqual([]);
    await spoil(statement);
    expect(await differences()).not.toEqual([]);
  });

  it('says what is kept and what should be', async () => {
    await spoil(`UPDATE order_products SET quantity = 7 WHERE source_id = '${other}'`);
    expect(await differences()).toEqual([
      { table: 'order_products', found: 'only kept', row: expect.objectContaining({ name: 'Coffee', quantity: 7 }) },
      { table: 'order_products', found: 'only counted', row: expect.objectContaining({ quantity: 1 }) },
    ]);
  });

  it('leaves out what still waits, and sources that are gone', async () => {
    await db.asOrchestrator((tx) => keepBatch(tx, [toldOrder(sourceId)]));
    await db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', other).execute());
    expect(await differences()).toEqual([]);
  });
});

describe('a rebuild', () => {
  it('leaves everything as it was when it was right, and tells nobody', async () => {
    const seq = await db.asOrchestrator(lastSeq);
    expect(await run()).toEqual({ orders: 4 });
    expect(await differences()).toEqual([]);
    expect(await db.asOrchestrator(lastSeq)).toBe(seq);
  });

  it('puts right whatever was wrong, and tells those who watch by how much', async () => {
    const seq = await db.asOrchestrator(lastSeq);
    const headsOfOther = await db.asUser(owner, (tx) => headsOf(tx, { sourceId: other }));
    await spoil(`DELETE FROM orders WHERE source_id = '${sourceId}' AND external_id = 'kept'`);
    await spoil(`UPDATE order_values SET orders = 5 WHERE source_id = '${sourceId}' AND value = 350`);
    await spoil(`INSERT INTO order_values VALUES ('${sourceId}', '2026-11-20 12:00Z', 'USD', 100, 2)`);
    expect(await run()).toEqual({ orders: 4 });
    expect(await differences()).toEqual([]);
    const [entry, ...more] = await feedAfter(seq);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ seq: seq + 1, sourceId });
    expect(entry?.change.orders).toEqual([]);
    expect(entry?.change.quarters.toSorted((a, b) => a.quarter.localeCompare(b.quarter))).toEqual([
      { quarter: '2026-11-20T10:00:00.000Z', currency: 'EUR', orders: -4, revenue: -1400 },
      { quarter: '2026-11-20T12:00:00.000Z', currency: 'USD', orders: -2, revenue: -200 },
    ]);
    expect(await db.asUser(owner, (tx) => headsOf(tx, { sourceId: other }))).toBe(headsOfOther);
  });

  it('tells of products that were wrong by a change without quarters', async () => {
    const seq = await db.asOrchestrator(lastSeq);
    await spoil(`DELETE FROM order_products WHERE source_id = '${other}'`);
    await run();
    expect(await feedAfter(seq)).toMatchObject([{ sourceId: other, change: { quarters: [], orders: [] } }]);
  });

  it('begins with nothing but what was told', async () => {
    await spoil('DELETE FROM orders; DELETE FROM order_values; DELETE FROM order_products');
    expect(await run()).toEqual({ orders: 4 });
    expect(await differences()).toEqual([]);
  });

  it('leaves batches that wait to those who apply them, also while it runs', async () => {
    const batches = await Promise.all(
      Array.from({ length: 20 }, () =>
        db.asOrchestrator((tx) => keepBatch(tx, [toldOrder(sourceId), toldOrder(other)])),
      ),
    );
    const apply = (id: number) => db.asOrchestrator((tx) => applyBatches(tx, [id]));
    await Promise.all([...batches.slice(0, 10).map(apply), run(), ...batches.slice(10).map(apply), run()]);
    expect(await differences()).toEqual([]);
    const orders = await db.asOrchestrator((tx) => tx.selectFrom('orders').select('externalId').execute());
    expect(orders).toHaveLength(44);
  });

  it('shows readers the old figures until the new ones are complete', async () => {
    await db.asOrchestrator(async (tx) => {
      const count = () => tx.selectFrom('orders').select('externalId').execute();
      await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`.execute(tx);
      expect(await count()).toHaveLength(4);
      await run();
      expect(await count()).toHaveLength(4);
    });
  });

  it('keeps nobody from deleting a source', async () => {
    const told = Array.from({ length: 300 }, (_, n) => toldOrder(other, { externalId: `more ${n}` }));
    await tell(db, told);
    const deleted = () => db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', other).execute());
    await Promise.all([run(), deleted()]);
    expect(await differences()).toEqual([]);
  });

  it('forgets orders of sources that are gone', async () => {
    await db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', other).execute());
    expect(await run()).toEqual({ orders: 3 });
  });
});
