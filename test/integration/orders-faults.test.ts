import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { startEmbedded, type EmbeddedPostgres } from '../../src/db/embedded.ts';
import { listDeadBatches } from '../../src/db/order-batches.ts';
import { recount, type Difference } from '../../src/orders/recount.ts';
import { silentLog } from '../support/database.ts';
import { startSenders } from '../support/order-senders.ts';
import { freePort, HOOKED_MAIN, startPlatform, type TestPlatform } from '../support/platform.ts';
import { startRedis } from '../support/redis.ts';

/** How long faults go on, for each stream. `npm run faults` takes two minutes. */
const SECONDS = Number(process.env['FAULT_SECONDS'] ?? 6);
const BETWEEN_FAULTS_MS = 500;
const SENDERS = 4;
/** On a machine that may have other work. */
const READY_WITHIN_MS = 120_000;
const LIMIT_MS = (SECONDS + 240) * 1000;

const redis = await startRedis();
afterAll(() => redis?.kill());
let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** An API, an aggregator, and one that is both, each a process of its own. */
const PROCESSES = ['api', 'orders', 'api,orders'] as const;

/** PostgreSQL as it is by default, which waits for the disk, and the platform. */
async function makeGround(env: Record<string, string>) {
  const base = await mkdtemp(join(tmpdir(), 'store-platform-faults-'));
  await chmod(base, 0o711);
  ends.push(() => rm(base, { recursive: true, force: true }));
  const home = join(base, 'server');
  let server: EmbeddedPostgres = await startEmbedded({ home, log: silentLog });
  ends.push(() => server.stop());
  const { user, password, port, name } = server.settings;
  const db = openDatabase(server.settings, { log: silentLog, poolSize: 2 });
  ends.push(() => db.close());
  const start = async (roles: string, at?: number): Promise<TestPlatform> =>
    startPlatform({
      readyWithinMs: READY_WITHIN_MS,
      home: join(base, 'home'),
      port: at ?? (await freePort()),
      main: HOOKED_MAIN,
      env: {
        ...env,
        DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${port}/${name}`,
        ROLES: roles,
        TEST_ENGINE: 'tiny',
        RATE_LIMIT_ORDERS_PER_SECOND: '1000000',
      },
    });
  const running: TestPlatform[] = [];
  ends.push(() => Promise.all(running.map((one) => one.stop())));
  const [first, ...others] = PROCESSES;
  // The first one makes what the others find.
  running.push(await start(first));
  running.push(...(await Promise.all(others.map((roles) => start(roles)))));
  return {
    db,
    platforms: running,
    async killAndStart(roles: (typeof PROCESSES)[number]) {
      const place = PROCESSES.indexOf(roles);
      const killed = running[place] as TestPlatform;
      await killed.kill();
      running[place] = await start(roles, killed.port);
    },
    async restartPostgres() {
      await server.stop();
      server = await startEmbedded({ home, log: silentLog });
    },
  };
}

type Ground = Awaited<ReturnType<typeof makeGround>>;

describe('ORD-6: whatever is killed under load, each acknowledged order is stored once and counted right', () => {
  it('with PostgreSQL alone', async () => expect(await survive({}, [])).toEqual([]), LIMIT_MS);

  it.skipIf(!redis)(
    `with Redis Streams${redis ? '' : ' (redis-server is not on this machine)'}`,
    async () => {
      const restartRedis = async (): Promise<void> => {
        await redis?.kill();
        await delay(BETWEEN_FAULTS_MS);
        await redis?.start();
      };
      expect(await survive({ REDIS_URL: redis?.url ?? '' }, [restartRedis])).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Load, one fault after another, and the reckoning: what a recount in SQL finds otherwise than it is kept. */
async function survive(env: Record<string, string>, further: (() => Promise<void>)[]): Promise<Difference[]> {
  const ground = await makeGround(env);
  const [first, , both] = ground.platforms as [TestPlatform, TestPlatform, TestPlatform];
  const made = await first.api('/api/v1/order-sources', { method: 'POST', body: { name: 'Till' } });
  expect(made.status).toBe(201);
  const sourceId: string = made.body.id;
  const { token } = first;
  const senders = startSenders(SENDERS, { urls: [first.url, both.url], token, sourceId });
  ends.push(() => senders.abandon());

  const faults = [
    () => ground.killAndStart('api'),
    ...further,
    () => ground.killAndStart('orders'),
    () => ground.restartPostgres(),
    () => ground.killAndStart('api,orders'),
  ];
  const until = Date.now() + SECONDS * 1000;
  const atLeast = faults.length - 1; // each kind once
  for (let n = 0; n < atLeast || Date.now() < until; n += 1) {
    await delay(BETWEEN_FAULTS_MS);
    await faults[n % faults.length]?.();
  }
  const { acknowledged, repeated } = await senders.stop();

  expect(repeated, 'requests that were sent again').toBeGreaterThan(0);
  await expect.poll(() => waiting(ground.db), { timeout: 30_000 }).toBe(0);
  expect(await ground.db.asOrchestrator((tx) => listDeadBatches(tx, 10))).toEqual([]);
  expect(await stored(ground.db, sourceId)).toEqual([...acknowledged].toSorted());
  process.stdout.write(`  ${acknowledged.size} events of orders stored; ${repeated} requests were sent again\n`);
  await checkSummary(ground, sourceId);
  return ground.db.asOrchestrator(recount);
}

async function waiting(db: Database): Promise<number> {
  const { rows } = await db.asOrchestrator((tx) =>
    sql<{ n: number }>`SELECT count(*) AS n FROM order_batches`.execute(tx),
  );
  return rows[0]?.n ?? -1;
}

/** Each row, so that one that is there twice is seen. */
async function stored(db: Database, sourceId: string): Promise<string[]> {
  const { rows } = await db.asOrchestrator((tx) =>
    sql<{ id: string }>`SELECT event_id AS id FROM order_events WHERE source_id = ${sourceId}`.execute(tx),
  );
  return rows.map(({ id }) => id).toSorted();
}

/** What people see is what is stored. */
async function checkSummary({ db, platforms }: Ground, sourceId: string): Promise<void> {
  const { body } = await (platforms[0] as TestPlatform).api(`/api/v1/orders/summary?storeId=${sourceId}`);
  const { rows } = await db.asOrchestrator((tx) =>
    sql<{ orders: number; revenue: number }>`
      SELECT count(*) AS orders, sum(total - refunded)::bigint AS revenue FROM orders
      WHERE source_id = ${sourceId} AND NOT cancelled AND total IS NOT NULL AND placed_at >= date_trunc('day', now(), 'UTC')`.execute(
      tx,
    ),
  );
  const hours: { orders: number; revenue: { EUR?: number } }[] = body.hours;
  expect(hours.reduce((sum, hour) => sum + hour.orders, 0)).toBe(rows[0]?.orders);
  expect(hours.reduce((sum, hour) => sum + (hour.revenue.EUR ?? 0), 0)).toBe(rows[0]?.revenue);
}
