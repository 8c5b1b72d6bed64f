import {
  CamelCasePlugin,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely';
import type pg from 'pg';
import type { Schema } from './schema.ts';

/** One transaction that is already open; repositories take it as their first argument. */
export type Tx = Transaction<Schema>;

const sessions = new WeakMap<pg.ClientBase, Tx>();

/**
 * Kysely on one connection whose BEGIN and COMMIT somebody else sends, so that choosing a role costs
 * no round trip of its own. Kept with the connection, because building it takes longer than a query.
 */
export function sessionOf(client: pg.ClientBase): Tx {
  let session = sessions.get(client);
  if (!session) {
    session = makeSession(client);
    sessions.set(client, session);
  }
  return session;
}

function makeSession(client: pg.ClientBase): Tx {
  const connection = { query: client.query.bind(client), release: () => undefined };
  const pool = { connect: async () => connection, end: async () => undefined };
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PostgresDriver({ pool: pool as never }),
      createIntrospector: () => {
        throw new Error('A session is for statements; migrations have a connection of their own');
      },
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  }) as unknown as Tx;
}
