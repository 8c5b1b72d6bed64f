import type pg from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { AppError } from '../errors.ts';
import { clientConfig, openPool } from './client-config.ts';
import { isConnectionLost, translate, unavailable, wasEnded } from './failures.ts';
import { createListener, type Channel } from './listener.ts';
import { sessionOf, type Tx } from './session.ts';

export type { Tx } from './session.ts';
export type { Channel } from './listener.ts';

/** The person that a request acts for. */
export interface Actor {
  userId: string;
  role: 'admin' | 'member';
  email: string;
}

export interface Database {
  /** A transaction that sees and changes only what this person may (row-level security). */
  asUser<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction for nobody in particular: only the doors, such as `user_of_api_key`, answer. */
  asStranger<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of the platform itself, which sees everything. */
  asOrchestrator<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Rejects within a second when the database does not answer; busy connections do not matter. */
  ping(): Promise<void>;
  /**
   * Calls `handler` with every notification on a channel, and `onGap` each time that listening has (re)started:
   * before that moment notifications may have been missed. Resolves to a function that ends it.
   */
  listen(channel: Channel, handler: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>>;
  /** The connections of the login role, for the job queue alone: our own tables are invisible on them. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const WAIT_FOR_CONNECTION_MS = 2000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A server that can't even open a transaction in this time is frozen or unreachable. */
const BEGIN_TIMEOUT_MS = 2000;
const PING_TIMEOUT_MS = 1000;

/**
 * The platform's access to its database. Never throws outside a call: connections come and go by themselves.
 * Calls reject with AppError DEPENDENCY_UNAVAILABLE when the database is away, and with OVERLOADED when no
 * connection is free within 2 s or a statement takes longer than 10 s.
 */
export function openDatabase(settings: DatabaseSettings, options: { log: Logger; poolSize: number }): Database {
  const { log } = options;
  const pool = openWorkPool(settings, options.poolSize, log);
  const pings = openPingPool(settings, log);
  const listener = createListener(settings, log);

  return {
    asUser: (actor, work) => transaction(pool, beginFor(actor), work),
    asStranger: (work) => transaction(pool, 'BEGIN; SET LOCAL ROLE store_platform_api', work),
    asOrchestrator: (work) => transaction(pool, 'BEGIN; SET LOCAL ROLE store_platform_orchestrator', work),
    async ping() {
      await pings.query('SELECT 1').catch((error: unknown) => {
        throw unavailable(error);
      });
    },
    listen: listener.listen,
    pool,
    async close() {
      await Promise.all([listener.close(), pool.end(), pings.end()]);
    },
  };
}

function openWorkPool(settings: DatabaseSettings, size: number, log: Logger): pg.Pool {
  const config = {
    ...clientConfig(settings),
    max: size,
    connectionTimeoutMillis: WAIT_FOR_CONNECTION_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // For a server that does not keep its own promise because it is frozen or gone.
    query_timeout: STATEMENT_TIMEOUT_MS + 2000,
    idle_in_transaction_session_timeout: 60_000,
  };
  return openPool(config, log);
}

/** One connection of its own, so that a full pool is not mistaken for a database that is away. */
function openPingPool(settings: DatabaseSettings, log: Logger): pg.Pool {
  const timeouts = { connectionTimeoutMillis: PING_TIMEOUT_MS, query_timeout: PING_TIMEOUT_MS };
  return openPool({ ...clientConfig(settings), ...timeouts, max: 1 }, log);
}

/** One round trip that opens the transaction and says for whom. The id is checked, because SET takes no parameters. */
function beginFor(actor: Actor): string {
  if (!UUID.test(actor.userId)) throw new Error('An actor without a proper user id');
  const role = actor.role === 'admin' ? 'store_platform_admin' : 'store_platform_api';
  return `BEGIN; SET LOCAL ROLE ${role}; SET LOCAL app.user_id = '${actor.userId}'`;
}

async function transaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await open(pool, begin, pool.options.max);
  let broken = false;
  try {
    const result = await work(sessionOf(client));
    await commit(client);
    return result;
  } catch (error) {
    broken = isConnectionLost(error) || (await rollback(client));
    throw translate(error);
  } finally {
    client.release(broken);
  }
}

/**
 * A connection on which the transaction has begun. An idle one may have been ended by the server without our having
 * noticed; nothing was done on it yet, so another is as good: at most `others` are tried.
 */
async function open(pool: pg.Pool, begin: string, others: number): Promise<pg.PoolClient> {
  const client = await connect(pool);
  try {
    await client.query({ text: begin, query_timeout: BEGIN_TIMEOUT_MS } as pg.QueryConfig);
    return client;
  } catch (error) {
    client.release(true);
    if (others === 0 || !wasEnded(error)) throw translate(error);
    return open(pool, begin, others - 1);
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    const full = error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect');
    if (!full) throw translate(error);
    if (pool.totalCount === 0) throw unavailable(error);
    throw new AppError('OVERLOADED', 'Too many requests at once. Try again in a moment.', {
      retryAfter: 1,
      cause: error,
    });
  }
}

/** COMMIT of a failed transaction quietly rolls back; whoever swallowed the error must hear of it. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction had failed before and was rolled back');
}

/** True when even that failed, and the connection is of no more use. */
async function rollback(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => false,
    () => true,
  );
}
