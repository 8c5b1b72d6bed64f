import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { pino, type Logger } from 'pino';
import { inject } from 'vitest';
import type { DatabaseSettings } from '../../src/config.ts';
import { withClient } from '../../src/db/connect.ts';
import { openDatabase, type Actor, type Database } from '../../src/db/database.ts';
import { insertUser } from '../../src/db/users.ts';

export interface TestDatabase {
  db: Database;
  settings: DatabaseSettings;
  /** The server's administrator, connected to no database in particular. */
  superuser: DatabaseSettings;
  /** Closes and drops it. */
  close(): Promise<void>;
}

export const silentLog: Logger = pino({ level: 'silent' });

/** A fresh, migrated database of the test file's own: a clone, some 50 ms. */
export async function testDatabase(options: { poolSize?: number; log?: Logger } = {}): Promise<TestDatabase> {
  const { login, superuser } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const administer = (statement: string) =>
    withClient({ ...login, name: 'postgres' }, async (client) => void (await client.query(statement)));
  await administer(`CREATE DATABASE ${name} TEMPLATE ${login.name}`);
  const settings = { ...login, name };
  const db = openDatabase(settings, { log: options.log ?? silentLog, poolSize: options.poolSize ?? 10 });
  // Clones of one template are different installations.
  await db.asOrchestrator((tx) => sql`UPDATE installation SET id = gen_random_uuid()`.execute(tx));
  return {
    db,
    settings,
    superuser,
    async close() {
      await db.close();
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** A person in the database, as the actor of transactions. */
export async function testUser(db: Database, role: 'admin' | 'member' = 'member'): Promise<Actor> {
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const user = await db.asOrchestrator((tx) => insertUser(tx, { email, role }));
  if (!user) throw new Error('The random address is taken');
  return { userId: user.id, role, email };
}
