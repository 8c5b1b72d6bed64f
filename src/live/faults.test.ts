import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApi, testPerson, type Person, type TestApi } from '../../test/support/api.ts';
import { cuttable } from '../../test/support/cuttable.ts';
import { silentLog } from '../../test/support/database.ts';
import { currentSummary, liveServer, Refused, sale, sell, sumOf, type LiveServer } from '../../test/support/live.ts';
import { openDatabase } from '../db/database.ts';
import { addToFeed } from '../db/order-feed.ts';
import { insertOrderSource } from '../db/order-sources.ts';
import type { OrderView } from '../orders/order.ts';

let api: TestApi;
let served: LiveServer | undefined;
let person: Person;
let sourceId: string;

beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  person = await testPerson(api.db, 'member');
  const { id } = await api.db.asUser(person, (tx) => insertOrderSource(tx, { userId: person.userId, name: 'Till' }));
  sourceId = id;
});
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** More than sockets of this machine hold, in few messages. */
const bulky = (): OrderView[] =>
  Array.from({ length: 20 }, (_, number) => ({
    storeId: sourceId,
    externalId: `bulky ${number}`,
    number: null,
    status: 'placed',
    currency: 'EUR',
    total: 1,
    refunded: 0,
    placedAt: new Date().toISOString(),
    items: Array.from({ length: 100 }, () => ({ name: 'x'.repeat(250), quantity: 1, unitPrice: 1 })),
  }));
const add = (orders: OrderView[]) =>
  api.db.asOrchestrator((tx) => addToFeed(tx, [{ sourceId, change: { quarters: [], orders } }]));
const dropped = async (): Promise<number> =>
  Number(/^store_platform_live_dropped_total (\d+)/m.exec((await served?.metrics.metrics()) ?? '')?.[1]);

describe('a client that is too slow', () => {
  it('loses its backlog, which stays small, and is told everything anew when it is back', async () => {
    served = await liveServer(api, { tickMs: 20, deltaMs: 1 });
    const [slow, quick] = [await served.view(person), await served.view(person)];
    await Promise.all([slow.next('snapshot'), quick.next('snapshot')]);
    slow.socket.pause();
    const orders = bulky();
    let sent = 0;
    while ((await dropped()) === 0) {
      await add(orders);
      await quick.next('delta');
      sent += 1;
    }
    for (let index = 0; index < 10; index += 1) {
      await add(orders);
      await quick.next('delta');
    }
    expect(await dropped()).toBe(1);
    await sell(api.db, sale(sourceId, { total: 777 }));
    slow.socket.resume();
    await slow.next('snapshot');
    // Nothing of what came after the limit was kept for it.
    const types = slow.messages.map(({ type }) => type);
    const before = types.slice(0, types.lastIndexOf('snapshot'));
    expect(before.filter((type) => type === 'delta').length).toBeLessThanOrEqual(sent);
    await sell(api.db, sale(sourceId, { total: 3 }));
    await expect.poll(() => slow.totals()).toEqual({ orders: 2, revenue: 780 });
  });

  it('is let go when it does not catch up', async () => {
    served = await liveServer(api, { tickMs: 20, deltaMs: 1, lagMs: 100 });
    const slow = await served.view(person);
    await slow.next('snapshot');
    slow.socket.pause();
    const orders = bulky();
    while ((await dropped()) === 0) await add(orders);
    await expect.poll(() => served?.live.size).toBe(0);
    slow.socket.resume();
    expect([1013, 1006]).toContain(await slow.closed);
  });
});

describe('without the database', () => {
  it('sockets stay, and get what they missed when it is back', async () => {
    const line = await cuttable(api.database.settings);
    const db = openDatabase(line.settings, { log: silentLog, poolSize: 4 });
    try {
      served = await liveServer(api, { tickMs: 20, figuresMs: 50 }, {}, db);
      const viewer = await served.view(person);
      await viewer.next('snapshot');
      line.cut();
      await sell(api.db, sale(sourceId, { total: 100 }));
      const refused = await served.view(person).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Refused);
      expect((refused as Refused).body.error.code).toBe('DEPENDENCY_UNAVAILABLE');
      await sell(api.db, sale(sourceId, { total: 20 }));
      expect(viewer.messages.filter(({ type }) => type === 'delta')).toEqual([]);
      await line.mend();
      await expect.poll(() => viewer.totals()).toEqual({ orders: 2, revenue: 120 });
      expect((await served.view(person)).socket.readyState).toBe(1);
    } finally {
      await served?.close();
      served = undefined;
      await db.close();
      line.close();
    }
  });

  it('changes that were missed for good are made up for by a snapshot', async () => {
    served = await liveServer(api, { tickMs: 20, pollMs: 50 });
    const viewer = await served.view(person);
    const { seq } = await viewer.next('snapshot');
    await api.db.asOrchestrator(async (tx) => {
      await addToFeed(tx, [{ sourceId, change: { quarters: [], orders: [] } }]);
      await tx.deleteFrom('orderFeed').execute();
    });
    const again = await viewer.next('snapshot');
    expect(again.seq).toBeGreaterThan(seq);
    await sell(api.db, sale(sourceId));
    await viewer.next('delta');
    expect(viewer.totals()).toEqual(sumOf(await currentSummary(api.db, person)));
  });

  it('what no notification told is seen all the same', async () => {
    served = await liveServer(api, { tickMs: 20, pollMs: 50 });
    const viewer = await served.view(person);
    await viewer.next('snapshot');
    // The listening connection is cut off, and a sale is made that it does not hear of.
    await api.db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE '%LISTEN%' AND pid <> pg_backend_pid()`);
    await sell(api.db, sale(sourceId, { externalId: 'unheard' }));
    expect((await viewer.next('delta')).orders).toMatchObject([{ externalId: 'unheard' }]);
  });
});
