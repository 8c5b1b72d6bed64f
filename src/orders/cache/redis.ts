import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { errorText } from '../../errors.ts';
import type { Guard } from '../resilience.ts';
import type { CacheStore } from './store.ts';

const PREFIX = 'store-platform:summary:';
/** To compute a summary takes less than to wait longer for one. */
const COMMAND_MS = 200;

/** In Redis, shared by all replicas. While Redis is away it has nothing and keeps nothing. */
export function createRedisStore(url: string, { guard, log }: { guard: Guard; log: Logger }): CacheStore {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 1000,
    commandTimeout: COMMAND_MS,
  });
  redis.on('error', (error) => log.debug({ reason: errorText(error) }, 'The cache in Redis cannot be reached'));
  return {
    get: (key) => guard.run(() => redis.get(nameOf(key))).catch(() => null),
    async set(key, text, lifetimeMs) {
      await guard.run(() => redis.set(nameOf(key), text, 'PX', lifetimeMs)).catch(() => null);
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** Keys hold who asked for what, which Redis need not know. */
function nameOf(key: string): string {
  return PREFIX + createHash('sha256').update(key).digest('base64url');
}
