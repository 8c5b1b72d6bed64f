import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { insertSource, keepBatch, tell, toldOrder } from '../../test/support/told-orders.ts';
import { withClient } from '../db/connect.ts';
import type { Actor, Database } from '../db/database.ts';
import { applyBatches } from './apply.ts';
import type { OrderEvent } from './order.ts';
import { recount } from './recount.ts';
import { keepRetention } from './retention.ts';

let database: TestDatabase;
let db: Database;
let owner: Actor;
let sourceId: string;

beforeEach(async () => {
  database = await testDatabase();
  db = database.db;
  owner = await testUser(db);
  sourceId = await insertSource(db, owner);
});

afterEach(() => database.close());

const now = new Date();
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const keep = (days = 30) => keepRetention(db, { days, now });
const execute = (statement: string) => db.asOrchestrator((tx) => sql.raw(statement).execute(tx));

async function count(table: string): Promise<number> {
  const { rows } = await db.asOrchestrator((tx) =>
    sql<{ count: number }>`SELECT count(*) FROM ${sql.table(table)}`.execute(tx),
  );
  return rows[0]!.count;
}

/** Placed 40 days ago, give or take. */
const old = (): OrderEvent =>
  toldOrder(sourceId, { placedAt: new Date(daysAgo(40).getTime() + Math.random() * 3_600_000) });

describe('what is older than the retention', () => {
  it('goes with its figures, by whole quarters, and the rest stays right', async () => {
    const some = Array.from({ length: 3 }, (_, n) => toldOrder(sourceId, { placedAt: daysAgo(31 + n) }));
    const cut = daysAgo(30).getTime();
    const [before, after] = [-16, 1].map((minutes) =>
      toldOrder(sourceId, { placedAt: new Date(cut + minutes * 60_000) }),
    );
    await tell(db, [...some, before!, after!, toldOrder(sourceId)]);
    await execute(`DELETE FROM order_events WHERE placed_at < now() - interval '30 days'`);
    await keep();
    const orders = await db.asOrchestrator((tx) => tx.selectFrom('orders').select('externalId').execute());
    expect(orders).toHaveLength(2);
    expect(orders.map(({ externalId }) => externalId)).toContain(after!.externalId);
    expect(await count('order_values')).toBe(2);
    expect(await db.asOrchestrator(recount)).toEqual([]);
  });

  it('goes in pieces, without coming in the way of those who apply orders', async () => {
    await tell(db, Array.from({ length: 2000 }, old));
    await execute(`
      INSERT INTO orders SELECT source_id, external_id || n, number, currency, placed_at + n * interval '1 hour', total,
        refunded, paid, cancelled, items, told_by, told_by_event FROM orders, generate_series(1, 6) n`);
    const batch = await db.asOrchestrator((tx) => keepBatch(tx, [toldOrder(sourceId), old()]));
    await Promise.all([keep(), db.asOrchestrator((tx) => applyBatches(tx, [batch]))]);
    await keep();
    expect([await count('orders'), await count('order_values'), await count('order_products')]).toEqual([1, 1, 1]);
  });

  it('are keys, feed, tickets and secrets too', async () => {
    await tell(db, [toldOrder(sourceId)]);
    await execute(`
      INSERT INTO order_keys VALUES ('${sourceId}', 'old', now() - interval '31 days'), ('${sourceId}', 'new', now());
      INSERT INTO order_feed VALUES (0, '${sourceId}', '{}', now() - interval '1 hour');
      INSERT INTO order_source_secrets (source_id, key_id, ciphertext, expires_at) VALUES
        ('${sourceId}', 'k', '', now() - interval '1 hour'), ('${sourceId}', 'k', '', now() + interval '1 hour'),
        ('${sourceId}', 'k', '', NULL)`);
    const ticket = (ms: number) => ({
      tokenHash: randomBytes(32),
      userId: owner.userId,
      credentialKind: 'session' as const,
      credentialId: null,
      expiresAt: new Date(now.getTime() + ms),
    });
    await db.asUser(owner, (tx) => tx.insertInto('liveTickets').values([-3_600_000, 3_600_000].map(ticket)).execute());
    await keep();
    expect(await count('order_keys')).toBe(1);
    expect(await count('order_feed')).toBe(1);
    expect(await count('order_source_secrets')).toBe(2);
    expect(await count('live_tickets')).toBe(1);
  });

  it('are events by whole months, also those that came before their month was made', async () => {
    await tell(db, [toldOrder(sourceId)]);
    await execute(`
      INSERT INTO order_events SELECT batch_id, source_id, event, 'old', 'old', number, currency, placed_at, total,
        refunded, items, now() - interval '200 days' FROM order_events`);
    await keep(300);
    expect(await count('order_events')).toBe(2);
    await keep(100);
    expect(await count('order_events')).toBe(1);
  });
});

async function months(): Promise<string[]> {
  const { rows } = await db.asOrchestrator((tx) =>
    sql<{ name: string }>`
      SELECT inhrelid::regclass::text AS name FROM pg_inherits
      WHERE inhparent = 'order_events'::regclass ORDER BY 1`.execute(tx),
  );
  return rows.map(({ name }) => name);
}

describe('months', () => {
  it('are made ahead, and dropped when they are over', async () => {
    const made = await months();
    expect(made).toHaveLength(4);
    await withClient(database.settings, async (client) => {
      await client.query(`DROP TABLE ${made[1]}`);
      await client.query(`
        CREATE TABLE order_events_2020_01 PARTITION OF order_events FOR VALUES FROM ('2020-01-01Z') TO ('2020-02-01Z')`);
    });
    await keep();
    expect(await months()).toEqual(made);
  });
});

describe('what belonged to sources that are gone', () => {
  it('goes, whatever else is in the same batches, and the source is forgotten an hour later', async () => {
    const gone = await insertSource(db, owner);
    for (let n = 0; n < 3; n += 1) await tell(db, [toldOrder(gone), toldOrder(sourceId)]);
    await execute(`INSERT INTO order_keys VALUES ('${gone}', 'a'), ('${sourceId}', 'a')`);
    await db.asUser(owner, (tx) => tx.deleteFrom('orderSources').where('id', '=', gone).execute());
    await keep();
    for (const table of ['orders', 'order_values', 'order_products', 'order_keys', 'order_feed', 'order_events']) {
      const { rows } = await db.asOrchestrator((tx) =>
        sql`SELECT DISTINCT source_id FROM ${sql.table(table)}`.execute(tx),
      );
      expect(rows, table).toEqual([{ sourceId }]);
    }
    expect(await count('order_events')).toBe(3);
    expect(await db.asOrchestrator(recount)).toEqual([]);
    expect(await count('gone_order_sources')).toBe(1);
    await execute(`UPDATE gone_order_sources SET gone_at = now() - interval '61 minutes'`);
    await keep();
    expect(await count('gone_order_sources')).toBe(0);
  });
});
