import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import type { Database } from '../db/database.ts';
import { unavailable } from '../db/failures.ts';
import { storeEvents } from '../db/order-events.ts';
import { insertOrderSource } from '../db/order-sources.ts';
import { createIngest } from './ingest.ts';
import type { OrderEvent } from './order.ts';
import { guardDatabase } from './resilience.ts';

let database: TestDatabase;
let sourceId: string;

beforeAll(async () => {
  database = await testDatabase();
  const { userId } = await testUser(database.db);
  sourceId = await database.db.asOrchestrator(async (tx) => (await insertOrderSource(tx, { userId, name: 'Till' })).id);
});
afterAll(() => database.close());

function event(change: Partial<OrderEvent> = {}): OrderEvent {
  const externalId = change.externalId ?? randomUUID();
  return {
    sourceId,
    event: 'placed',
    eventId: `${externalId}:placed`,
    externalId,
    number: null,
    currency: 'USD',
    placedAt: new Date('2026-01-05T10:00:00.123Z'),
    total: 900,
    refunded: null,
    items: [{ name: 'Tea', quantity: 2, unitPrice: 450 }],
    ...change,
  };
}

const events = (count: number) => Array.from({ length: count }, () => event());
const open = (db: Database = database.db) =>
  createIngest({ db, guard: guardDatabase({ part: 'test', registry: new Registry(), log: silentLog }) });

/** Counts transactions, holds them back until `free` says `now`, and fails as it is told. */
function watched({ hold = false, fail }: { hold?: boolean; fail?: () => unknown } = {}) {
  const seen = { transactions: 0, free: new EventEmitter() };
  const db = {
    asOrchestrator: async (work: Parameters<Database['asOrchestrator']>[0]) => {
      seen.transactions += 1;
      if (hold) await once(seen.free, 'now');
      if (fail) throw fail();
      return database.db.asOrchestrator(work);
    },
  } as unknown as Database;
  return { seen, ingest: open(db) };
}

const store = (all: readonly OrderEvent[]) => database.db.asOrchestrator((tx) => storeEvents(tx, all));

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('storing events', () => {
  it('keeps every field as it is', async () => {
    const odd = event({
      eventId: 'a"b\\c{,}NULL',
      externalId: "o'clock",
      number: 'NULL',
      total: null,
      refunded: 5,
      items: [{ name: '"\\ ☕ \u2028, {}', quantity: 1, unitPrice: 0 }],
    });
    await database.db.asOrchestrator((tx) => storeEvents(tx, [odd, event({ number: null })]));
    const row = await database.db.asOrchestrator((tx) =>
      tx.selectFrom('orderEvents').selectAll().where('externalId', '=', "o'clock").executeTakeFirstOrThrow(),
    );
    const { batchId, receivedAt, ...kept } = row;
    expect(kept).toEqual(odd);
    expect(batchId).toBeGreaterThan(0);
    expect(receivedAt).toBeInstanceOf(Date);
  });

  it('tells the places of those that were known, in the order in which they were given', async () => {
    const [one, two, three] = [event(), event(), event()];
    expect(await store([one, two])).toEqual([]);
    expect((await store([three, two, three, one])).toSorted()).toEqual([1, 2, 3]);
  });

  it('makes one batch of what is new, and none of what is not', async () => {
    const all = events(3);
    const batches = () =>
      database.db.asOrchestrator((tx) =>
        tx.selectFrom('orderBatches').select(['id', 'orders']).orderBy('id').execute(),
      );
    const before = (await batches()).length;
    await database.db.asOrchestrator((tx) => storeEvents(tx, all));
    await database.db.asOrchestrator((tx) => storeEvents(tx, all));
    const after = await batches();
    expect([after.length - before, after.at(-1)?.orders]).toEqual([1, 3]);
  });

  it('transactions with the same events in other orders wait for one another and never in a circle', async () => {
    const all = events(200);
    const runs = Array.from({ length: 12 }, (_, n) => [...all.slice(n * 16), ...all.slice(0, n * 16)]);
    const duplicates = await Promise.all(
      runs.map((run) => database.db.asOrchestrator(async (tx) => (await storeEvents(tx, run)).length)),
    );
    expect(duplicates.reduce((sum, count) => sum + 200 - count, 0)).toBe(200);
  });
});

