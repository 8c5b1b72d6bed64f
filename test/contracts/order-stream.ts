import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseSettings } from '../../src/config.ts';
import { withClient } from '../../src/db/connect.ts';
import { openDatabase, type Database, type Tx } from '../../src/db/database.ts';
import { listDeadBatches, retryDeadBatches } from '../../src/db/order-batches.ts';
import { orderMetrics } from '../../src/orders/metrics.ts';
import { guardDatabase } from '../../src/orders/resilience.ts';
import { deferred } from '../../src/orchestrator/deferred.ts';
import type { OrderStream, StreamDeps } from '../../src/orders/stream/stream.ts';
import { cuttable, type Cuttable } from '../support/cuttable.ts';
import { silentLog, testDatabase, type TestDatabase } from '../support/database.ts';

/** What the suite needs of a kind of stream. */
export interface StreamGround {
  open(deps: StreamDeps): OrderStream;
  /** The same, by a way of its own to whatever the stream needs beside the database, which `cut` closes. */
  openCuttable(deps: StreamDeps): Promise<{ stream: OrderStream; cut(): void }>;
  /** Tells all consumers of these batches once more. */
  tellAgain(db: Database, ids: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** A database, streams on it, and an `apply` that notes each batch in a table, in the same transaction. */
export interface Stage {
  db: Database;
  /** Makes a stream, started. */
  start(options?: StartOptions): Promise<OrderStream>;
  deps(options?: StartOptions): StreamDeps;
  /** Stores batches, each in a transaction of its own, many at a time. */
  store(count: number, orders?: number): Promise<number[]>;
  /** Stores many at once. */
  storeMany(count: number): Promise<number[]>;
  /** Resolves when no batch waits, and checks that each was applied once. */
  untilApplied(ids: readonly number[]): Promise<void>;
  waiting(): Promise<number[]>;
  close(): Promise<void>;
  /** How often something was tried that failed. */
  failures(): Promise<number>;
  settings: DatabaseSettings;
  opened: OrderStream[];
}

export interface StartOptions {
  /** Called before a group is applied. */
  before?: (ids: readonly number[]) => unknown;
  db?: Database;
  pollMs?: number;
}

const POLL_MS = 50;

export async function makeStage(ground: Pick<StreamGround, 'open'>): Promise<Stage> {
  const database: TestDatabase = await testDatabase();
  await withClient(database.settings, async (client) => {
    await client.query(`CREATE TABLE applied (batch bigint NOT NULL);
      GRANT SELECT, INSERT ON applied TO store_platform_orchestrator`);
  });
  const { db, settings } = database;
  const registry = new Registry();
  const metrics = orderMetrics(registry);
  const opened: OrderStream[] = [];
  const idsOf = async (query: ReturnType<typeof sql<{ id: number }>>): Promise<number[]> =>
    (await db.asOrchestrator((tx) => query.execute(tx))).rows.map(({ id }) => id);
  const waiting = () => idsOf(sql`SELECT id FROM order_batches ORDER BY id`);

  const stage: Stage = {
    db,
    settings,
    opened,
    deps: ({ before, db: itsDb = db, pollMs = POLL_MS } = {}) => ({
      db: itsDb,
      metrics,
      guard: guardDatabase({ part: 'test', registry, log: silentLog }),
      log: silentLog,
      pollMs,
      async apply(tx, ids) {
        await before?.(ids);
        return note(tx, ids);
      },
    }),
    async start(options) {
      const stream = ground.open(stage.deps(options));
      opened.push(stream);
      await stream.start();
      return stream;
    },
    async store(count, orders = 1) {
      const one = async (): Promise<number> => {
        const { rows } = await db.asOrchestrator((tx) =>
          sql<{ id: number }>`INSERT INTO order_batches (orders) VALUES (${orders}) RETURNING id`.execute(tx),
        );
        return rows[0]?.id ?? 0;
      };
      const ids: number[] = [];
      while (ids.length < count) {
        const some = Math.min(8, count - ids.length);
        ids.push(...(await Promise.all(Array.from({ length: some }, one))));
      }
      return ids.toSorted((a, b) => a - b);
    },
    storeMany: (count) =>
      idsOf(sql`INSERT INTO order_batches (orders) SELECT 1 FROM generate_series(1, ${count}) RETURNING id`),
    async untilApplied(ids) {
      await expect.poll(waiting, { timeout: 25_000 }).toEqual([]);
      const applied = await idsOf(sql`SELECT batch AS id FROM applied ORDER BY batch`);
      expect(applied).toEqual([...ids].toSorted((a, b) => a - b));
    },
    waiting,
    failures: async () => (await metrics.failures.get()).values[0]?.value ?? 0,
    async close() {
      await Promise.all(opened.splice(0).map((stream) => stream.stop()));
      await database.close();
    },
  };
  return stage;
}

async function note(tx: Tx, ids: readonly number[]): Promise<number> {
  await sql`INSERT INTO applied SELECT unnest(${ids}::bigint[])`.execute(tx);
  await sql`DELETE FROM order_batches WHERE id = ANY(${ids}::bigint[])`.execute(tx);
  return ids.length;
}

/** Closed until it is opened; tells when somebody stands before it. */
export function gate(): { pass(): Promise<void>; open(): void; reached: Promise<void> } {
  const opened = deferred();
  const reached = deferred();
  return {
    pass() {
      reached.resolve();
      return opened.promise;
    },
    open: opened.resolve,
    reached: reached.promise,
  };
}

/** What any stream of orders must do, whatever carries it. */
export function describeOrderStream(name: string, lay: () => Promise<StreamGround>): void {
  describe(`order stream ${name}`, () => {
    let ground: StreamGround;
    let stage: Stage;
    let ways: Cuttable[];

    beforeEach(async () => {
      ground = await lay();
      stage = await makeStage(ground);
      ways = [];
    });
    afterEach(async () => {
      await stage?.close();
      for (const way of ways) way.close();
      await ground?.close();
    });

    /** A way to the database that can be cut, as when the machine of a process is gone. */
    async function cuttableDatabase(): Promise<{ way: Cuttable; db: Database }> {
      const way = await cuttable(stage.settings);
      ways.push(way);
      return { way, db: openDatabase(way.settings, { log: silentLog, poolSize: 4 }) };
    }

    it('applies everything that is stored once, whoever of several takes it', async () => {
      const before = await stage.store(30);
      await Promise.all([stage.start(), stage.start(), stage.start()]);
      const small = await stage.store(200);
      const big = await stage.store(20, 700);
      await stage.untilApplied([...before, ...small, ...big]);
      expect(await stage.failures()).toBe(0);
    });

    it('keeps groups to about a thousand orders, and takes a larger batch whole', async () => {
      const sizes: number[] = [];
      const ids = await stage.store(40, 300);
      ids.push(...(await stage.store(2, 5000)));
      await stage.start({ before: (group) => sizes.push(group.length) });
      await stage.untilApplied(ids);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    });

    it('hears of what is stored, and need not look for it', async () => {
      const pollMs = 10_000;
      await stage.start({ pollMs });
      const began = performance.now();
      for (let n = 0; n < 20; n += 1) {
        await stage.store(1);
        await expect.poll(stage.waiting, { interval: 2 }).toEqual([]);
      }
      expect(performance.now() - began).toBeLessThan(pollMs);
    });

    it('is taken over from a process that is gone in the middle of it', async () => {
      const { way, db } = await cuttableDatabase();
      const stuck = gate();
      const { stream, cut } = await ground.openCuttable(stage.deps({ db, before: () => stuck.pass() }));
      await stream.start();
      const ids = await stage.store(50);
      await stuck.reached;
      way.cut();
      cut();
      await stage.start();
      await stage.untilApplied(ids);
      stuck.open();
      await stream.stop();
      await db.close();
      await stage.untilApplied(ids);
      expect(await stage.failures(), 'nothing of it is the batches’ fault').toBe(0);
    });

    it('changes nothing when it is told of the same batches again', async () => {
      await Promise.all([stage.start(), stage.start()]);
      const ids = await stage.store(40);
      for (let n = 0; n < 5; n += 1) await ground.tellAgain(stage.db, ids);
      await stage.untilApplied(ids);
      await ground.tellAgain(stage.db, ids);
      await stage.untilApplied([...ids, ...(await stage.store(1))]);
      expect(await stage.failures()).toBe(0);
    });

    it('gives a batch up that can never be applied, goes on with the others, and tries it again when told to', async () => {
      const ids = await stage.store(60);
      const bad = ids[30] ?? 0;
      let mended = false;
      const before = (group: readonly number[]): void => {
        if (!mended && group.includes(bad)) throw new Error('what is in it is not right');
      };
      await stage.start({ before });
      await expect.poll(stage.waiting).toEqual([bad]);
      const dead = () => stage.db.asOrchestrator((tx) => listDeadBatches(tx, 10));
      await expect.poll(dead).toMatchObject([{ id: bad, attempts: 5, error: 'what is in it is not right' }]);
      const later = await stage.store(20);
      await expect.poll(stage.waiting).toEqual([bad]);
      mended = true;
      expect(await stage.db.asOrchestrator(retryDeadBatches)).toBe(1);
      await stage.untilApplied([...ids, ...later]);
      expect(await stage.failures()).toBe(5);
    });

    it('finishes what is under way when it is stopped, and takes no more', async () => {
      const stuck = gate();
      const stream = await stage.start({ before: () => stuck.pass() });
      const ids = await stage.store(1);
      await stuck.reached;
      const stopped = stream.stop();
      stuck.open();
      await stopped;
      await stage.untilApplied(ids);
      const later = await stage.store(3);
      expect(await stage.waiting()).toEqual(later);
      await stage.start();
      await stage.untilApplied([...ids, ...later]);
    });

    it('goes on by itself when the database was away, and counts that against no batch', async () => {
      const { way, db } = await cuttableDatabase();
      const stream = await stage.start({ db });
      const first = await stage.store(10);
      await stage.untilApplied(first);
      way.cut();
      const second = await stage.store(10);
      await expect.poll(() => stream.health().ok).toBe(false);
      await way.mend();
      await stage.untilApplied([...first, ...second]);
      await expect.poll(() => stream.health().ok).toBe(true);
      expect(await stage.failures()).toBe(0);
      await stream.stop();
      await db.close();
    });
  });
}
