import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { insertApiKey, revokeApiKey, touchApiKey, userOfApiKey } from './api-keys.ts';
import type { Actor } from './database.ts';
import { deleteExpiredSessions, deleteSession, deleteSessionsOf, insertSession, userOfSession } from './sessions.ts';
import { deleteExpiredSignInLinks, deleteSignInLinksOf, insertSignInLink, redeemSignInLink } from './sign-in-links.ts';
import { deleteUser, lockAndCountAdmins, updateUser, userByEmail, userById } from './users.ts';

let database: TestDatabase;
let person: Actor;
const soon = () => new Date(Date.now() + 60_000);
const past = () => new Date(Date.now() - 60_000);

beforeAll(async () => {
  database = await testDatabase();
});

beforeAll(async () => {
  person = await testUser(database.db);
});

afterAll(() => database.close());

async function makeSession(expiresAt: Date): Promise<{ id: string; tokenHash: Buffer }> {
  const tokenHash = randomBytes(32);
  const session = { userId: person.userId, tokenHash, userAgent: 'x'.repeat(600), address: '::1', expiresAt };
  const { id } = await database.db.asUser(person, (tx) => insertSession(tx, session));
  return { id, tokenHash };
}

async function makeKey(expiresAt: Date | null): Promise<{ id: string; keyHash: Buffer }> {
  const keyHash = randomBytes(32);
  const key = { userId: person.userId, name: 'key', keyHash, hint: 'sp_1234', expiresAt };
  const { id } = await database.db.asUser(person, (tx) => insertApiKey(tx, key));
  return { id, keyHash };
}

const holderOfSession = (hash: Buffer) => database.db.asStranger((tx) => userOfSession(tx, hash));
const holderOfKey = (hash: Buffer) => database.db.asStranger((tx) => userOfApiKey(tx, hash));
const redeem = (hash: Buffer) => database.db.asStranger((tx) => redeemSignInLink(tx, hash));

describe('IDN-1: the doors', () => {
  it('know the holder of a session until it ends', async () => {
    const { id, tokenHash } = await makeSession(soon());
    expect(await holderOfSession(tokenHash)).toMatchObject({
      ...person,
      credentialId: id,
      expiresAt: expect.any(Date),
    });
    await database.db.asUser(person, (tx) => deleteSession(tx, id));
    expect(await holderOfSession(tokenHash)).toBeNull();
    expect(await holderOfSession((await makeSession(past())).tokenHash)).toBeNull();
    const another = await makeSession(soon());
    await database.db.asUser(person, (tx) => deleteSessionsOf(tx, person.userId));
    expect(await holderOfSession(another.tokenHash)).toBeNull();
  });

  it('know the holder of an API key until it expires or is revoked', async () => {
    const { id, keyHash } = await makeKey(null);
    expect(await holderOfKey(keyHash)).toEqual({ ...person, credentialId: id, expiresAt: null });
    expect(await holderOfKey((await makeKey(soon())).keyHash)).not.toBeNull();
    expect(await holderOfKey((await makeKey(past())).keyHash)).toBeNull();
    await database.db.asUser(person, (tx) => revokeApiKey(tx, id));
    expect(await holderOfKey(keyHash)).toBeNull();
    expect(await holderOfKey(randomBytes(32))).toBeNull();
  });

  it("note a key's use at most once a minute", async () => {
    const { id } = await makeKey(null);
    const lastUse = async () => {
      await database.db.asStranger((tx) => touchApiKey(tx, id));
      const { rows } = await database.db.asOrchestrator((tx) =>
        sql<{ lastUsedAt: Date }>`SELECT last_used_at FROM api_keys WHERE id = ${id}`.execute(tx),
      );
      return rows[0]?.lastUsedAt;
    };
    const first = await lastUse();
    expect(first).toBeInstanceOf(Date);
    expect(await lastUse()).toEqual(first);
  });

  it('let a sign-in link be used by one of two at once, and once', async () => {
    const tokenHash = randomBytes(32);
    await database.db.asUser(person, (tx) =>
      insertSignInLink(tx, { userId: person.userId, tokenHash, expiresAt: soon() }),
    );
    const both = await Promise.all([redeem(tokenHash), redeem(tokenHash)]);
    expect(both.filter(Boolean)).toEqual([person]);
    expect(await redeem(tokenHash)).toBeNull();
  });

  it('refuse a sign-in link that has expired or was taken back', async () => {
    const [expired, withdrawn] = [randomBytes(32), randomBytes(32)];
    await database.db.asUser(person, async (tx) => {
      await insertSignInLink(tx, { userId: person.userId, tokenHash: expired, expiresAt: past() });
      await insertSignInLink(tx, { userId: person.userId, tokenHash: withdrawn, expiresAt: soon() });
    });
    expect(await redeem(expired)).toBeNull();
    await database.db.asUser(person, (tx) => deleteSignInLinksOf(tx, person.userId));
    expect(await redeem(withdrawn)).toBeNull();
  });

  it('find people by id, and by address in any case', async () => {
    await database.db.asUser(person, (tx) => updateUser(tx, person.userId, { passwordHash: 'scrypt' }));
    const found = await database.db.asStranger((tx) => userByEmail(tx, person.email.toUpperCase()));
    expect(found).toEqual({ ...person, passwordHash: 'scrypt' });
    expect(await database.db.asStranger((tx) => userById(tx, person.userId))).toEqual(person);
    expect(await database.db.asStranger((tx) => userByEmail(tx, 'nobody@example.com'))).toBeNull();
  });

  it('are closed to who is suspended', async () => {
    const session = await makeSession(soon());
    const key = await makeKey(null);
    const admin = await testUser(database.db, 'admin');
    await database.db.asUser(admin, (tx) => updateUser(tx, person.userId, { suspendedAt: new Date() }));
    expect(await holderOfSession(session.tokenHash)).toBeNull();
    expect(await holderOfKey(key.keyHash)).toBeNull();
    expect(await database.db.asStranger((tx) => userByEmail(tx, person.email))).toBeNull();
    expect(await database.db.asStranger((tx) => userById(tx, person.userId))).toBeNull();
    await database.db.asUser(admin, (tx) => updateUser(tx, person.userId, { suspendedAt: null }));
    expect(await holderOfSession(session.tokenHash)).not.toBeNull();
  });

  it('do not count suspended admins, and close with a person who is removed', async () => {
    const admin = await testUser(database.db, 'admin');
    const before = await database.db.asUser(admin, (tx) => lockAndCountAdmins(tx));
    const leaving = await testUser(database.db, 'admin');
    expect(await database.db.asUser(admin, (tx) => lockAndCountAdmins(tx))).toBe(before + 1);
    await database.db.asUser(admin, (tx) => updateUser(tx, leaving.userId, { suspendedAt: new Date() }));
    expect(await database.db.asUser(admin, (tx) => lockAndCountAdmins(tx))).toBe(before);
    expect(await database.db.asUser(admin, (tx) => deleteUser(tx, leaving.userId))).toBe(true);
  });

  it('keep nothing that has expired', async () => {
    await makeSession(past());
    await database.db.asOrchestrator(async (tx) => {
      await insertSignInLink(tx, { userId: person.userId, tokenHash: randomBytes(32), expiresAt: past() });
      await deleteExpiredSessions(tx);
      await deleteExpiredSignInLinks(tx);
      const { rows } = await sql`
        SELECT FROM sessions WHERE expires_at < now() UNION ALL SELECT FROM sign_in_links WHERE expires_at < now()`.execute(
        tx,
      );
      expect(rows).toEqual([]);
    });
  });
});