describe('ORD-1, ORD-6: ingest', () => {
  it('answers once it is stored, and accepts nothing at once', async () => {
    const ingest = open();
    expect(await ingest.accept([])).toEqual({ accepted: 0, duplicates: 0 });
    const all = events(5);
    expect(await ingest.accept(all)).toEqual({ accepted: 5, duplicates: 0 });
    expect(await ingest.accept(all)).toEqual({ accepted: 0, duplicates: 5 });
  });

  it('requests that arrive while transactions are under way share the next one', async () => {
    const { seen, ingest } = watched({ hold: true });
    const first = [1, 2, 3].map(async () => {
      const answer = ingest.accept(events(1));
      await turn();
      return answer;
    });
    await turn();
    const rest = Array.from({ length: 50 }, () => ingest.accept(events(2)));
    await turn();
    while (seen.transactions < 2) {
      seen.free.emit('now');
      await turn();
    }
    const freeing = setInterval(() => seen.free.emit('now'), 1);
    const answers = await Promise.all([...first, ...rest]);
    clearInterval(freeing);
    expect(answers.slice(3)).toEqual(rest.map(() => ({ accepted: 2, duplicates: 0 })));
    expect(seen.transactions).toBeLessThan(8);
  });

  it('tells each request of a shared transaction its own duplicates; of equal ones the first is new', async () => {
    const ingest = open();
    const [one, two] = [event(), event()];
    const answers = await Promise.all([
      ingest.accept([one]),
      ingest.accept([one, two]),
      ingest.accept([event(), one, two]),
    ]);
    expect(answers).toEqual([
      { accepted: 1, duplicates: 0 },
      { accepted: 1, duplicates: 1 },
      { accepted: 1, duplicates: 2 },
    ]);
  });

  it('what can not be stored fails alone, and as a whole', async () => {
    const ingest = open();
    const bad = event({ externalId: 'nul\u0000' });
    const fine = event();
    const [good, wrong, alsoGood] = await Promise.allSettled([
      ingest.accept(events(2)),
      ingest.accept([fine, bad]),
      ingest.accept(events(3)),
    ]);
    expect([good, alsoGood]).toMatchObject([{ value: { accepted: 2 } }, { value: { accepted: 3 } }]);
    expect(wrong?.status).toBe('rejected');
    expect(await ingest.accept([fine])).toEqual({ accepted: 1, duplicates: 0 });
  });

  it('a database that is away is told to all at once, and soon without asking it', async () => {
    const { seen, ingest } = watched({ fail: () => unavailable(new Error('away')) });
    const group = await Promise.allSettled([ingest.accept(events(1)), ingest.accept(events(1))]);
    expect(group).toMatchObject([
      { reason: { code: 'DEPENDENCY_UNAVAILABLE' } },
      { reason: { code: 'DEPENDENCY_UNAVAILABLE' } },
    ]);
    for (let n = 0; n < 20; n += 1) await ingest.accept(events(1)).catch(() => null);
    expect(seen.transactions).toBeLessThan(8);
  });

  it('more than can wait is refused at once', async () => {
    const { seen, ingest } = watched({ hold: true });
    const requests = Array.from({ length: 60 }, () => ingest.accept(events(1000)));
    await expect(Promise.race(requests.slice(-5))).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 });
    const freeing = setInterval(() => seen.free.emit('now'), 1);
    const answers = await Promise.allSettled(requests);
    clearInterval(freeing);
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(40);
  });

  it('closes when all that it took is stored', async () => {
    const ingest = open();
    const all = events(300);
    const answers = Promise.all(all.map((one) => ingest.accept([one])));
    await ingest.close();
    const { rows } = await database.db.asOrchestrator((tx) =>
      sql<{
        count: number;
      }>`SELECT count(*) FROM order_keys WHERE event_id = ANY(${all.map(({ eventId }) => eventId)})`.execute(tx),
    );
    expect([rows[0]?.count, (await answers).length]).toEqual([300, 300]);
  });
});
