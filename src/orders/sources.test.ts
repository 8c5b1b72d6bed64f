import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import type { Actor, Database } from '../db/database.ts';
import { addSourceSecret, insertOrderSource } from '../db/order-sources.ts';
import { createSecretBox } from '../db/secret-box.ts';
import { createSources, sourceSecretContext, type Sources } from './sources.ts';

const box = createSecretBox(Buffer.alloc(32, 7));
let database: TestDatabase;
let owner: Actor;
let sources: Sources;
let queries = 0;
let gap: () => void = () => undefined;
const announced = new Set<string>();

beforeAll(async () => {
  database = await testDatabase();
  owner = await testUser(database.db);
  const { db } = database;
  const watched: Partial<Database> = {
    listen: (channel, handler, onGap) => {
      gap = onGap;
      const heard = (id: string): void => {
        handler(id);
        announced.add(id);
      };
      return db.listen(channel, heard, onGap);
    },
    asOrchestrator: (work) => {
      queries += 1;
      return db.asOrchestrator(work);
    },
  };
  sources = await createSources(watched as Database, box, silentLog);
});
afterAll(async () => {
  await sources.close();
  await database.close();
});

/** Once its making has been announced, after which nothing drops it. */
async function makeSource(): Promise<string> {
  const sourceId = await database.db.asUser(owner, async (tx) => {
    const { id } = await insertOrderSource(tx, { userId: owner.userId, name: 'Till' });
    await addSecret(tx, id, 'whsec_AAAA');
    return id;
  });
  await expect.poll(() => announced.has(sourceId)).toBe(true);
  return sourceId;
}

async function addSecret(tx: Parameters<typeof addSourceSecret>[0], sourceId: string, secret: string): Promise<void> {
  const id = randomUUID();
  const ciphertext = box.seal(secret, sourceSecretContext(sourceId, id));
  await addSourceSecret(tx, { id, sourceId, keyId: box.keyId, ciphertext });
}

describe('sources of orders', () => {
  it('are asked for once, also by many at once', async () => {
    const id = await makeSource();
    const before = queries;
    await Promise.all(Array.from({ length: 10 }, () => sources.find(id)));
    expect(await sources.find(id)).toMatchObject({ id, userId: owner.userId, countsFrom: null });
    expect(await sources.secretsOf(id)).toEqual(['whsec_AAAA']);
    expect(queries - before).toBe(1);
  });

  it('are asked for anew when something about them changed', async () => {
    const id = await makeSource();
    await sources.find(id);
    await database.db.asUser(owner, (tx) => addSecret(tx, id, 'whsec_BBBB'));
    await expect.poll(() => sources.secretsOf(id)).toEqual(['whsec_BBBB', 'whsec_AAAA']);
    await database.db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', id).execute());
    await expect.poll(() => sources.find(id)).toBeNull();
    expect(await sources.secretsOf(id)).toEqual([]);
  });

  it('are all asked for anew when a change may have been missed', async () => {
    const id = await makeSource();
    await sources.find(id);
    const before = queries;
    gap();
    await sources.find(id);
    expect(queries - before).toBe(1);
  });

  it('that do not exist are not remembered', async () => {
    const id = randomUUID();
    expect(await sources.find(id)).toBeNull();
    const before = queries;
    expect(await sources.find(id)).toBeNull();
    expect(queries - before).toBe(1);
  });

  it('a store counts from when it is ready', async () => {
    const id = randomUUID();
    await database.db.asOrchestrator((tx) =>
      tx
        .insertInto('stores')
        .values({
          id,
          userId: owner.userId,
          name: 'Tea',
          slug: id,
          engine: 'medusa',
          namespace: id,
          correlationId: 'c',
        })
        .execute(),
    );
    expect(await sources.find(id)).toMatchObject({ storeId: id, countsFrom: 'never' });
    const readyAt = new Date('2026-01-05T10:00:00Z');
    await database.db.asOrchestrator((tx) => tx.updateTable('stores').set({ readyAt }).where('id', '=', id).execute());
    await expect.poll(async () => (await sources.find(id))?.countsFrom).toEqual(readyAt);
  });
});
