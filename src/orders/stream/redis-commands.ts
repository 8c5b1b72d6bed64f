import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** A message: which batch is to be applied. */
export interface Message {
  id: string;
  batch: number;
}

/** What is asked of Redis. All of it rejects at once when there is no connection, and within seconds when it is silent. */
export interface RedisCommands {
  /** Waits until all connections stand, or have failed once. */
  ready(): Promise<void>;
  /** Makes the stream and its group. False when they are there already. */
  makeGroup(): Promise<boolean>;
  add(batches: readonly number[]): Promise<void>;
  /** How many messages nobody has done with. */
  length(): Promise<number>;
  /** New messages for one of this process's consumers; waits for the first one, for a second. */
  read(consumer: number): Promise<Message[]>;
  /** Messages that some consumer was given so long ago that it must be dead. */
  reclaim(idleMs: number): Promise<Message[]>;
  done(messages: readonly Message[]): Promise<void>;
  /** Adds to the stream of what was given up. */
  bury(batch: number, error: string): Promise<void>;
  /** Forgets consumers of processes that ended without a word. */
  forgetConsumers(idleMs: number): Promise<void>;
  /** Forgets this process's consumers, except those that still hold messages, and ends the connections. */
  close(): Promise<void>;
}

const GROUP = 'aggregators';
/** A Redis that nobody reads from does not grow without end: what it drops is sent again. */
const MOST_MESSAGES = 100_000;
const MOST_DEAD = 1000;
const READ_AT_ONCE = 250;
const BLOCK_MS = 1000;
/** Longer than any answer takes, a blocked read's included. */
const SILENCE_MS = 3000;

/** `installation` keeps platforms that share one Redis apart. */
export function redisCommands(url: string, installation: string, consumers: number, log: Logger): RedisCommands {
  const key = `store-platform:${installation}:orders`;
  const deadKey = `${key}:dead`;
  const name = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const main = connect(url, log);
  // A read that waits keeps a connection to itself.
  const readers = Array.from({ length: consumers }, () => connect(url, log));
  const consumerName = (consumer: number): string => `${name}:${consumer}`;

  return {
    async ready() {
      await Promise.all([main, ...readers].map(firstAnswer));
    },
    makeGroup: () => makeGroup(main, key),
    async add(batches) {
      const pipeline = main.pipeline();
      for (const batch of batches) pipeline.xadd(key, 'MAXLEN', '~', MOST_MESSAGES, '*', 'batch', batch);
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },
    length: () => main.xlen(key),
    async read(consumer) {
      const reader = readers[consumer];
      if (!reader) throw new Error(`There is no consumer ${consumer}`);
      const by = consumerName(consumer);
      const answer = await reader.xreadgroup(
        'GROUP',
        GROUP,
        by,
        'COUNT',
        READ_AT_ONCE,
        'BLOCK',
        BLOCK_MS,
        'STREAMS',
        key,
        '>',
      );
      const [stream] = (answer ?? []) as [string, Entry[]][];
      return messagesOf(stream?.[1] ?? []);
    },
    async reclaim(idleMs) {
      const answer = await main.xautoclaim(key, GROUP, consumerName(0), idleMs, '0-0', 'COUNT', READ_AT_ONCE);
      return messagesOf((answer as [string, Entry[]])[1]);
    },
    async done(messages) {
      if (messages.length === 0) return;
      const ids = messages.map(({ id }) => id);
      await main
        .pipeline()
        .xack(key, GROUP, ...ids)
        .xdel(key, ...ids)
        .exec();
    },
    async bury(batch, error) {
      await main.xadd(deadKey, 'MAXLEN', '~', MOST_DEAD, '*', 'batch', batch, 'error', error);
    },
    forgetConsumers: (idleMs) => forgetConsumers(main, key, { idleMs }),
    async close() {
      if (main.status === 'ready') await forgetConsumers(main, key, { of: name }).catch(() => undefined);
      for (const connection of [main, ...readers]) connection.disconnect();
    },
  };
}

async function makeGroup(redis: Redis, key: string): Promise<boolean> {
  try {
    await redis.xgroup('CREATE', key, GROUP, '0', 'MKSTREAM');
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('BUSYGROUP')) return false;
    throw error;
  }
}

/** Those that hold messages are not forgotten: the messages would be, too. */
async function forgetConsumers(redis: Redis, key: string, which: { of?: string; idleMs?: number }): Promise<void> {
  const { of = '', idleMs = 0 } = which;
  for (const row of (await redis.xinfo('CONSUMERS', key, GROUP)) as unknown[][]) {
    const field = (wanted: string): unknown => row[row.indexOf(wanted) + 1];
    const name = String(field('name'));
    const isFree = Number(field('pending')) === 0 && Number(field('idle')) >= idleMs;
    if (isFree && name.startsWith(of)) await redis.xgroup('DELCONSUMER', key, GROUP, name);
  }
}

type Entry = [id: string, fields: string[] | null];

/** An entry without fields was dropped meanwhile. */
function messagesOf(entries: readonly (Entry | null)[]): Message[] {
  return entries.flatMap((entry) => (entry?.[1] ? [{ id: entry[0], batch: Number(entry[1][1]) }] : []));
}

async function firstAnswer(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return;
  await new Promise<void>((resolve) => connection.once('ready', () => resolve()).once('close', () => resolve()));
}

/** Fails fast instead of queueing: there is a way without Redis. */
function connect(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 1000,
    socketTimeout: SILENCE_MS,
    retryStrategy: (times) => Math.min(times * 50, 500),
  });
  redis.on('error', (error) => log.debug({ err: error }, 'A connection to Redis failed'));
  return redis;
}
