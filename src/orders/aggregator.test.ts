import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { loadConfig } from '../config.ts';
import type { Tx } from '../db/database.ts';
import { storeEvents } from '../db/order-events.ts';
import { createAggregator, type Aggregator } from './aggregator.ts';
import type { OrderEvent } from './order.ts';
import { recount } from './recount.ts';

let database: TestDatabase;
let registry: Registry;
let aggregators: Aggregator[];

beforeEach(async () => {
  database = await testDatabase();
  registry = new Registry();
  aggregators = [];
});
afterEach(async () => {
  await Promise.all(aggregators.map((one) => one.stop()));
  await database.close();
});

async function start(in_: Registry = registry): Promise<Aggregator> {
  const { settings } = database;
  const aggregator = createAggregator({ config: loadConfig({}), settings, registry: in_, log: silentLog });
  aggregators.push(aggregator);
  await aggregator.start();
  return aggregator;
}

async function makeSource(): Promise<string> {
  const { userId } = await testUser(database.db);
  const { id } = await database.db.asOrchestrator((tx) =>
    tx.insertInto('orderSources').values({ userId, name: 'Till' }).returning('id').executeTakeFirstOrThrow(),
  );
  return id;
}

const placed = (sourceId: string, n: number): OrderEvent => ({
  sourceId,
  event: 'placed',
  eventId: `${n}:placed`,
  externalId: String(n),
  number: null,
  currency: 'EUR',
  placedAt: new Date(),
  total: 100 + n,
  refunded: null,
  items: [{ name: 'Tea', quantity: 1, unitPrice: 100 + n }],
});

const store = (events: OrderEvent[]) => database.db.asOrchestrator((tx) => storeEvents(tx, events));
const metric = async (name: string): Promise<number | undefined> => {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};

async function countPartitions(tx: Tx): Promise<number | undefined> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'order_events'::regclass`.execute(tx);
  return rows[0]?.n;
}

describe('the role `orders`', () => {
  it('puts what was stored into the figures, and tells of it in the metrics', async () => {
    const sourceId = await makeSource();
    await store([1, 2, 3].map((n) => placed(sourceId, n)));
    const aggregator = await start();
    await start(new Registry());
    for (const n of [4, 5, 6, 1]) await store([placed(sourceId, n)]);
    await expect.poll(() => metric('store_platform_orders_waiting_batches')).toBe(0);
    const counted = await database.db.asOrchestrator((tx) =>
      sql<{ orders: number }>`SELECT sum(orders)::bigint AS orders FROM order_values`.execute(tx),
    );
    expect(counted.rows).toEqual([{ orders: 6 }]);
    expect(await database.db.asOrchestrator(recount)).toEqual([]);
    expect(await metric('store_platform_orders_dead_batches')).toBe(0);
    expect(aggregator.health()).toEqual({ ok: true });
  });

  it('makes the months ahead as soon as it runs', async () => {
    await start();
    await expect.poll(() => database.db.asOrchestrator(countPartitions)).toBeGreaterThan(1);
  });
});
