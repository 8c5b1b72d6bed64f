import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { actorOf } from './authentication.ts';
import { createOrderLimit, createRefusalLimit } from './order-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its requests are limited by what is in them (`countOrders`), and not as requests. */
    isLimitedByOrders?: boolean;
  }
}

const MINUTE_MS = 60_000;
/** Password guesses: per person and address, and per person from everywhere. */
const GUESSES = { max: 10, timeWindow: 5 * MINUTE_MS };
const GUESSES_FROM_EVERYWHERE = { max: 100, timeWindow: 15 * MINUTE_MS };

export interface RateLimits {
  /** Counts a creation (IDN-4). Call it when it is certain that it is one, and no replay of an earlier answer. */
  countCreate(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts an attempt to sign in to an account by password. */
  countGuess(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts orders, by the key, person or source that sends them. */
  countOrders(request: FastifyRequest, reply: FastifyReply, orders: number): Promise<void>;
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;
type Count = Omit<
  Extract<Awaited<ReturnType<Limiter>>, { isAllowed: false }>,
  'isAllowed' | 'key' | 'isBanned' | 'ttl'
>;

/**
 * The limits of IDN-4, counted in Redis when REDIS_URL is set and in memory otherwise. All requests below `/api/` are
 * counted by the client's address, before their credentials are looked at. When Redis is away nothing is limited.
 */
export async function rateLimits(app: FastifyInstance, config: Config): Promise<RateLimits> {
  const redis = config.REDIS_URL ? connectRedis(app, config.REDIS_URL) : undefined;
  await app.register(rateLimit, {
    global: false,
    skipOnError: true,
    nameSpace: 'store-platform:rate:',
    ...(redis && { redis }),
  });
  const byAddress = app.createRateLimit({ max: config.RATE_LIMIT_PER_MINUTE, timeWindow: MINUTE_MS });
  const creates = app.createRateLimit({
    max: config.RATE_LIMIT_CREATES_PER_MINUTE,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `creates:${actorOf(request).userId}`,
  });
  const guesses = app.createRateLimit({ ...GUESSES, keyGenerator: (request) => `${account(request)}:${request.ip}` });
  const allGuesses = app.createRateLimit({ ...GUESSES_FROM_EVERYWHERE, keyGenerator: account });

  const orders = createOrderLimit(config.RATE_LIMIT_ORDERS_PER_SECOND, redis);
  const refusals = createRefusalLimit(config.RATE_LIMIT_PER_MINUTE);

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isLimitedByOrders) return mustNotGuess(await refusals.waitOf(request.ip));
    if (request.url.startsWith('/api/')) await enforce('requests', byAddress, request, reply);
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401 && request.routeOptions.config.isLimitedByOrders) refusals.count(request.ip);
    done();
  });
  return {
    countCreate: (request, reply) => enforce('creates', creates, request, reply),
    async countGuess(request, reply) {
      await enforce('sign-in', guesses, request, reply);
      await enforce('account', allGuesses, request, reply);
    },
    async countOrders(request, reply, count) {
      conclude('orders', await orders(senderOf(request), count), reply);
    },
  };
}

/** What is limited, in words for people; the names are those of the headers. */
const COUNTED = {
  requests: 'requests',
  creates: 'new stores',
  'sign-in': 'attempts with a password',
  account: 'attempts with a password for this account',
  orders: 'orders',
} as const;

async function enforce(
  name: keyof typeof COUNTED,
  limiter: Limiter,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const count = await limiter(request);
  if (!count.isAllowed) conclude(name, count, reply);
}

function conclude(name: keyof typeof COUNTED, count: Count, reply: FastifyReply): void {
  announce(name, count, reply);
  if (!count.isExceeded) return;
  throw new AppError('RATE_LIMITED', `Too many ${COUNTED[name]}: at most ${count.max} in ${words(count.timeWindow)}.`, {
    retryAfter: count.ttlInSeconds,
    details: { limit: count.max, windowSeconds: count.timeWindow / 1000, retryAfterSeconds: count.ttlInSeconds },
  });
}

/** The fields of draft-ietf-httpapi-ratelimit-headers, and the three that older clients know; the tightest wins there. */
function announce(name: string, { max, remaining, ttlInSeconds, timeWindow }: Count, reply: FastifyReply): void {
  const before = reply.getHeader('ratelimit');
  const policyBefore = reply.getHeader('ratelimit-policy');
  const policy = `"${name}";q=${max};w=${timeWindow / 1000}`;
  const state = `"${name}";r=${remaining};t=${ttlInSeconds}`;
  reply.header('ratelimit-policy', policyBefore === undefined ? policy : `${String(policyBefore)}, ${policy}`);
  reply.header('ratelimit', before === undefined ? state : `${String(before)}, ${state}`);
  reply.header('ratelimit-limit', max).header('ratelimit-remaining', remaining).header('ratelimit-reset', ttlInSeconds);
}

function words(ms: number): string {
  if (ms < MINUTE_MS) return 'a second';
  return ms === MINUTE_MS ? 'a minute' : `${ms / MINUTE_MS} minutes`;
}

function mustNotGuess(wait: number | null): void {
  if (wait === null) return;
  throw new AppError('RATE_LIMITED', 'Too many requests from this address had wrong credentials. Mend them first.', {
    retryAfter: wait,
    details: { retryAfterSeconds: wait },
  });
}

/** Whoever signs or holds a key counts for themselves; in a browser a person does. */
function senderOf(request: FastifyRequest): string {
  if (request.signedBy) return `source:${request.signedBy.id}`;
  const { credential } = request.identity ?? {};
  return credential?.kind === 'api-key' ? `key:${credential.id}` : `user:${actorOf(request).userId}`;
}

/** Whose password is guessed: of the account that is named, else one's own. Hashed: the counter need not know people. */
function account(request: FastifyRequest): string {
  const { email = request.identity?.actor.email ?? '' } = (request.body ?? {}) as { email?: string };
  return `account:${createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')}`;
}

/** Fails fast instead of queueing, so that a Redis that is away costs no request more than a moment. */
function connectRedis(app: FastifyInstance, url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 1000,
    commandTimeout: 500,
  });
  redis.on('error', (error) =>
    app.log.warn({ err: error }, 'Redis cannot be reached: requests are not limited meanwhile'),
  );
  app.addHook('onClose', async () => redis.disconnect());
  return redis;
}
