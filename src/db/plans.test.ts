import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { listApiKeys, userOfApiKey } from './api-keys.ts';
import { listAudit } from './audit.ts';
import { withClient } from './connect.ts';
import type { Actor, Database, Tx } from './database.ts';
import { claimIdempotencyKey } from './idempotency.ts';
import { readFeed } from './order-feed.ts';
import { sumsOf, sumsOfHours, topProducts, valuesAt } from './order-figures.ts';
import { headsOf } from './order-heads.ts';
import { listOrders } from './orders.ts';
import { findPort } from './ports.ts';
import { userOfSession } from './sessions.ts';
import { eventsAfter, eventsOfCorrelation, findEvents, listEvents } from './store-events.ts';
import { listStores } from './store-list.ts';
import { listSecrets } from './store-secrets.ts';
import { findStore, findStoreBySlug, lockAndCountStores, lockStore, storesNeedingWork } from './stores.ts';
import { listUsage } from './store-usage.ts';
import { userByEmail } from './users.ts';

const STORES = 100_000;
const USERS = 10_000;
/** No page is longer, and what is read on the way to it must stay in proportion. */
const PAGE = 50;
const ROWS_READ_AT_MOST = 6 * PAGE;

/** One store in ten has had an order, and those of our member have. */
const SELLS = `slug LIKE '%9'`;

const SEED = `
  ALTER TABLE stores DISABLE TRIGGER stores_notify;
  ALTER TABLE store_events DISABLE TRIGGER store_events_notify;
  ALTER TABLE order_sources DISABLE TRIGGER order_sources_notify;
  INSERT INTO users (email, role) SELECT 'user-' || n || '@example.com', 'member' FROM generate_series(1, ${USERS}) n;
  INSERT INTO api_keys (user_id, name, key_hash, hint) SELECT id, 'key', sha256(email::bytea), 'sp' FROM users;
  INSERT INTO sessions (user_id, token_hash, expires_at) SELECT id, sha256(email::bytea), now() + interval '1 day' FROM users;
  INSERT INTO stores (user_id, name, slug, engine, status, namespace, idempotency_key, correlation_id, created_at)
    SELECT u.id, 'Store ' || n, 'store-' || n, 'medusa', CASE WHEN n % 2000 = 0 THEN 'provisioning' ELSE 'ready' END,
      'store-store-' || n, 'key-' || n, 'request-' || n, now() - n * interval '1 minute'
    FROM generate_series(1, ${STORES}) n
    JOIN (SELECT id, row_number() OVER (ORDER BY email) AS number FROM users) u ON u.number = 1 + n % ${USERS};
  INSERT INTO store_events (store_id, event_type, message, correlation_id)
    SELECT id, 'created', 'Created', correlation_id FROM stores;
  INSERT INTO store_secrets (store_id, name, key_id, ciphertext) SELECT id, 'admin', 'k', '\\x00' FROM stores;
  INSERT INTO store_usage (store_id, at, memory_bytes, cpu_seconds, disk_bytes) SELECT id, now(), 1, 1, 1 FROM stores;
  INSERT INTO audit_log (actor_id, actor, action, store_id) SELECT user_id, 'someone', 'store.create', id FROM stores;
  INSERT INTO idempotency_keys (user_id, key, request_hash, expires_at)
    SELECT user_id, idempotency_key, '\\x00', now() + interval '1 day' FROM stores;
  INSERT INTO ports (port, store_id) SELECT 20000 + row_number() OVER (), id FROM stores LIMIT 4000;
  INSERT INTO orders (source_id, external_id, currency, placed_at, total, refunded, paid, cancelled, items, told_by, told_by_event)
    SELECT id, 'order-' || id, 'EUR', created_at, 350, 0, false, false, '[]', 'placed', 'event' FROM stores WHERE ${SELLS};
  INSERT INTO order_values SELECT id, '2026-11-20 10:00Z', 'EUR', 350, 1 FROM stores WHERE ${SELLS};
  INSERT INTO order_products SELECT id, '2026-11-20 10:00Z', 'Coffee', 1 FROM stores WHERE ${SELLS};
  INSERT INTO order_heads SELECT id, 1 FROM stores WHERE ${SELLS};
  INSERT INTO order_feed (seq, source_id, change) SELECT row_number() OVER (), id, '{}' FROM stores WHERE ${SELLS};
  ALTER TABLE stores ENABLE TRIGGER stores_notify;
  ALTER TABLE store_events ENABLE TRIGGER store_events_notify;
  ALTER TABLE order_sources ENABLE TRIGGER order_sources_notify;
`;

let database: TestDatabase;
let member: Actor;
let admin: Actor;
let storeId: string;
let cursor: string;
let orderCursor: string;
const DAY = { start: new Date('2026-11-20T00:00:00Z'), end: new Date('2026-11-21T00:00:00Z') };
const hash = createHash('sha256').update('user-500@example.com').digest();

