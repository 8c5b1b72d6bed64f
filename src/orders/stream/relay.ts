import type { Tx } from '../../db/database.ts';
import { markSentBefore, markUnsent, unmarkSent } from '../../db/order-batches.ts';
import type { Guard } from '../resilience.ts';
import type { Bell } from './bell.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { StreamDeps } from './stream.ts';

/** Tells Redis of the batches in the outbox. PostgreSQL stays their record: what Redis loses is told again. */
export interface Relay {
  /** Sends what there is to send, or waits until there is something. */
  step(signal: AbortSignal): Promise<void>;
  /** The stream and its group are made again, and everything that waits is sent again. */
  renew(): Promise<void>;
}

/** A message that was not done with for so long may be lost. */
const SENT_AGAIN_SECONDS = 15;
const SENT_AT_ONCE = 500;
/** More than this would only lie in Redis instead of in PostgreSQL. */
const ENOUGH_MESSAGES = 10_000;
const LOOK_AGAIN_MS = 50;

export function createRelay(
  deps: StreamDeps & { pollMs: number; sentAgainSeconds?: number },
  parts: { redis: RedisCommands; redisGuard: Guard; bell: Bell },
): Relay {
  const { db, guard, pollMs, sentAgainSeconds = SENT_AGAIN_SECONDS } = deps;
  const { redis, redisGuard, bell } = parts;
  let lookedBackAt = -Infinity;

  /** Marks them first: a consumer that is faster than a mark's commit would find the batch in use, and pass it over. */
  const send = async (mark: (tx: Tx) => Promise<number[]>): Promise<number> => {
    const batches = await guard.run(() => db.asOrchestrator(mark));
    if (batches.length > 0) await redis.add(batches);
    return batches.length;
  };

  async function sendAll(): Promise<number> {
    const sent = await send((tx) => markUnsent(tx, SENT_AT_ONCE));
    if (performance.now() - lookedBackAt < pollMs) return sent;
    const again = await send((tx) => markSentBefore(tx, sentAgainSeconds, SENT_AT_ONCE));
    lookedBackAt = performance.now();
    return sent + again;
  }

  return {
    async step(signal) {
      const seen = bell.rung;
      const full = await redisGuard.run(async () => (await redis.length()) > ENOUGH_MESSAGES);
      if (full) return bell.wait(bell.rung, LOOK_AGAIN_MS, signal);
      const sent = await redisGuard.run(sendAll);
      if (sent === 0) await bell.wait(seen, pollMs, signal);
    },
    async renew() {
      await redis.makeGroup();
      await guard.run(() => db.asOrchestrator(unmarkSent));
      bell.ring();
    },
  };
}
