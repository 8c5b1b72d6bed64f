import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { waitForDatabase, withClient } from './connect.ts';
import { serverAccount } from './embedded/account.ts';
import { findBinaries, installBinaries, removeOtherBinaries } from './embedded/binaries.ts';
import { prepareFolders, type Folders } from './embedded/folders.ts';
import { initialise } from './embedded/initialise.ts';
import { keepSecret } from './kept-secret.ts';
import { supervise } from './embedded/supervise.ts';

export interface EmbeddedPostgres {
  /** The platform's own database, as the login role that may make databases and roles. */
  settings: DatabaseSettings;
  /** For administration only. */
  superuser: DatabaseSettings;
  stop(): Promise<void>;
}

const LOG_LIMIT_BYTES = 10_000_000;
const ANSWERS_WITHIN_MS = 60_000;

/** Loopback TCP only. Everything that keeps data safe stays as PostgreSQL has it (fsync, full_page_writes, …). */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // their paths have a length limit that a home can exceed
  max_connections: '400', // every store's process has a pool of its own
  jit: 'off', // for reports; our statements are over before it has compiled them
  max_parallel_workers_per_gather: '0', // needs /dev/shm, which is tiny in many containers
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'log', // and not the errors of each shop's statements
};

/**
 * PostgreSQL without installing it: everything below `home`, set up on the first call (1 to 2 s), started again in
 * a fraction of a second later. A server that outlived the platform is adopted; one that ends is started again.
 * Rejects with what to do when the home can't be used, the data is of another major version, or the port is taken.
 * `overrides` are server settings for tests that need no durability.
 */
export async function startEmbedded(options: {
  home: string;
  log: Logger;
  overrides?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { home, log, overrides } = options;
  const account = await serverAccount();
  const folders = await prepareFolders(home, account);
  const binaries = await findBinaries();
  const installed = await installBinaries(binaries, folders.postgres);
  const superuserPassword = await keepSecret(join(folders.secrets, 'postgres-superuser'));
  const { port } = await initialise(folders, installed, binaries, account, superuserPassword);
  const logFile = await rotatedLog(folders);
  const settings = { ...SETTINGS, ...overrides };
  const server = await supervise({ installed, data: folders.data, port, account, logFile, settings }, log);
  try {
    if (!server.adopted) await removeOtherBinaries(folders.postgres, installed);
    const at = { host: '127.0.0.1', port, ssl: false };
    const superuser = { ...at, name: 'postgres', user: 'postgres', password: superuserPassword };
    const password = await keepSecret(join(folders.secrets, 'postgres-login'));
    const login = { ...at, name: 'store_platform', user: 'store_platform', password };
    // One that was adopted while it died is started again meanwhile.
    await waitForDatabase(superuser, log, AbortSignal.timeout(ANSWERS_WITHIN_MS));
    await ensureLogin(superuser, login);
    return { settings: login, superuser, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** One file and its predecessor; a server that runs goes on writing to the one it has. */
async function rotatedLog(folders: Folders): Promise<string> {
  const file = join(folders.logs, 'postgres.log');
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > LOG_LIMIT_BYTES) await rename(file, `${file}.1`);
  return file;
}

/** The platform's login role and database. No store's role may connect to it, or to the server's own databases. */
async function ensureLogin(superuser: DatabaseSettings, login: DatabaseSettings): Promise<void> {
  await withClient(superuser, async (client) => {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
      [login.user, login.name],
    );
    if (!rows[0]?.role) {
      const password = escapeLiteral(login.password ?? '');
      await client.query(`CREATE ROLE ${login.user} LOGIN CREATEDB CREATEROLE PASSWORD ${password}`);
    }
    if (!rows[0]?.database) {
      await client.query(`CREATE DATABASE ${login.name} OWNER ${login.user}`);
      await client.query(`REVOKE CONNECT ON DATABASE ${login.name}, postgres, template1 FROM PUBLIC`);
      await client.query(`GRANT CONNECT ON DATABASE postgres TO ${login.user}`);
    }
  });
}
