import { setTimeout as delay } from 'node:timers/promises';
import { installationId } from '../../db/installation.ts';
import { errorText } from '../../errors.ts';
import type { Guard } from '../resilience.ts';
import { createBell } from './bell.ts';
import { createGroups } from './groups.ts';
import { reportTo, startLoop, type Loop } from './loop.ts';
import { redisCommands, type RedisCommands } from './redis-commands.ts';
import { createRedisWork } from './redis-work.ts';
import { createRelay } from './relay.ts';
import { LANES, POLL_MS, type OrderStream, type StreamDeps } from './stream.ts';

export interface RedisStreamDeps extends StreamDeps {
  url: string;
  /** For Redis. */
  redisGuard: Guard;
  /** After which time a message is sent again, and one that a consumer holds is taken from it; tests have less time. */
  sentAgainSeconds?: number;
  reclaimMs?: number;
}

/** Longer than a group can take: a transaction's statements end after 10 s. */
const RECLAIM_MS = 20_000;
const READY_WITHIN_MS = 1000;

/**
 * Redis Streams, fed from the batches' table as an outbox, with a consumer group. A message only says which batch it is
 * about; it is done with after the database has committed. While Redis does not do its part, batches are taken from the
 * table as if there were no Redis: whoever comes second finds them gone.
 */
export function createRedisStream(deps: RedisStreamDeps): OrderStream {
  const { db, log, redisGuard } = deps;
  let redis: RedisCommands | null = null;
  let relaying: Loop | null = null;
  let others: Loop[] = [];
  let stopListening: (() => Promise<void>) | null = null;

  return {
    async start() {
      redis = redisCommands(deps.url, await db.asOrchestrator(installationId), LANES, log);
      await Promise.race([redis.ready(), delay(READY_WITHIN_MS)]);
      const { relay, work, ring } = makeParts(deps, redis, () => !relaying?.trouble());
      await redis.makeGroup().catch((error: unknown) => log.warn({ err: error }, 'Redis cannot be reached yet'));
      stopListening = await db.listen('order_batch', ring, ring);
      relaying = startLoop(relay.step, (error) =>
        log.warn({ reason: errorText(error) }, 'Redis is not told of orders; they are aggregated without it'),
      );
      const report = reportTo(log);
      const lanes = Array.from({ length: LANES }, (_, consumer) => startLoop(work.lane(consumer), report));
      others = [...lanes, startLoop(work.upkeep, report)];
    },
    async stop() {
      await Promise.all([relaying, ...others].map((loop) => loop?.stop()));
      await stopListening?.();
      await redis?.close();
    },
    health() {
      const waits = others.some((loop) => loop.trouble() !== null);
      if (waits) return { ok: false, message: 'Orders are not aggregated: the database does not answer.' };
      const isAway = relaying?.trouble() || redisGuard.isOpen();
      return isAway ? { ok: true, message: 'Redis does not answer; orders are aggregated without it.' } : { ok: true };
    },
  };
}

function makeParts(deps: RedisStreamDeps, redis: RedisCommands, isTold: () => boolean) {
  const { log, redisGuard, pollMs = POLL_MS, reclaimMs = RECLAIM_MS } = deps;
  const relayBell = createBell();
  const bell = createBell();
  const groups = createGroups(deps, (id, error) => {
    redis.bury(id, error).catch((reason: unknown) => log.debug({ err: reason }, 'Redis was not told of a dead batch'));
  });
  const relay = createRelay({ ...deps, pollMs }, { redis, redisGuard, bell: relayBell });
  const { renew } = relay;
  const work = createRedisWork({ ...deps, pollMs }, { redis, redisGuard, groups, bell, isTold, renew, reclaimMs });
  const ring = (): void => {
    relayBell.ring();
    bell.ring();
  };
  return { relay, work, ring };
}
