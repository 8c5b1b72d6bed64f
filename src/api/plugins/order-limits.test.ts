import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis } from '../../../test/support/redis.ts';
import { createOrderLimit, createRefusalLimit } from './order-limits.ts';

const count = async (limit: ReturnType<typeof createOrderLimit>, orders: number) =>
  (await limit('key', orders)).isExceeded;

it('replicas share a limit by Redis, and each has its own while Redis is away', async ({ skip, onTestFinished }) => {
  const server = await startRedis();
  if (!server) return skip('redis-server is not on this machine');
  onTestFinished(() => server.kill());
  const connect = async () => {
    const redis = new Redis(server.url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 500 });
    redis.on('error', () => undefined);
    onTestFinished(() => redis.disconnect());
    await once(redis, 'ready');
    return createOrderLimit(10, redis);
  };
  const [one, two] = [await connect(), await connect()];
  // A second may end between two counts: within three of them it can't twice.
  const exceeded: boolean[] = [];
  for (let n = 0; n < 3; n += 1) exceeded.push(await count(one, 6), await count(two, 6));
  expect(exceeded).toContain(true);
  await server.kill();
  const alone = [await count(one, 10), await count(two, 10)];
  expect(alone).toEqual([false, false]);
});

it('says how much is left and when to come back', async () => {
  const limit = createOrderLimit(10, undefined);
  expect(await limit('key', 4)).toEqual({
    isExceeded: false,
    max: 10,
    remaining: 6,
    ttlInSeconds: 1,
    timeWindow: 1000,
  });
  expect(await limit('key', 7)).toMatchObject({ isExceeded: true, remaining: 0, ttlInSeconds: 1 });
  expect(await limit('other', 1000)).toMatchObject({ isExceeded: false });
});

it('an address whose credentials were refused too often waits', async () => {
  const refusals = createRefusalLimit(2);
  expect(await refusals.waitOf('::1')).toBeNull();
  refusals.count('::1');
  refusals.count('::1');
  expect(await refusals.waitOf('::1')).toBeGreaterThan(50);
  expect(await refusals.waitOf('::2')).toBeNull();
});
