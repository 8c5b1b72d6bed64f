import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config, DatabaseSettings } from '../config.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { batchFigures } from '../db/order-batches.ts';
import { applyBatches } from './apply.ts';
import { orderMetrics, watchBatches } from './metrics.ts';
import { guardDatabase, guardRedis } from './resilience.ts';
import { startRetention } from './retention-timer.ts';
import { createPostgresStream } from './stream/postgres.ts';
import { createRedisStream } from './stream/redis.ts';
import type { OrderStream } from './stream/stream.ts';

export interface Aggregator {
  start(): Promise<void>;
  /** Finishes what is under way; everything else waits for the next start, or for another process. */
  stop(): Promise<void>;
  health(): { ok: boolean; message?: string };
}

export interface AggregatorDeps {
  config: Config;
  settings: DatabaseSettings;
  registry: Registry;
  log: Logger;
}

/** Two lanes, the relay or a retry, and what deletes old orders. */
const CONNECTIONS = 4;

/**
 * Puts the orders that are stored into the figures (the role `orders`). Its connections are its own, so that neither
 * requests nor stores wait for it, nor it for them.
 */
export function createAggregator({ config, settings, registry, log }: AggregatorDeps): Aggregator {
  const db = openDatabase(settings, { log, poolSize: CONNECTIONS });
  const stream = chooseStream({ db, url: config.REDIS_URL, registry, log });
  watchBatches(registry, () => db.asOrchestrator(batchFigures));
  let endRetention: (() => Promise<void>) | null = null;
  return {
    async start() {
      await stream.start();
      endRetention = startRetention(db, config.ORDERS_RETENTION_DAYS, log);
    },
    async stop() {
      await Promise.all([stream.stop(), endRetention?.()]);
      await db.close();
    },
    health: () => stream.health(),
  };
}

function chooseStream(options: {
  db: Database;
  url: string | undefined;
  registry: Registry;
  log: Logger;
}): OrderStream {
  const { db, url, registry, log } = options;
  const circuit = { part: 'aggregator', registry, log };
  const deps = { db, apply: applyBatches, metrics: orderMetrics(registry), guard: guardDatabase(circuit), log };
  return url === undefined
    ? createPostgresStream(deps)
    : createRedisStream({ ...deps, url, redisGuard: guardRedis(circuit) });
}
