import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../../test/support/database.ts';
import { until } from '../../../test/support/platform.ts';
import { startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { insertSource, tell, toldOrder } from '../../../test/support/told-orders.ts';
import type { Actor } from '../../db/database.ts';
import { guardRedis } from '../resilience.ts';
import { readEntry, writeEntry } from './entry.ts';
import { createMemoryStore } from './memory.ts';
import { createRedisStore } from './redis.ts';
import type { CacheStore } from './store.ts';
import { createSummaries, type Summaries } from './summaries.ts';

let database: TestDatabase;
let redis: TestRedis | null;
let owner: Actor;
let other: Actor;

beforeAll(async () => {
  database = await testDatabase();
  redis = await startRedis();
  [owner, other] = await Promise.all([testUser(database.db), testUser(database.db)]);
});
afterAll(async () => {
  await redis?.kill();
  await database.close();
});

const KINDS = {
  memory: () => createMemoryStore(),
  redis: () => (redis ? openRedis(redis.url) : null),
};

function openRedis(url: string): CacheStore {
  const guard = guardRedis({ part: 'cache', registry: new Registry(), log: silentLog });
  return createRedisStore(url, { guard, log: silentLog });
}

/** A store whose entries the test sees and changes, and that counts what was made anew. */
function watched(store: CacheStore) {
  const seen = { made: 0, key: '', text: '', lifetimeMs: 0 };
  const spy: CacheStore = {
    ...store,
    async set(key, text, lifetimeMs) {
      Object.assign(seen, { made: seen.made + 1, key, text, lifetimeMs });
      await store.set(key, text, lifetimeMs);
    },
  };
  return { seen, store: spy };
}

describe.each(Object.entries(KINDS))('ORD-4: the cache of summaries in %s', (_kind, openStore) => {
  let store: CacheStore | null = null;
  let clock = Date.now();
  let sourceId: string;
  let seen: ReturnType<typeof watched>['seen'];
  let summaries: Summaries;

  beforeAll(async () => {
    const opened = openStore();
    if (!opened) return;
    // Redis refuses commands until it is connected.
    await until(
      'it keeps something',
      async () => {
        await opened.set('ready', 'yes', 60_000);
        return opened.get('ready');
      },
      10_000,
    );
    const spied = watched(opened);
    store = spied.store;
    seen = spied.seen;
    sourceId = await insertSource(database.db, owner, 'Asia/Tokyo');
    summaries = createSummaries(database.db, store, () => new Date(clock));
  });
  beforeEach(({ skip }) => {
    if (!store) skip('redis-server is not on this machine');
  });
  afterAll(() => store?.close());

  /** Whether the next answer is made anew. */
  async function isMade(viewer = owner, date?: string): Promise<boolean> {
    const before = seen.made;
    await summaries.read(viewer, { sourceId }, date);
    return seen.made > before;
  }

  it('keeps text for its lifetime', async () => {
    await store?.set('a', 'one', 60_000);
    await store?.set('a', 'two', 60_000);
    await store?.set('b', 'short', 1);
    expect(await store?.get('a')).toBe('two');
    await expect.poll(() => store?.get('b')).toBeNull();
    expect(await store?.get('never')).toBeNull();
  });

  it('serves the same answer until something changes, and then the new one', async () => {
    const first = await summaries.read(owner, { sourceId });
    const again = await summaries.read(owner, { sourceId });
    expect(again).toEqual(first);
    expect(await isMade()).toBe(false);
    await tell(database.db, [toldOrder(sourceId, { placedAt: new Date(clock) })]);
    const next = await summaries.read(owner, { sourceId });
    expect(next.recent).toHaveLength(1);
    expect(next.seq).toBeGreaterThan(first.seq);
    expect(await isMade()).toBe(false);
  });

  it('gives nobody what was made for another, by whatever key', async () => {
    await expect(summaries.read(other, { sourceId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await summaries.read(other, { sourceId: null })).recent).toEqual([]);
    expect((await summaries.read({ ...other, role: 'admin' }, { sourceId })).recent).toHaveLength(1);
  });

  it('gives nothing of a source that was taken away, though its entry is still there', async () => {
    const gone = await insertSource(database.db, owner);
    await tell(database.db, [toldOrder(gone)]);
    const shown = async () => (await summaries.read(owner, { sourceId: null })).recent.map(({ storeId }) => storeId);
    expect((await summaries.read(owner, { sourceId: gone })).recent).toHaveLength(1);
    expect(await shown()).toContain(gone);
    await database.db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', gone).execute());
    await expect(summaries.read(owner, { sourceId: gone })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await shown()).not.toContain(gone);
  });

  it('makes what is of another version, broken or mixed up anew, and never serves it', async () => {
    await tell(database.db, [toldOrder(sourceId, { placedAt: new Date(clock) })]);
    expect(await isMade()).toBe(true);
    const { key, text } = seen;
    const entry = JSON.parse(text);
    const broken = [
      '',
      '{',
      '[]',
      'null',
      text.slice(0, -20),
      JSON.stringify({ ...entry, version: 0 }),
      JSON.stringify({ ...entry, version: 2 }),
      JSON.stringify({ ...entry, more: 1 }),
      JSON.stringify({ ...entry, key: 'of another' }),
      JSON.stringify({ ...entry, heads: 'older' }),
      JSON.stringify({ ...entry, expiresAt: 0 }),
      JSON.stringify({ ...entry, summary: { ...entry.summary, recent: undefined } }),
      JSON.stringify({ ...entry, summary: { ...entry.summary, hours: [{ hour: 'now', orders: 1, revenue: {} }] } }),
    ];
    for (const bad of broken) {
      await store?.set(key, bad, 60_000);
      expect([bad.slice(0, 40), await isMade()]).toEqual([bad.slice(0, 40), true]);
    }
  });

  it('a day that goes on lives for seconds, one that is over for long', async () => {
    await isMade();
    clock += 16_000;
    expect(await isMade()).toBe(true);
    expect(seen.lifetimeMs).toBeLessThanOrEqual(15_000);
    await isMade(owner, '2020-02-02');
    clock += 16_000;
    expect(await isMade(owner, '2020-02-02')).toBe(false);
    clock += 3_600_000;
    expect(await isMade(owner, '2020-02-02')).toBe(true);
  });

  it('nothing of a day outlives its midnight, where the store is', async () => {
    clock = Date.parse('2031-03-05T14:59:59Z'); // a second before midnight in Tokyo
    const before = await summaries.read(owner, { sourceId });
    clock += 2000;
    const after = await summaries.read(owner, { sourceId });
    expect([before.date, after.date]).toEqual(['2031-03-05', '2031-03-06']);
    // The day that was "today" is now one that is over, and its day before is counted as a whole.
    expect(await isMade(owner, '2031-03-05')).toBe(true);
    expect(await isMade(owner, '2031-03-05')).toBe(false);
  });

  it('another time zone is another answer', async () => {
    await isMade();
    await database.db.asUser(owner, (tx) =>
      tx.updateTable('orderSources').set({ timeZone: 'Europe/Paris' }).where('id', '=', sourceId).execute(),
    );
    expect((await summaries.read(owner, { sourceId })).timeZone).toBe('Europe/Paris');
  });

  it('questions that come at once are worked out once', async () => {
    clock += 20_000;
    const before = seen.made;
    const answers = await Promise.all(Array.from({ length: 8 }, () => summaries.read(owner, { sourceId })));
    expect(seen.made - before).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});

describe('ORD-4: where entries are kept', () => {
  it('memory makes room for the new', async () => {
    const store = createMemoryStore(2);
    for (const key of ['a', 'b']) await store.set(key, key, 1000);
    await store.get('a');
    await store.set('c', 'c', 1000);
    expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual(['a', null, 'c']);
  });

  it('ORD-6: without Redis everything is worked out, and soon', async () => {
    const summaries = createSummaries(database.db, openRedis('redis://127.0.0.1:1'));
    const sourceId = await insertSource(database.db, owner);
    const began = Date.now();
    for (let n = 0; n < 3; n += 1) expect((await summaries.read(owner, { sourceId })).recent).toEqual([]);
    expect(Date.now() - began).toBeLessThan(3000);
    await summaries.close();
  });

  it('an entry comes out as it went in', async () => {
    const summaries = createSummaries(database.db, createMemoryStore());
    const summary = await summaries.read(owner, { sourceId: null });
    const entry = { key: 'k', heads: 'h', madeOn: '2026-01-05', expiresAt: 1, summary };
    expect(readEntry(writeEntry(entry))).toEqual({ version: 1, ...entry });
  });
});
