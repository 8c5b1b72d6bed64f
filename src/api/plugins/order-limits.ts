import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const SECOND_MS = 1000;

/** How far somebody is in the present second. */
export interface OrderCount {
  isExceeded: boolean;
  max: number;
  remaining: number;
  ttlInSeconds: number;
  timeWindow: number;
}

/**
 * Counts orders by who sends them, in Redis where there is one, and in memory otherwise or while Redis is away. A
 * request that alone is over the limit counts as a full second.
 */
export function createOrderLimit(perSecond: number, redis: Redis | undefined) {
  const options = { points: perSecond, duration: 1, keyPrefix: 'store-platform:orders' };
  const inMemory = new RateLimiterMemory(options);
  const limiter = redis
    ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: inMemory, rejectIfRedisNotReady: true })
    : inMemory;
  return async (sender: string, orders: number): Promise<OrderCount> => {
    try {
      return countOf(await limiter.consume(sender, Math.min(orders, perSecond)), perSecond, false);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return countOf(error, perSecond, true);
    }
  };
}

function countOf({ remainingPoints, msBeforeNext }: RateLimiterRes, max: number, isExceeded: boolean): OrderCount {
  const ttlInSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return { isExceeded, max, remaining: Math.max(0, remainingPoints), ttlInSeconds, timeWindow: SECOND_MS };
}

/**
 * Counts refused credentials by address, where requests as such are not counted: whoever guesses keys or signatures
 * may do so as often as anybody may ask for anything.
 */
export function createRefusalLimit(perMinute: number) {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return {
    /** Seconds until this address may try again; null where it may now. */
    async waitOf(address: string): Promise<number | null> {
      const count = await limiter.get(address);
      return count !== null && count.consumedPoints >= perMinute ? Math.ceil(count.msBeforeNext / 1000) : null;
    },
    count(address: string): void {
      void limiter.penalty(address);
    },
  };
}
