import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { tell, toldOrder } from '../../test/support/told-orders.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { addAudit, listAudit } from './audit.ts';
import { withClient } from './connect.ts';
import type { Actor, Tx } from './database.ts';
import { claimIdempotencyKey } from './idempotency.ts';
import { addSourceSecret, findOrderSource, insertOrderSource, listOrderSources } from './order-sources.ts';
import { listOrders } from './orders.ts';
import { insertSession } from './sessions.ts';
import { addEvent, eventsAfter, findEvents, listEvents } from './store-events.ts';
import { listStores } from './store-list.ts';
import { listSecrets, insertSecrets } from './store-secrets.ts';
import { addUsage } from './store-usage.ts';
import { changeStatus, enqueueReconcile, findStore, insertStore, lockStore } from './stores.ts';
import { insertSignInLink } from './sign-in-links.ts';
import { deleteUser, findUser, insertUser, listUsers, updateUser } from './users.ts';

let database: TestDatabase;
let alice: Actor;
let bob: Actor;
let admin: Actor;
let storeId: string;

/** Every table with rows of a person, and how to tell that they are there. */
const TABLES = [
  'users',
  'sign_in_links',
  'sessions',
  'api_keys',
  'stores',
  'store_events',
  'store_secrets',
  'store_usage',
  'idempotency_keys',
  'audit_log',
  'order_sources',
  'order_source_secrets',
  'orders',
  'order_values',
  'order_products',
  'order_heads',
  'live_tickets',
];
/** What is for one person alone. */
const NOT_FOR_ADMINS = new Set(['idempotency_keys', 'live_tickets']);
const PLATFORM_TABLES = [
  'installation',
  'ports',
  'orphans',
  'store_totals',
  'gone_order_sources',
  'order_keys',
  'order_batches',
  'order_events',
  'order_events_rest',
  'order_feed',
  'order_feed_clock',
];

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  alice = await testUser(db);
  bob = await testUser(db);
  admin = await testUser(db, 'admin');
  storeId = randomUUID();
  await db.asUser(alice, (tx) => everythingOf(tx, alice));
  await tell(db, [toldOrder(storeId)]);
  await db.asOrchestrator(async (tx) => {
    await insertSecrets(tx, storeId, [{ name: 'admin', keyId: 'k', ciphertext: Buffer.from('sealed') }]);
    await addUsage(tx, storeId, { at: new Date(), memoryBytes: 1, cpuSeconds: 1, diskBytes: 1 });
  });
});

afterAll(() => database.close());

async function everythingOf(tx: Tx, actor: Actor): Promise<void> {
  const { userId } = actor;
  const later = new Date(Date.now() + 60_000);
  await insertStore(tx, {
    id: storeId,
    userId,
    name: 'Tea House',
    slug: 'tea-house-7f3a',
    engine: 'medusa',
    namespace: 'store-tea-house-7f3a',
    idempotencyKey: 'key',
    correlationId: 'c',
  });
  await addEvent(tx, { storeId, type: 'created', message: 'Created', correlationId: 'c' });
  await insertApiKey(tx, { userId, name: 'mine', keyHash: randomBytes(32), hint: 'sp_ab' });
  await insertSession(tx, { userId, tokenHash: randomBytes(32), userAgent: null, address: null, expiresAt: later });
  await insertSignInLink(tx, { userId, tokenHash: randomBytes(32), expiresAt: later });
  await claimIdempotencyKey(tx, { userId, key: 'key', requestHash: Buffer.alloc(32), expiresAt: later });
  const sourceId = (await insertOrderSource(tx, { userId, name: 'Till' })).id;
  await addSourceSecret(tx, { id: randomUUID(), sourceId, keyId: 'k', ciphertext: Buffer.from('sealed') });
  const ticket = { tokenHash: randomBytes(32), userId, credentialKind: 'session', credentialId: null } as const;
  await tx
    .insertInto('liveTickets')
    .values({ ...ticket, expiresAt: later })
    .execute();
  await addAudit(tx, { actorId: userId, actor: actor.email, action: 'store.create', storeId });
}