beforeAll(async () => {
  database = await testDatabase({ poolSize: 2 });
  const administrator = { ...database.superuser, name: database.settings.name };
  await withClient(administrator, async (client) => {
    await client.query(SEED);
    await client.query('VACUUM ANALYZE');
  });
  admin = await testUser(database.db, 'admin');
  const identity = await database.db.asStranger((tx) => userByEmail(tx, 'user-500@example.com'));
  member = { userId: identity!.userId, role: 'member', email: identity!.email };
  const first = await database.db.asUser(member, (tx) => listStores(tx, { limit: 5 }));
  storeId = first.stores[0]!.id;
  orderCursor = Buffer.from(`${Date.now() - (STORES / 2) * 60_000} ${storeId} x`).toString('base64url');
  cursor = (await database.db.asUser(admin, (tx) => listStores(tx, { limit: 1, offset: STORES / 2 }))).nextCursor!;
});

afterAll(() => database.close());

type Role = (db: Database) => <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
const asMember: Role = (db) => (work) => db.asUser(member, work);
const asAdmin: Role = (db) => (work) => db.asUser(admin, work);
const asStranger: Role = (db) => (work) => db.asStranger(work);
const asOrchestrator: Role = (db) => (work) => db.asOrchestrator(work);

/** Each hot statement by the function that sends it, and the indexes that are meant for it (one of them must serve). */
const STATEMENTS: [name: string, role: Role, work: (tx: Tx) => Promise<unknown>, indexes: string[]][] = [
  [
    "a member's stores",
    asMember,
    (tx) => listStores(tx, { limit: PAGE }),
    ['stores_user_id', 'stores_user_id_created_at'],
  ],
  [
    "a member's next page",
    asMember,
    (tx) => listStores(tx, { limit: 3, offset: 3 }),
    ['stores_user_id', 'stores_user_id_created_at'],
  ],
  [
    "a member's stores counted for the quota",
    asMember,
    (tx) => lockAndCountStores(tx, member.userId),
    ['stores_user_id', 'stores_user_id_created_at', 'stores_user_id_idempotency_key_key'],
  ],
  [
    'all stores, newest first, with their number',
    asAdmin,
    (tx) => listStores(tx, { limit: PAGE }),
    ['stores_created_at'],
  ],
  [
    'a page in the middle, by its cursor',
    asAdmin,
    (tx) => listStores(tx, { limit: PAGE, cursor }),
    ['stores_created_at'],
  ],
  [
    "one owner's stores, for an admin",
    asAdmin,
    (tx) => listStores(tx, { limit: PAGE, ownerId: member.userId }),
    ['stores_user_id', 'stores_user_id_created_at'],
  ],
  ['stores in a rare status', asAdmin, (tx) => listStores(tx, { limit: PAGE, status: 'failed' }), ['stores_status']],
  ['a store by id', asMember, (tx) => findStore(tx, storeId), ['stores_pkey']],
  ['a store to be changed', asMember, (tx) => lockStore(tx, storeId), ['stores_pkey']],
  ['a store by host name', asOrchestrator, (tx) => findStoreBySlug(tx, 'store-4711'), ['stores_slug_key']],
  ['stores that need work', asOrchestrator, (tx) => storesNeedingWork(tx), ['stores_status']],
  ["a store's timeline", asMember, (tx) => listEvents(tx, storeId, { limit: PAGE }), ['store_events_store_id']],
  [
    "a store's timeline, for an admin",
    asAdmin,
    (tx) => listEvents(tx, storeId, { limit: PAGE }),
    ['store_events_store_id'],
  ],
  ["the replay of a member's stream", asMember, (tx) => eventsAfter(tx, 10, PAGE), ['store_events_store_id']],
  ["the replay of an admin's stream", asAdmin, (tx) => eventsAfter(tx, 10, PAGE), ['store_events_pkey']],
  ['events that were notified', asMember, (tx) => findEvents(tx, [5, 500, 50_000]), ['store_events_pkey']],
  [
    'what one request did',
    asOrchestrator,
    (tx) => eventsOfCorrelation(tx, 'request-4711'),
    ['store_events_correlation_id'],
  ],
  ['the holder of an API key', asStranger, (tx) => userOfApiKey(tx, hash), ['api_keys_key_hash_key']],
  ['the holder of a session', asStranger, (tx) => userOfSession(tx, hash), ['sessions_token_hash_key']],
  ['a person by address', asStranger, (tx) => userByEmail(tx, 'User-77@example.com'), ['users_email_key']],
  ["a person's API keys", asMember, (tx) => listApiKeys(tx, member.userId), ['api_keys_user_id']],
  ['an idempotency key', asMember, claimKey, ['idempotency_keys_pkey']],
  ["a store's secrets", asOrchestrator, (tx) => listSecrets(tx, storeId), ['store_secrets_pkey']],
  ["a store's secrets, for its owner", asMember, (tx) => listSecrets(tx, storeId), ['store_secrets_pkey']],
  ["a store's use", asMember, (tx) => listUsage(tx, storeId, PAGE), ['store_usage_pkey']],
  ["a store's port", asOrchestrator, (tx) => findPort(tx, storeId), ['ports_store_id_key']],
  ['the audit log', asAdmin, (tx) => listAudit(tx, { limit: PAGE }), ['audit_log_pkey', 'audit_log_at']],
  [
    "a source's orders",
    asMember,
    (tx) => listOrders(tx, { sourceId: storeId, limit: PAGE }),
    ['orders_source_placed_at'],
  ],
  ["a member's orders", asMember, (tx) => listOrders(tx, { sourceId: null, limit: PAGE }), ['orders_source_placed_at']],
  ['all orders, newest first', asAdmin, (tx) => listOrders(tx, { sourceId: null, limit: PAGE }), ['orders_placed_at']],
  [
    'a page of orders in the middle, by its cursor',
    asAdmin,
    (tx) => listOrders(tx, { sourceId: null, limit: PAGE, before: orderCursor }),
    ['orders_placed_at'],
  ],
  ["what changed in a member's orders", asMember, (tx) => headsOf(tx, { sourceId: null }), ['order_sources_user_id']],
  [
    "the hours of a member's day",
    asMember,
    (tx) => sumsOfHours(tx, { sourceId: null }, [DAY.start], DAY.end),
    ['order_values_pkey'],
  ],
  [
    "the order values of a member's day",
    asMember,
    (tx) => valuesAt(tx, { sourceId: null }, DAY, 'EUR', [0, 1]),
    ['order_values_pkey'],
  ],
  [
    "what sold most on a member's day",
    asMember,
    (tx) => topProducts(tx, { sourceId: null }, DAY, 5),
    ['order_products_pkey'],
  ],
  [
    "a member's day up to a moment",
    asMember,
    (tx) => sumsOf(tx, { sourceId: null }, DAY, { start: DAY.end, end: new Date(DAY.end.getTime() + 60_000) }),
    ['order_values_pkey'],
  ],
  ['what changed in orders since', asOrchestrator, (tx) => readFeed(tx, STORES / 20, PAGE), ['order_feed_pkey']],
  ['the audit log of a store', asAdmin, (tx) => listAudit(tx, { limit: PAGE, storeId }), ['audit_log_store_id']],
];

