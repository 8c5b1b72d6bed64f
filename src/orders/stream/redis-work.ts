import type { Bell } from './bell.ts';
import type { Groups } from './groups.ts';
import { pause } from './loop.ts';
import type { Guard } from '../resilience.ts';
import type { Message, RedisCommands } from './redis-commands.ts';
import type { StreamDeps } from './stream.ts';

/** What the loops of a process do with messages. */
export interface RedisWork {
  /** The step of a consumer's loop. */
  lane(consumer: number): (signal: AbortSignal) => Promise<void>;
  /** A step now and then: what failed is tried again, and what the dead held is taken over. */
  upkeep(signal: AbortSignal): Promise<void>;
}

interface Parts {
  redis: RedisCommands;
  redisGuard: Guard;
  groups: Groups;
  /** Rung when there are batches in the table. */
  bell: Bell;
  /** False while the relay can't tell Redis of batches, so that none come from there. */
  isTold: () => boolean;
  /** Makes the stream again. */
  renew: () => Promise<void>;
  reclaimMs: number;
}

const FORGET_CONSUMERS_MS = 3_600_000;

export function createRedisWork({ log, pollMs }: StreamDeps & { pollMs: number }, parts: Parts): RedisWork {
  const { redis, redisGuard, groups, bell, isTold, renew, reclaimMs } = parts;

  async function takeFromTable(signal: AbortSignal): Promise<void> {
    const seen = bell.rung;
    const { taken, more } = await groups.applyOldest();
    if (more) bell.ring();
    if (taken === 0) await bell.wait(seen, pollMs, signal);
  }

  /** Null when Redis does not do its part. */
  async function messagesOf(read: () => Promise<Message[]>): Promise<Message[] | null> {
    if (!isTold()) return null;
    return redisGuard.run(() => read().catch(renewIfForgotten)).catch(() => null);
  }

  /** A Redis that has forgotten the group is well: what it was told is told again. */
  async function renewIfForgotten(error: unknown): Promise<Message[]> {
    if (!(error instanceof Error) || !/^(NOGROUP|UNBLOCKED)/.test(error.message)) throw error;
    log.warn('Redis has forgotten the stream of orders; it is made again');
    await renew();
    return [];
  }

  /** A message is done with when its batch is gone, and not while somebody else holds that: he may be about to die. */
  async function work(messages: readonly Message[]): Promise<void> {
    const busy = await groups.applyNamed(messages.map(({ batch }) => batch));
    const done = messages.filter(({ batch }) => !busy.has(batch));
    // What Redis is not told is given to somebody again, who finds nothing to do.
    await redis.done(done).catch((error: unknown) => log.debug({ err: error }, 'Redis was not told of what is done'));
  }

  return {
    lane(consumer) {
      // What could not be applied because the database was away is still ours.
      let held: Message[] = [];
      return async (signal) => {
        const messages = held.length > 0 ? held : await messagesOf(() => redis.read(consumer));
        if (messages === null) return takeFromTable(signal);
        held = messages;
        await work(messages);
        held = [];
      };
    },
    async upkeep(signal) {
      await pause(pollMs, signal);
      if (signal.aborted) return;
      await groups.retryFailed();
      await work((await messagesOf(() => redis.reclaim(reclaimMs))) ?? []);
      await redis.forgetConsumers(FORGET_CONSUMERS_MS).catch(() => undefined);
    },
  };
}
