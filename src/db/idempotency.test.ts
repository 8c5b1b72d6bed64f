import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import type { Actor, Tx } from './database.ts';
import { claimIdempotencyKey, deleteExpiredIdempotencyKeys, saveAnswer } from './idempotency.ts';

let database: TestDatabase;
let person: Actor;

beforeAll(async () => {
  database = await testDatabase();
  person = await testUser(database.db);
});

afterAll(() => database.close());

const requestHash = randomBytes(32);
const answer = { statusCode: 202, headers: { location: '/api/v1/stores/1' }, body: { id: '1', tags: ['a'] } };

function claim(tx: Tx, key: string, lifetimeMs = 60_000) {
  const expiresAt = new Date(Date.now() + lifetimeMs);
  return claimIdempotencyKey(tx, { userId: person.userId, key, requestHash, expiresAt });
}

describe('API-3: an idempotency key', () => {
  it('is won by one of twenty that arrive at once; the others get its answer', async () => {
    let worked = 0;
    const post = (tx: Tx) =>
      claim(tx, 'twenty').then(async (first) => {
        if (first) return first;
        worked += 1;
        await saveAnswer(tx, { userId: person.userId, key: 'twenty' }, answer);
        return { requestHash, ...answer };
      });
    const answers = await Promise.all(Array.from({ length: 20 }, () => database.db.asUser(person, post)));
    expect(worked).toBe(1);
    for (const each of answers) expect(each).toEqual({ requestHash, ...answer });
  });

  it('passes to the next one when the first fails', async () => {
    const failing = database.db.asUser(person, async (tx) => {
      await claim(tx, 'failing');
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    expect(await database.db.asUser(person, (tx) => claim(tx, 'failing'))).toBeNull();
  });

  it("is a person's own", async () => {
    const other = await testUser(database.db);
    expect(await database.db.asUser(person, (tx) => claim(tx, 'mine'))).toBeNull();
    const theirs = { userId: other.userId, key: 'mine', requestHash, expiresAt: new Date(Date.now() + 60_000) };
    expect(await database.db.asUser(other, (tx) => claimIdempotencyKey(tx, theirs))).toBeNull();
  });

  it('is free again when it has expired, without its old answer', async () => {
    await database.db.asUser(person, async (tx) => {
      await claim(tx, 'old', -1000);
      await saveAnswer(tx, { userId: person.userId, key: 'old' }, answer);
    });
    expect(await database.db.asUser(person, (tx) => claim(tx, 'old'))).toBeNull();
    const kept = await database.db.asUser(person, (tx) => claim(tx, 'old'));
    expect(kept).toEqual({ requestHash, statusCode: null, headers: null, body: null });
  });

  it('is removed some time after it has expired', async () => {
    await database.db.asUser(person, (tx) => claim(tx, 'sweep', -1000));
    await database.db.asOrchestrator((tx) => deleteExpiredIdempotencyKeys(tx));
    expect(await database.db.asUser(person, (tx) => claim(tx, 'sweep'))).toBeNull();
    expect(await database.db.asUser(person, (tx) => claim(tx, 'mine'))).not.toBeNull();
  });
});