function claimKey(tx: Tx): Promise<unknown> {
  const expiresAt = new Date(Date.now() + 60_000);
  return claimIdempotencyKey(tx, { userId: member.userId, key: 'a-new-one', requestHash: hash, expiresAt });
}

interface Use {
  /** Scans of each index that was used. */
  indexes: Map<string, number>;
  /** Rows and index entries read in all. */
  read: number;
}

/** PostgreSQL's own counters of this connection: what really ran, inside functions and policies too. */
async function counters(tx: Tx): Promise<Use> {
  const { rows } = await sql<{ relname: string; kind: string; scans: number; read: number }>`
    SELECT relname, relkind AS kind, pg_stat_get_xact_numscans(oid) AS scans, pg_stat_get_xact_tuples_returned(oid) AS read
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')`.execute(tx);
  const indexes = rows.filter(({ kind }) => kind === 'i').map(({ relname, scans }) => [relname, scans] as const);
  return { indexes: new Map(indexes), read: rows.reduce((sum, { read }) => sum + read, 0) };
}

async function measure(
  role: Role,
  planMode: string,
  work: (tx: Tx) => Promise<unknown>,
): Promise<{ used: string[]; read: number }> {
  return role(database.db)(async (tx) => {
    await sql.raw(`SET LOCAL plan_cache_mode = ${planMode}`).execute(tx);
    const before = await counters(tx);
    await work(tx);
    const after = await counters(tx);
    const used = [...after.indexes].filter(([index, scans]) => scans > (before.indexes.get(index) ?? 0));
    return { used: used.map(([index]) => index), read: after.read - before.read };
  });
}

describe.each(['force_custom_plan', 'force_generic_plan'])('DAT-2: with 100,000 stores and %s', (planMode) => {
  it.each(STATEMENTS)('%s', async (_name, role, work, indexes) => {
    const { used, read } = await measure(role, planMode, work);
    expect(
      used.filter((index) => indexes.includes(index)),
      `used ${used.join(', ')}`,
    ).not.toEqual([]);
    expect(read).toBeLessThanOrEqual(ROWS_READ_AT_MOST);
  });
});

it('DAT-2: the number of all stores is exact without counting them', async () => {
  const page = await database.db.asUser(admin, (tx) => listStores(tx, { limit: 1 }));
  expect(page.total).toBe(STORES);
});
