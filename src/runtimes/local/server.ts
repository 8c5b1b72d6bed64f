import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { ClientConfig, Pool, QueryResultRow } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../../config.ts';
import { clientConfig, openPool } from '../../db/client-config.ts';
import { isConnectionLost, unavailable } from '../../db/failures.ts';

/** One statement after the other on one connection; `query` quotes nothing, see `ident` and `literal`. */
export type Query = <Row extends QueryResultRow = QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** The database server that stores' databases live on, seen with the rights to make them. */
export interface DatabaseServer {
  /** Rejects with DEPENDENCY_UNAVAILABLE when the server can't be reached, as all methods do. */
  query: Query;
  /**
   * Does work that nobody else may do at the same time under the same `lock`, here or in another process. On abort it
   * rejects at once; a statement that the server was in finishes there, and the lock is free only after it.
   */
  alone<T>(lock: string, signal: AbortSignal | null, work: (query: Query) => Promise<T>): Promise<T>;
  /** Works inside another database of the same server. */
  inside<T>(database: string, work: (query: Query) => Promise<T>): Promise<T>;
  reachable(): Promise<boolean>;
  url(database: string, user: string, password: string): string;
  close(): Promise<void>;
}

export { escapeIdentifier as ident, escapeLiteral as literal };

const CONNECT_MS = 5000;
const POOL_SIZE = 8; // a clone or a rollback holds one for about half a second
/** What pg's pool says, without a code, when it could not connect in time. */
const NO_CONNECTION = /^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/;

export function openServer(settings: DatabaseSettings, log: Logger): DatabaseServer {
  const config = {
    ...clientConfig(settings),
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'store-platform runtime',
  };
  const pool = openPool({ ...config, max: POOL_SIZE, idleTimeoutMillis: 10_000 }, log);

  let closed: Promise<void> | undefined;
  const server: DatabaseServer = {
    query: (text, values) => known(async () => (await pool.query(text, values)).rows),
    alone: (lock, signal, work) => known(() => alone(pool, lock, signal, work)),
    inside: (database, work) => known(() => inside({ ...config, database }, work)),
    reachable: () =>
      server.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    url: (database, user, password) => urlOf(settings, database, user, password),
    close: () => (closed ??= pool.end()),
  };
  return server;
}

async function alone<T>(
  pool: Pool,
  lock: string,
  signal: AbortSignal | null,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  const query: Query = async (text, values) => {
    signal?.throwIfAborted();
    return (await client.query(text, values)).rows;
  };
  let broken = true;
  try {
    const result = await untilAborted(signal, async () => {
      await query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock]);
      const done = await work(query);
      await query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lock]);
      return done;
    });
    broken = false;
    return result;
  } finally {
    // Whatever it was in the middle of, the lock goes with the session.
    client.release(broken);
  }
}

async function inside<T>(options: ClientConfig, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new Client(options);
  client.on('error', ignore);
  await client.connect();
  try {
    return await work(async (text, values) => (await client.query(text, values)).rows);
  } finally {
    await client.end().catch(ignore);
  }
}

/** Rejects as soon as the signal fires; what was under way is left to end by itself. */
function untilAborted<T>(signal: AbortSignal | null, work: () => Promise<T>): Promise<T> {
  if (!signal) return work();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Tells "the server is away" from every other failure: the one is waited out, the others are somebody's fault. */
async function known<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const away = isConnectionLost(error) || NO_CONNECTION.test(error instanceof Error ? error.message : '');
    throw away ? unavailable(error) : error;
  }
}

function urlOf(settings: DatabaseSettings, database: string, user: string, password: string): string {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const secure = settings.ssl ? '?sslmode=require' : '';
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${settings.port}/${database}${secure}`;
}

function ignore(): void {}