async function count(tx: Tx, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) FROM ${sql.table(table)}`.execute(tx);
  return rows[0]?.count ?? -1;
}

/** The SQLSTATE that a statement is refused with, or the number of rows that it touched. */
async function outcome(actor: Actor, statement: string): Promise<string | number> {
  return database.db
    .asUser(actor, async (tx) => Number((await sql.raw(statement).execute(tx)).numAffectedRows ?? 0))
    .catch((error: { code?: string }) => error.code ?? String(error));
}

describe('IDN-2: row-level security', () => {
  it.each(TABLES)('shows %s to whom they belong and to nobody else', async (table) => {
    const { db } = database;
    const own = table === 'users' ? 1 : 0;
    expect(await db.asUser(alice, (tx) => count(tx, table))).toBeGreaterThan(0);
    expect(await db.asUser(bob, (tx) => count(tx, table))).toBe(own);
    expect(await db.asStranger((tx) => count(tx, table))).toBe(0);
    expect(await db.asOrchestrator((tx) => count(tx, table))).toBeGreaterThan(0);
  });

  it.each(TABLES.filter((table) => !NOT_FOR_ADMINS.has(table)))('shows %s to an admin', async (table) => {
    expect(await database.db.asUser(admin, (tx) => count(tx, table))).toBeGreaterThan(0);
  });

  it.each([...NOT_FOR_ADMINS])("hides another's %s even from an admin", async (table) => {
    expect(await database.db.asUser(admin, (tx) => count(tx, table))).toBe(0);
  });

  it.each(PLATFORM_TABLES)('keeps %s for the platform itself', async (table) => {
    expect(await outcome(alice, `SELECT * FROM ${table}`)).toBe('42501');
  });

  it('gives every table of ours a policy, so that a new one is not forgotten', async () => {
    const unguarded = await database.db.asOrchestrator((tx) =>
      sql`
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND relname NOT LIKE 'schema_migrations%' AND NOT (relrowsecurity AND relforcerowsecurity)`.execute(tx),
    );
    expect(unguarded.rows).toEqual([]);
  });

  it.each([...TABLES, ...PLATFORM_TABLES])('shows nothing of %s to a statement that forgot its role', async (table) => {
    const rows = await withClient(
      database.settings,
      async (client) => (await client.query(`SELECT * FROM ${table}`)).rows,
    );
    expect(rows).toEqual([]);
  });

  it("makes another's store look like a missing one in every repository function", async () => {
    await database.db.asUser(bob, async (tx) => {
      expect(await findStore(tx, storeId)).toBeNull();
      expect(await lockStore(tx, storeId)).toBeNull();
      expect((await listStores(tx, { limit: 10 })).total).toBe(0);
      expect((await listStores(tx, { limit: 10, ownerId: alice.userId })).stores).toEqual([]);
      expect(await listEvents(tx, storeId, { limit: 10 })).toEqual([]);
      expect(await eventsAfter(tx, 0, 10)).toEqual([]);
      expect(await findEvents(tx, [1, 2, 3])).toEqual([]);
      expect(await listSecrets(tx, storeId)).toEqual([]);
      expect(await listApiKeys(tx, alice.userId)).toEqual([]);
      expect(await listAudit(tx, { limit: 10 })).toEqual([]);
      expect(await findOrderSource(tx, storeId)).toBeNull();
      expect(await listOrderSources(tx)).toEqual([]);
      expect((await listOrders(tx, { sourceId: null, limit: 10 })).orders).toEqual([]);
      expect((await listOrders(tx, { sourceId: storeId, limit: 10 })).orders).toEqual([]);
      expect((await listUsers(tx, { limit: 10 })).total).toBe(1);
      await expect(changeStatus(tx, storeId, 'delete')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it.each([
    [`UPDATE stores SET name = 'taken over'`],
    [`UPDATE api_keys SET revoked_at = now()`],
    [`UPDATE order_sources SET name = 'taken over'`],
    [`DELETE FROM order_sources`],
    [`UPDATE order_source_secrets SET expires_at = now()`],
    [`DELETE FROM order_source_secrets`],
    [`DELETE FROM sessions`],
    [`DELETE FROM sign_in_links`],
    [`DELETE FROM idempotency_keys`],
    [`DELETE FROM live_tickets`],
  ])("does not let another change what they don't see: %s", async (statement) => {
    expect(await outcome(bob, statement)).toBe(0);
  });

  it.each([
    [
      'write for another',
      `INSERT INTO stores (user_id, name, slug, engine, namespace, correlation_id) VALUES ('$alice', 'x', 'x-1', 'medusa', 'x-1', 'c')`,
    ],
    [
      'write into the timeline of another',
      `INSERT INTO store_events (store_id, event_type, message) VALUES ('$store', 'x', 'x')`,
    ],
    [
      'make a key for another',
      `INSERT INTO api_keys (user_id, name, key_hash, hint) VALUES ('$alice', 'x', '\\x00', 'x')`,
    ],
    ['speak in the name of another', `INSERT INTO audit_log (actor_id, actor, action) VALUES ('$alice', 'alice', 'x')`],
    ['rewrite history', `UPDATE audit_log SET actor = 'x'`],
    ['make themselves admin', `UPDATE users SET role = 'admin'`],
    ['make people', `INSERT INTO users (email, role) VALUES ('x@example.com', 'admin')`],
    ['read password hashes', `SELECT password_hash FROM users`],
    ['read hashes of keys', `SELECT key_hash FROM api_keys`],
    ['give their store away', `UPDATE stores SET user_id = '$alice'`],
    ['delete rows of stores', `DELETE FROM stores`],
    ['change secrets', `UPDATE store_secrets SET ciphertext = '\\x00'`],
    ['make a source for another', `INSERT INTO order_sources (user_id, name) VALUES ('$alice', 'x')`],
    ['give their source away', `UPDATE order_sources SET user_id = '$alice'`],
    [
      "sign with another's source",
      `INSERT INTO order_source_secrets (source_id, key_id, ciphertext) VALUES ('$store', 'k', '')`,
    ],
    ['read the secrets that sources sign with', `SELECT ciphertext FROM order_source_secrets`],
    ['change orders', `UPDATE orders SET total = 0`],
    ['change figures', `DELETE FROM order_values`],
    ['make figures up', `INSERT INTO order_products VALUES ('$store', now(), 'x', 1)`],
    ["look with another's eyes", `INSERT INTO live_tickets VALUES ('', '$alice', 'session', NULL, now())`],
    ['read tickets', `SELECT token_hash FROM live_tickets`],
    ['read jobs', `SELECT * FROM graphile_worker.jobs`],
  ])('does not let a member %s', async (_what, statement) => {
    const text = statement.replace('$alice', alice.userId).replace('$store', storeId);
    expect(await outcome(bob, text)).toBe('42501');
  });

  it('lets an admin manage people, and see every store', async () => {
    await database.db.asUser(admin, async (tx) => {
      const carol = await insertUser(tx, { email: 'Carol@example.com', role: 'member' });
      expect(await insertUser(tx, { email: 'carol@EXAMPLE.com', role: 'member' })).toBeNull();
      const suspended = await updateUser(tx, carol!.id, { suspendedAt: new Date(), role: 'admin' });
      expect(suspended).toMatchObject({ role: 'admin', suspendedAt: expect.any(Date) });
      expect(await deleteUser(tx, carol!.id)).toBe(true);
      expect(await deleteUser(tx, carol!.id)).toBe(false);
      expect(await findUser(tx, carol!.id)).toBeNull();
      expect((await findStore(tx, storeId))?.userId).toBe(alice.userId);
      expect((await listApiKeys(tx, alice.userId)).length).toBe(1);
    });
  });

  it('lets a member use what is theirs', async () => {
    await database.db.asUser(alice, async (tx) => {
      expect((await findStore(tx, storeId))?.name).toBe('Tea House');
      const [key] = await listApiKeys(tx, alice.userId);
      const revoked = await revokeApiKey(tx, key!.id);
      expect(revoked?.revokedAt).toBeInstanceOf(Date);
      expect(await revokeApiKey(tx, key!.id)).toEqual(revoked);
      expect(await updateUser(tx, alice.userId, { passwordHash: 'scrypt' })).toMatchObject({ id: alice.userId });
      await enqueueReconcile(tx, storeId, 'c');
      await enqueueReconcile(tx, storeId, 'd');
    });
    const jobs = await withClient(database.settings, (client) =>
      client.query(`SELECT key, queue_name FROM graphile_worker.jobs`),
    );
    expect(jobs.rows).toEqual([{ key: `store:${storeId}`, queue_name: `store:${storeId}` }]);
  });
});
