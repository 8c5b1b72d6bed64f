import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { silentLog } from '../../test/support/database.ts';
import type { DatabaseSettings } from '../config.ts';
import { withClient } from './connect.ts';
import { migrate } from './migrate.ts';

const { login, superuser } = inject('postgres');
const VERSIONS = readdirSync(join(import.meta.dirname, '../../migrations'))
  .map((file) => file.replace(/\.sql$/, ''))
  .toSorted();
const cleanups: string[] = [];

afterEach(async () => {
  for (const statement of cleanups.splice(0).toReversed()) await query(superuser, statement);
});

async function query(
  settings: DatabaseSettings,
  statement: string,
  name = settings.name,
): Promise<Record<string, unknown>[]> {
  return withClient({ ...settings, name }, async (client) => (await client.query(statement)).rows);
}

/** An empty database of this user. */
async function emptyDatabase(owner: DatabaseSettings = login): Promise<DatabaseSettings> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(superuser, `CREATE DATABASE ${name} OWNER ${owner.user}`);
  cleanups.push(`DROP DATABASE ${name} WITH (FORCE)`);
  return { ...owner, name };
}

/** A login of the server that may do nothing special. */
async function plainUser(): Promise<DatabaseSettings> {
  const user = `plain_${randomBytes(6).toString('hex')}`;
  await query(superuser, `CREATE ROLE ${user} LOGIN PASSWORD 'plain'`);
  cleanups.push(`DROP ROLE ${user}`);
  return { ...superuser, user, password: 'plain' };
}

describe('DAT-1: migrations', () => {
  it('are applied once when three replicas start together', async () => {
    const settings = await emptyDatabase();
    await Promise.all([1, 2, 3].map(() => migrate(settings, silentLog)));
    const applied = await query(settings, 'SELECT name FROM schema_migrations');
    expect(applied).toEqual(VERSIONS.map((name) => ({ name })));
    await migrate(settings, silentLog);
    expect(await query(settings, 'SELECT name FROM schema_migrations')).toEqual(applied);
  });

  it.each(VERSIONS)('lead on from %s with what is in the database', async (version) => {
    const settings = await emptyDatabase();
    await migrate(settings, silentLog, version);
    await query(
      superuser,
      `INSERT INTO engine_preparations (engine, version, status) VALUES ('medusa', '1', 'ready')`,
      settings.name,
    );
    await migrate(settings, silentLog);
    expect(await query(settings, 'SELECT name FROM schema_migrations ORDER BY name')).toEqual(
      VERSIONS.map((name) => ({ name })),
    );
    expect(await query(superuser, 'SELECT engine, status FROM engine_preparations', settings.name)).toEqual([
      { engine: 'medusa', status: 'ready' },
    ]);
  });

  it('refuse a database of a newer version of the platform', async () => {
    const settings = await emptyDatabase();
    await migrate(settings, silentLog);
    await query(settings, `INSERT INTO schema_migrations VALUES ('9999_future', now()::text)`);
    await expect(migrate(settings, silentLog)).rejects.toThrow('newer version of the platform');
  });

  it('say which statements to run where the user may not make roles, and then work', async () => {
    const settings = await emptyDatabase(await plainUser());
    const refusal = await migrate(settings, silentLog).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(Error);
    const statements = (refusal as Error).message.split('\n').filter((line) => line.endsWith(';'));
    expect(statements.join()).toContain(`TO ${settings.user}`);
    for (const statement of statements) await query(superuser, statement);
    await migrate(settings, silentLog);
    expect(await query(settings, 'SELECT count(*) FROM schema_migrations')).toEqual([{ count: VERSIONS.length }]);
  });

  it('say what to do where the user may not make tables', async () => {
    const settings = { ...(await emptyDatabase()), user: login.user };
    await query(superuser, `ALTER DATABASE ${settings.name} OWNER TO postgres`);
    await expect(migrate(settings, silentLog)).rejects.toThrow(/ALTER DATABASE .* OWNER TO "store_platform"/);
  });
});
