import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger as WorkerLogger, runMigrations as migrateQueue } from 'graphile-worker';
import { Kysely, Migrator, PostgresDialect, sql, type Migration } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { clientConfig, openPool } from './client-config.ts';
import { withClient } from './connect.ts';
import { codeOf } from './failures.ts';
import { ensureRoles } from './roles.ts';

/** Any number: it only has to be the same for all replicas of the platform. */
const MIGRATION_LOCK = 7_220_410;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the database up to this version: roles, the job queue's tables, then ours, each file once.
 * Replicas that start together wait for the first one. Rejects with what to do when the user lacks a right,
 * and when the database is of a newer version than this program. `upTo` ends at an older version, as tests want it.
 */
export async function migrate(settings: DatabaseSettings, log: Logger, upTo?: string): Promise<void> {
  await withClient(settings, async (lockHolder) => {
    await lockHolder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRoles(lockHolder);
    await withPool(settings, log, async (pool) => {
      await migrateQueue({ pgPool: pool, logger: new WorkerLogger(() => (_level, message) => log.debug(message)) });
      await migrateTables(pool, log, upTo);
    });
  }).catch((error: unknown) => {
    throw codeOf(error) === INSUFFICIENT_PRIVILEGE ? mayNotCreate(settings, error) : error;
  });
}

async function withPool<T>(settings: DatabaseSettings, log: Logger, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = openPool({ ...clientConfig(settings), max: 2 }, log);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function migrateTables(pool: pg.Pool, log: Logger, upTo: string | undefined): Promise<void> {
  const migrator = new Migrator({
    db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    provider: { getMigrations: () => readMigrations(migrationsFolder()) },
    migrationTableName: 'schema_migrations',
    migrationLockTableName: 'schema_migrations_lock',
  });
  const { error, results = [] } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  for (const { migrationName, status } of results) {
    if (status === 'Success') log.info({ migration: migrationName }, 'The database was migrated');
  }
  if (error) throw withFile(error, results.find(({ status }) => status === 'Error')?.migrationName);
}

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.sql$/.test(file)).toSorted();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    migrations[file.slice(0, -'.sql'.length)] = { up: async (db) => void (await sql.raw(text).execute(db)) };
  }
  return migrations;
}

/** `migrations/` of the checkout, seen from src/ as well as from the compiled dist/src/. */
function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations'))) {
    if (dirname(folder) === folder) throw new Error('The folder migrations/ of the platform is missing');
    folder = dirname(folder);
  }
  return join(folder, 'migrations');
}

function withFile(error: unknown, migration: string | undefined): unknown {
  if (!(error instanceof Error)) return error;
  if (/corrupted migrations/.test(error.message)) {
    return new Error('The database is of a newer version of the platform. Start that version, or restore a backup.', {
      cause: error,
    });
  }
  if (migration) error.message = `${migration}: ${error.message}`;
  return error;
}

function mayNotCreate(settings: DatabaseSettings, cause: unknown): Error {
  return new Error(
    `The database user ${settings.user} may not make tables in ${settings.name}. ` +
      `Run this once as an administrator of PostgreSQL, then start again:\n` +
      `  ALTER DATABASE "${settings.name}" OWNER TO "${settings.user}";\n` +
      `  GRANT CREATE ON SCHEMA public TO "${settings.user}";`,
    { cause },
  );
}
