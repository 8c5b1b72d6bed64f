import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installationId } from '../../src/db/installation.ts';
import type { Database } from '../../src/db/database.ts';
import { guardRedis } from '../../src/orders/resilience.ts';
import { createRedisStream, type RedisStreamDeps } from '../../src/orders/stream/redis.ts';
import type { StreamDeps } from '../../src/orders/stream/stream.ts';
import { cuttable } from '../support/cuttable.ts';
import { silentLog } from '../support/database.ts';
import { startRedis } from '../support/redis.ts';
import { describeOrderStream, gate, makeStage, type Stage, type StartOptions } from './order-stream.ts';

const redis = await startRedis();
afterAll(() => redis?.kill());
const url = redis?.url ?? '';

const keyOf = async (db: Database): Promise<string> =>
  `store-platform:${await db.asOrchestrator(installationId)}:orders`;

function open(deps: StreamDeps, options: Partial<RedisStreamDeps> = {}) {
  const redisGuard = guardRedis({ part: 'test', registry: new Registry(), log: silentLog });
  // So that what is reclaimed was not just sent again.
  return createRedisStream({ ...deps, url, redisGuard, reclaimMs: 300, sentAgainSeconds: 600, ...options });
}

/** Without its streams: those of a test are gone with its database. */
async function withRedis<T>(work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

if (redis) {
  describeOrderStream('in Redis', async () => ({
    open,
    async openCuttable(deps) {
      const way = await cuttable({ host: '127.0.0.1', port: redis.port });
      return { stream: open(deps, { url: `redis://127.0.0.1:${way.settings.port}` }), cut: way.cut };
    },
    async tellAgain(db, ids) {
      const key = await keyOf(db);
      await withRedis(async (client) => {
        for (const id of ids) await client.xadd(key, '*', 'batch', id);
      });
    },
    close: () => withRedis(async (client) => void (await client.flushall())),
  }));
}

describe.skipIf(!redis)(
  `order stream in Redis, and its faults${redis ? '' : ' (redis-server is not on this machine)'}`,
  () => {
    let stage: Stage;
    let gates: { open(): void }[];

    beforeEach(async () => {
      stage = await makeStage({ open });
      gates = [];
    });
    afterEach(async () => {
      redis?.thaw();
      for (const one of gates) one.open();
      await stage.close();
      await redis?.kill();
      await redis?.start();
    });

    const length = async (): Promise<number> => {
      const key = await keyOf(stage.db);
      return withRedis((client) => client.xlen(key));
    };

    /** A stream that does not go on before it is told to, so that batches wait in Redis. */
    async function startStuck(options: StartOptions = {}) {
      const stuck = gate();
      gates.push(stuck);
      const stream = await stage.start({ ...options, before: () => stuck.pass() });
      return { stream, ...stuck };
    }

    it('carries the batches, and keeps no message that is done with', async () => {
      const stuck = await startStuck();
      const ids = await stage.store(40);
      await expect.poll(length).toBeGreaterThan(30);
      stuck.open();
      await stage.untilApplied(ids);
      await expect.poll(length).toBe(0);
    });

    it('leaves most of a long queue in PostgreSQL', async () => {
      const stuck = await startStuck();
      const ids = await stage.storeMany(12_000);
      await expect.poll(length).toBeGreaterThan(10_000);
      const most = await length();
      stuck.open();
      await stage.untilApplied(ids);
      expect(most).toBeLessThanOrEqual(10_500);
    });

    it('loses nothing when Redis is killed and comes back empty', async () => {
      const stuck = await startStuck();
      const ids = await stage.store(300);
      await expect.poll(length).toBeGreaterThan(290);
      await redis?.kill();
      ids.push(...(await stage.store(20)));
      await redis?.start();
      stuck.open();
      ids.push(...(await stage.store(20)));
      await stage.untilApplied(ids);
    });

    it('makes the group again, and sends everything again, when Redis has forgotten it', async () => {
      // Nobody but Redis tells of them: the table is not looked at while Redis answers.
      const stuck = await startStuck();
      const ids = await stage.store(300);
      await expect.poll(length).toBeGreaterThan(290);
      await withRedis((client) => client.flushall());
      stuck.open();
      ids.push(...(await stage.store(20)));
      await stage.untilApplied(ids);
    });

    it('sends again what was sent long ago and is still there, and not what was just sent', async () => {
      const [forgotten = 0, fresh = 0] = await stage.store(2);
      await stage.db.asOrchestrator((tx) =>
        sql`UPDATE order_batches SET sent_at = now() - make_interval(secs => ${sql`CASE id WHEN ${forgotten} THEN 60 ELSE 0 END`})`.execute(
          tx,
        ),
      );
      const stream = open(stage.deps(), { sentAgainSeconds: 50 });
      stage.opened.push(stream);
      await stream.start();
      await expect.poll(stage.waiting).toEqual([fresh]);
    });

    it('goes on without Redis, from the start or from any moment, and with it again when it is back', async () => {
      await redis?.kill();
      const stream = await stage.start();
      const ids = await stage.store(20);
      await stage.untilApplied(ids);
      expect(stream.health()).toEqual({ ok: true, message: expect.stringContaining('Redis') });
      await redis?.start();
      await expect.poll(() => stream.health()).toEqual({ ok: true });
      ids.push(...(await stage.store(20)));
      await stage.untilApplied(ids);
      redis?.freeze();
      ids.push(...(await stage.store(20)));
      await stage.untilApplied(ids);
    });

    it('tells of a batch that was given up in a stream of its own', async () => {
      const [bad = 0] = await stage.store(1);
      await stage.start({
        before() {
          throw new Error('what is in it is not right');
        },
      });
      const key = await keyOf(stage.db);
      const dead = () => withRedis((client) => client.xrange(`${key}:dead`, '-', '+'));
      await expect
        .poll(dead)
        .toMatchObject([[expect.anything(), ['batch', String(bad), 'error', 'what is in it is not right']]]);
    });

    it('leaves no consumer behind when it is stopped', async () => {
      const stream = await stage.start();
      await stage.untilApplied(await stage.store(5));
      const key = await keyOf(stage.db);
      const consumers = () => withRedis((client) => client.xinfo('CONSUMERS', key, 'aggregators'));
      await expect.poll(consumers).not.toEqual([]);
      await stream.stop();
      expect(await consumers()).toEqual([]);
    });
  },
);
