import { Pool, types, type ClientConfig, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { errorText } from '../errors.ts';

const INT8 = 20; // oid of bigint in pg_type

/**
 * What pg needs for a connection. A bigint is read as a number: ids and bytes stay far below 2^53.
 * The connection notices within 20 s that a silent server is gone (10 s idle, then ten probes a second apart).
 */
export function clientConfig(settings: DatabaseSettings): ClientConfig {
  return {
    host: settings.host,
    port: settings.port,
    database: settings.name,
    user: settings.user,
    password: settings.password,
    ssl: settings.ssl,
    application_name: 'store-platform',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: typeParser as typeof types.getTypeParser },
  };
}

/** A pool whose connections may break without ending the process: one in use has no listener of the pool's own. */
export function openPool(config: PoolConfig, log: Logger): Pool {
  const pool = new Pool(config);
  pool.on('error', (error) => {
    // The error holds the whole connection, and with it the password.
    if (!pool.ending) log.warn({ reason: errorText(error) }, 'A database connection was lost');
  });
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format);
}
