import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { waitForDatabase, withClient } from './connect.ts';
import { openDatabase, type Actor, type Database } from './database.ts';
import { updateStore } from './stores.ts';

let database: TestDatabase;
let person: Actor;

beforeAll(async () => {
  database = await testDatabase({ poolSize: 2 });
  person = await testUser(database.db);
});

afterAll(() => database.close());

/** Ends all connections to the test's database, as a restart of the server does. */
async function dropConnections(): Promise<void> {
  const statement = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`;
  await withClient(database.superuser, (client) => client.query(statement, [database.settings.name]));
}

/** A store by SQL: its notifications are what matters here. */
async function makeStore(): Promise<string> {
  const { rows } = await database.db.asOrchestrator((tx) =>
    sql<{ id: string }>`
      WITH new AS (SELECT gen_random_uuid() AS id)
      INSERT INTO stores (id, user_id, name, slug, engine, namespace, correlation_id)
      SELECT id, ${person.userId}::uuid, 'Shop', id, 'medusa', id, 'c' FROM new RETURNING id`.execute(tx),
  );
  return rows[0]!.id;
}

const answer = async (): Promise<string> => 'worked';

describe('trap 2: a transaction', () => {
  it('works as the chosen role for the chosen person, and leaves nothing of it on the connection', async () => {
    const whoAmI = sql<{
      role: string;
      user: string;
    }>`SELECT current_user AS role, current_setting('app.user_id', true) AS user`;
    const { db } = database;
    for (let round = 0; round < 3; round += 1) {
      const member = await db.asUser(person, (tx) => whoAmI.execute(tx));
      expect(member.rows).toEqual([{ role: 'store_platform_api', user: person.userId }]);
      const admin = await db.asUser({ ...person, role: 'admin' }, (tx) => whoAmI.execute(tx));
      expect(admin.rows[0]?.role).toBe('store_platform_admin');
      const stranger = await db.asStranger((tx) => whoAmI.execute(tx));
      expect(stranger.rows[0]).toMatchObject({ role: 'store_platform_api' });
      expect(stranger.rows[0]?.user || null).toBeNull();
      const outside = await db.pool.query('SELECT current_user AS role');
      expect(outside.rows).toEqual([{ role: database.settings.user }]);
    }
  });

  it.each(["x'; DROP TABLE stores; --", '', '00000000-0000-0000-0000-00000000000g'])(
    'refuses the id %j',
    async (userId) => {
      await expect(async () => database.db.asUser({ ...person, userId }, answer)).rejects.toThrow('proper user id');
    },
  );

  it('that swallowed an error does not pretend to have committed', async () => {
    const work = database.db.asOrchestrator(async (tx) => {
      await sql`SELECT 1 / 0`.execute(tx).catch(() => undefined);
      return 'done';
    });
    await expect(work).rejects.toThrow('rolled back');
  });

  it("hands on the database's own error when the statement is to blame", async () => {
    await expect(database.db.asOrchestrator((tx) => sql`SELECT 1 / 0`.execute(tx))).rejects.toMatchObject({
      code: '22012',
    });
  });
});

describe('API-11: overload', () => {
  it('is a 503 within about two seconds when every connection is busy; a ping still answers', async () => {
    const busy = new EventEmitter();
    const holding = [1, 2].map(() => database.db.asStranger(() => once(busy, 'over')));
    const started = performance.now();
    const third = database.db.asStranger(answer);
    await expect(third).rejects.toMatchObject({ code: 'OVERLOADED', retryAfter: 1 });
    expect(performance.now() - started).toBeLessThan(4000);
    await database.db.ping();
    busy.emit('over');
    await Promise.all(holding);
    expect(await database.db.asStranger(answer)).toBe('worked');
  });

  it('is a 503 when a statement takes too long', async () => {
    const slow = database.db.asOrchestrator(async (tx) => {
      await sql`SET LOCAL statement_timeout = 50`.execute(tx);
      await sql`SELECT pg_sleep(5)`.execute(tx);
    });
    await expect(slow).rejects.toMatchObject({ code: 'OVERLOADED' });
  });
});

describe('API-12: the database lost and back', () => {
  it('fails what is under way with a 503 and then goes on by itself', async () => {
    const sleeping = database.db.asOrchestrator((tx) => sql`SELECT pg_sleep(30)`.execute(tx)).catch((error) => error);
    await delay(200);
    await dropConnections();
    expect(await sleeping).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retryAfter: 2 });
    expect(await database.db.asOrchestrator(answer)).toBe('worked');
  });

  it('does not fail when idle connections are lost', async () => {
    await database.db.asOrchestrator(async () => undefined);
    await dropConnections();
    await delay(100);
    expect(await database.db.asOrchestrator(answer)).toBe('worked');
  });

  it('takes another connection for one that the server has ended before anybody noticed', async () => {
    const pid = await database.db.asOrchestrator(async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
      return rows[0]?.pid ?? 0;
    });
    process.kill(pid, 'SIGTERM');
    // Nothing that comes in is read meanwhile: the pool still believes in the connection.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await database.db.asOrchestrator(answer)).toBe('worked');
  });

  it('says so at once when nothing listens, and never throws elsewhere', async () => {
    const db = openDatabase({ ...database.settings, port: 1 }, { log: silentLog, poolSize: 2 });
    await expect(db.asStranger(async () => 1)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    await expect(db.ping()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    await db.listen(
      'store_event',
      () => undefined,
      () => undefined,
    );
    await db.close();
  });

  describe('frozen', () => {
    let server: Server;
    let db: Database;
    beforeAll(async () => {
      server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      db = openDatabase({ ...database.settings, port }, { log: silentLog, poolSize: 2 });
    });
    afterAll(async () => {
      await db.close();
      server.close();
    });

    it('is unavailable after two seconds, and after one for a ping', async () => {
      const started = performance.now();
      await expect(db.ping()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
      expect(performance.now() - started).toBeLessThan(2000);
      await expect(db.asStranger(async () => 1)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
      expect(performance.now() - started).toBeLessThan(5000);
    });
  });
});

describe('API-12: waiting for the database at start', () => {
  it('ends when it answers', async () => {
    const waiting = waitForDatabase(database.settings, silentLog, AbortSignal.timeout(5000));
    await expect(waiting).resolves.toBeUndefined();
  });

  it('goes on while nothing listens, until it is told to stop', async () => {
    const waiting = waitForDatabase({ ...database.settings, port: 1 }, silentLog, AbortSignal.timeout(600));
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it('is over at once for a wrong password or database, with what to check', async () => {
    const signal = AbortSignal.timeout(5000);
    const wrong = { ...database.settings, password: 'wrong' };
    await expect(waitForDatabase(wrong, silentLog, signal)).rejects.toThrow(/refuses the user .*DB_PASSWORD/);
    await expect(waitForDatabase({ ...database.settings, name: 'none' }, silentLog, signal)).rejects.toThrow('DB_NAME');
  });
});

describe('ORC-2: notifications', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function listen(channel: 'store_event' | 'store_change' | 'identity_change') {
    const heard: string[] = [];
    let gaps = 0;
    const note = (payload: string) => void heard.push(payload);
    ends.push(await database.db.listen(channel, note, () => void (gaps += 1)));
    return { heard, gaps: () => gaps };
  }

  it('tell of changes by id alone, of what was committed', async () => {
    const changes = await listen('store_change');
    const events = await listen('store_event');
    const id = await makeStore();
    await database.db.asOrchestrator(async (tx) => {
      await updateStore(tx, id, { errorMessage: 'not worth a notification' });
      await sql`INSERT INTO store_events (store_id, event_type, message) VALUES (${id}, 'created', 'Created')`.execute(
        tx,
      );
      await sql`DELETE FROM stores WHERE id = ${id}`.execute(tx);
    });
    await expect.poll(() => [...changes.heard, ...events.heard]).toHaveLength(3);
    expect(changes.heard).toEqual([`${id} provisioning`, `${id} gone`]);
    expect(events.heard[0]).toMatch(new RegExp(`^\\d+ ${id}$`));
  });

  it("tell when a person's ways in have changed", async () => {
    const identities = await listen('identity_change');
    await database.db.asOrchestrator((tx) =>
      sql`UPDATE users SET suspended_at = NULL WHERE id = ${person.userId}`.execute(tx),
    );
    await expect.poll(() => identities.heard).toHaveLength(1);
    expect(identities.heard).toEqual([person.userId]);
  });

  it('start again when the connection is lost, and say that some may have been missed', async () => {
    const changes = await listen('store_change');
    expect(changes.gaps()).toBe(1);
    await dropConnections();
    await expect.poll(changes.gaps).toBe(2);
    const id = await makeStore();
    await expect.poll(() => changes.heard).toHaveLength(1);
    expect(changes.heard).toEqual([`${id} provisioning`]);
  });

  it('reach the others when one listener throws, and none that has left', async () => {
    ends.push(
      await database.db.listen(
        'store_change',
        () => {
          throw new Error('mine');
        },
        () => {
          throw new Error('too');
        },
      ),
    );
    const left: string[] = [];
    const leave = await database.db.listen(
      'store_change',
      (payload) => left.push(payload),
      () => undefined,
    );
    await leave();
    const changes = await listen('store_change');
    await makeStore();
    await expect.poll(() => changes.heard).toHaveLength(1);
    expect(left).toEqual([]);
  });
});
