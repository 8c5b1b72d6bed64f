import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import type { Actor, Tx } from './database.ts';
import { addEvent, eventsAfter, eventsOfCorrelation, findEvents, listEvents } from './store-events.ts';
import { listStores } from './store-list.ts';
import {
  changeStatus,
  countByStatusAndEngine,
  deleteStoreRow,
  enqueueReconcile,
  findStore,
  findStoreBySlug,
  insertStore,
  lockAndCountStores,
  SlugTakenError,
  storesInStatus,
  storesNeedingWork,
  updateStore,
  type NewStore,
} from './stores.ts';

let database: TestDatabase;
let owner: Actor;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

function newStore(userId: string, changes: Partial<NewStore> = {}): NewStore {
  const id = randomUUID();
  const slug = `shop-${id.slice(0, 8)}`;
  return {
    id,
    userId,
    name: 'Shop',
    slug,
    engine: 'medusa',
    namespace: `store-${slug}`,
    idempotencyKey: null,
    correlationId: 'c',
    ...changes,
  };
}

describe('DAT-1: a store', () => {
  beforeAll(async () => {
    owner = await testUser(database.db);
  });

  it('is found as it was written', async () => {
    const wanted = newStore(owner.userId, { name: 'Tea House' });
    const store = await database.db.asUser(owner, (tx) => insertStore(tx, wanted));
    const { idempotencyKey, ...fields } = wanted;
    expect(idempotencyKey).toBeNull();
    expect(store).toMatchObject({
      ...fields,
      status: 'provisioning',
      activity: 'awake',
      attempt: 1,
      urls: null,
      operation: null,
    });
    expect(store.createdAt).toBeInstanceOf(Date);
    await database.db.asUser(owner, async (tx) => {
      expect(await findStore(tx, store.id)).toEqual(store);
      expect(await findStoreBySlug(tx, store.slug)).toEqual(store);
      expect(await findStore(tx, randomUUID())).toBeNull();
      expect(await findStoreBySlug(tx, 'none')).toBeNull();
    });
  });

  it('whose slug is taken leaves the transaction usable', async () => {
    const first = newStore(owner.userId);
    const store = await database.db.asUser(owner, async (tx) => {
      await insertStore(tx, first);
      await expect(insertStore(tx, newStore(owner.userId, { slug: first.slug }))).rejects.toBeInstanceOf(
        SlugTakenError,
      );
      return insertStore(tx, newStore(owner.userId));
    });
    expect(await database.db.asUser(owner, (tx) => findStore(tx, store.id))).not.toBeNull();
  });

  it('changes as told, with its time of change', async () => {
    const store = await database.db.asUser(owner, (tx) => insertStore(tx, newStore(owner.userId)));
    const urls = { storefront: 'http://a', admin: 'http://a/app', api: 'http://a', direct: null };
    const operation = { type: 'provision' as const, step: 'database', startedAt: new Date().toISOString() };
    const changed = await database.db.asOrchestrator((tx) =>
      updateStore(tx, store.id, { urls, operation, errorMessage: 'x'.repeat(2000), readyAt: new Date(1) }),
    );
    expect(changed).toMatchObject({ urls, operation, readyAt: new Date(1) });
    expect(changed?.errorMessage).toHaveLength(1000);
    expect(changed!.updatedAt.getTime()).toBeGreaterThan(store.updatedAt.getTime());
    const cleared = await database.db.asOrchestrator((tx) =>
      updateStore(tx, store.id, { urls: null, operation: null, errorMessage: null }),
    );
    expect(cleared).toMatchObject({ urls: null, operation: null, errorMessage: null });
    expect(await database.db.asOrchestrator((tx) => updateStore(tx, store.id, {}))).toEqual(cleared);
    expect(await database.db.asOrchestrator((tx) => updateStore(tx, randomUUID(), { attempt: 2 }))).toBeNull();
  });

  it('STO-3: changes its status only by the table', async () => {
    const store = await database.db.asUser(owner, (tx) => insertStore(tx, newStore(owner.userId)));
    const failed = await database.db.asOrchestrator((tx) =>
      changeStatus(tx, store.id, 'failed', { errorMessage: 'It did not start.' }),
    );
    expect(failed).toMatchObject({ status: 'failed', errorMessage: 'It did not start.' });
    const refused = database.db.asUser(owner, (tx) => changeStatus(tx, store.id, 'proven'));
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_STATE', details: { status: 'failed' } });
    const retried = await database.db.asUser(owner, (tx) =>
      changeStatus(tx, store.id, 'retry', { attempt: store.attempt + 1, errorMessage: null, deadlineAt: null }),
    );
    expect(retried).toMatchObject({ status: 'provisioning', attempt: 2, errorMessage: null });
  });

  it('STO-5: is gone with its events when its row is deleted, and is counted out', async () => {
    const admin = await testUser(database.db, 'admin');
    const total = () => database.db.asUser(admin, async (tx) => (await listStores(tx, { limit: 1 })).total);
    const before = await total();
    const store = await database.db.asUser(owner, (tx) => insertStore(tx, newStore(owner.userId)));
    await database.db.asUser(owner, (tx) =>
      addEvent(tx, { storeId: store.id, type: 'created', message: 'Created', correlationId: 'gone' }),
    );
    expect(await total()).toBe(before + 1);
    await database.db.asOrchestrator((tx) => deleteStoreRow(tx, store.id));
    expect(await total()).toBe(before);
    expect(await database.db.asOrchestrator((tx) => eventsOfCorrelation(tx, 'gone'))).toEqual([]);
  });

  it('ORC-5: is found again by what it needs', async () => {
    const { db } = database;
    const one = await db.asUser(owner, (tx) => insertStore(tx, newStore(owner.userId)));
    const other = await db.asUser(owner, (tx) => insertStore(tx, newStore(owner.userId, { engine: 'woocommerce' })));
    await db.asOrchestrator(async (tx) => {
      await changeStatus(tx, other.id, 'proven');
      const work = (await storesNeedingWork(tx)).map(({ id }) => id);
      expect(work).toContain(one.id);
      expect(work).not.toContain(other.id);
      expect((await storesInStatus(tx, 'ready')).map(({ id }) => id)).toContain(other.id);
      const counts = await countByStatusAndEngine(tx);
      expect(counts).toContainEqual({ status: 'ready', engine: 'woocommerce', count: 1 });
    });
  });

  it('ORC-3: has its job only when its row is committed', async () => {
    const jobs = () => database.db.pool.query('SELECT FROM graphile_worker.jobs').then(({ rowCount }) => rowCount);
    const before = await jobs();
    const store = newStore(owner.userId);
    const create = async (tx: Tx) => {
      await insertStore(tx, store);
      await enqueueReconcile(tx, store.id, 'c');
    };
    const undone = database.db.asUser(owner, async (tx) => {
      await create(tx);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await jobs()).toBe(before);
    await database.db.asUser(owner, create);
    expect(await jobs()).toBe(before! + 1);
  });
});

describe('IDN-3: the quota', () => {
  it('holds when eleven creations arrive at once', async () => {
    const person = await testUser(database.db);
    const create = (tx: Tx) =>
      lockAndCountStores(tx, person.userId).then(async (count) => {
        if (count >= 10) return false;
        await insertStore(tx, newStore(person.userId));
        return true;
      });
    const made = await Promise.all(Array.from({ length: 11 }, () => database.db.asUser(person, create)));
    expect(made.filter(Boolean)).toHaveLength(10);
    expect(await database.db.asUser(person, (tx) => lockAndCountStores(tx, person.userId))).toBe(10);
  });
});

describe('API-5: pages of stores', () => {
  let person: Actor;
  let names: string[];

  beforeAll(async () => {
    person = await testUser(database.db);
    names = [];
    for (let number = 0; number < 7; number += 1) {
      const engine = number % 2 === 0 ? 'medusa' : 'woocommerce';
      const name = `Shop ${number} 100%`;
      await database.db.asUser(person, (tx) => insertStore(tx, newStore(person.userId, { name, engine })));
      names.unshift(name);
    }
    // Several made in the same instant are still in a fixed order.
    await database.db.asOrchestrator((tx) =>
      sql`UPDATE stores SET created_at = date_trunc('second', now()) + (substr(name, 6, 1)::int / 2) * interval '1 second'
          WHERE user_id = ${person.userId}`.execute(tx),
    );
  });

  const page = (request: Parameters<typeof listStores>[1], actor = person) =>
    database.db.asUser(actor, (tx) => listStores(tx, request));

  it('by offset and by cursor show each store once, newest first', async () => {
    const all = (await page({ limit: 100 })).stores.map(({ id }) => id);
    expect(all).toHaveLength(7);
    const offsets = [];
    for (let offset = 0; offset < 9; offset += 3) {
      const { stores, total } = await page({ limit: 3, offset });
      offsets.push(...stores.map(({ id }) => id));
      expect(total).toBe(7);
    }
    expect(offsets).toEqual(all);
    const walked = [];
    let cursor: string | undefined;
    do {
      const { stores, total, nextCursor } = await page({ limit: 2, cursor });
      walked.push(...stores.map(({ id }) => id));
      expect(total).toBe(7);
      cursor = nextCursor ?? undefined;
    } while (cursor);
    expect(walked).toEqual(all);
  });

  it('beyond the end are empty and still know the total', async () => {
    expect(await page({ limit: 5, offset: 50 })).toEqual({ stores: [], total: 7, nextCursor: null });
  });

  it('can be narrowed, with wildcards taken as letters', async () => {
    expect((await page({ limit: 1, engine: 'woocommerce' })).total).toBe(3);
    expect((await page({ limit: 1, status: 'ready' })).total).toBe(0);
    expect((await page({ limit: 1, q: 'sHOP' })).total).toBe(7);
    expect((await page({ limit: 10, q: 'shop 3' })).stores.map(({ name }) => name)).toEqual(['Shop 3 100%']);
    expect((await page({ limit: 10, q: '0%' })).total).toBe(7);
    expect((await page({ limit: 10, q: '_hop' })).total).toBe(0);
    const admin = await testUser(database.db, 'admin');
    expect((await page({ limit: 3, ownerId: person.userId }, admin)).total).toBe(7);
  });

  it.each(['', 'x', 'bm9uc2Vuc2U', '%%%'])('refuse the cursor %j', async (cursor) => {
    await expect(page({ limit: 2, cursor })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe("STO-3: a store's timeline", () => {
  it('is kept in order, whole, in pages, by id and by request', async () => {
    const person = await testUser(database.db);
    const { db } = database;
    const store = await db.asUser(person, async (tx) => {
      const made = await insertStore(tx, newStore(person.userId));
      await addEvent(tx, { storeId: made.id, type: 'created', message: 'Created', correlationId: 'request-1' });
      return made;
    });
    await db.asOrchestrator(async (tx) => {
      const metadata = { step: 'database', ms: 12 };
      await addEvent(tx, {
        storeId: store.id,
        type: 'step-done',
        message: 'm'.repeat(2000),
        metadata,
        correlationId: null,
      });
      await addEvent(tx, { storeId: store.id, type: 'ready', message: 'Ready', correlationId: 'request-1' });
    });
    await db.asUser(person, async (tx) => {
      const events = await listEvents(tx, store.id, { limit: 10 });
      expect(events.map(({ type }) => type)).toEqual(['created', 'step-done', 'ready']);
      expect(events[1]).toMatchObject({ metadata: { step: 'database', ms: 12 }, correlationId: null });
      expect(events[1]?.message).toHaveLength(1000);
      const [first, second] = events;
      expect(await listEvents(tx, store.id, { limit: 1, after: first!.id })).toEqual([second]);
      expect(await eventsAfter(tx, first!.id, 10)).toEqual(events.slice(1));
      expect(await findEvents(tx, [second!.id, 2 ** 40])).toEqual([second]);
      expect(await eventsOfCorrelation(tx, 'request-1')).toEqual([events[0], events[2]]);
    });
  });
});
