import { TerminalError } from '../../errors.ts';
import { ident, literal } from './server.ts';
import type { DatabaseServer, Query } from './server.ts';
import { databaseNames, prefixOf, storeIdOfName } from './names.ts';
import type { DatabaseNames } from './names.ts';
import { scramVerifier } from './scram.ts';
import type { Resource } from '../runtime.ts';

// One store must not use up the server's connections for all others.
const CONNECTION_LIMIT = 30;

/** What a database or role says about itself, kept as its comment. */
export interface Comment {
  installation: string;
  storeId: string;
  /** `made` once the last statement of its making has been run. */
  state: 'making' | 'made';
  since: string;
}

/** True when the store's role and database are there, completely made and open. */
export async function hasDatabase(server: DatabaseServer, names: DatabaseNames): Promise<boolean> {
  const [row] = await server.query<{ comment: string | null; open: boolean; role: boolean }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment, datallowconn AS open,
            EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS role
     FROM pg_database WHERE datname = $1`,
    [names.live, names.role],
  );
  return row?.role === true && row.open && readComment(row.comment)?.state === 'made';
}

/** True when one of the store's databases was made to the end, whatever has become of it since. */
export async function holdsData(server: DatabaseServer, names: DatabaseNames): Promise<boolean> {
  const rows = await server.query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = ANY($1)`,
    [[names.live, names.checkpoint, names.dirty]],
  );
  return rows.some(({ comment: text }) => readComment(text)?.state === 'made');
}

/**
 * Makes the store's role and its database, cloned from the engine's template. A half-made database holds nobody's
 * data yet and is made anew; one that a rollback has renamed is put back by `recover`. Rejects with TerminalError where the name belongs to another installation.
 */
export async function makeDatabase(
  server: DatabaseServer,
  wanted: { installationId: string; storeId: string; password: string; template: string; names: DatabaseNames },
  recover: (query: Query) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { names } = wanted;
  await server.alone(names.live, signal, async (query) => {
    await refuseForeign(query, names, wanted.installationId);
    await recover(query);
    await makeRole(query, names.role, wanted.password, wanted);
    if ((await stateOf(query, names.live)) === 'made') return;
    await query(`DROP DATABASE IF EXISTS ${ident(names.live)} WITH (FORCE)`);
    await query(
      `CREATE DATABASE ${ident(names.live)} TEMPLATE ${ident(wanted.template)} CONNECTION LIMIT ${CONNECTION_LIMIT}`,
    );
    await comment(query, 'DATABASE', names.live, wanted, 'making');
    await query(`REVOKE ALL ON DATABASE ${ident(names.live)} FROM PUBLIC`);
    await server.inside(names.live, async (inner) => {
      // Named owners only: the template's role owns nothing that lies outside this database, see template.ts.
      await inner(`REASSIGN OWNED BY ${ident(wanted.template)} TO ${ident(names.role)}`);
    });
    await query(`ALTER DATABASE ${ident(names.live)} OWNER TO ${ident(names.role)}`);
    await comment(query, 'DATABASE', names.live, wanted, 'made');
  });
}

/** Drops all of a store's databases and its role, whatever state they are in. */
export async function dropDatabases(server: DatabaseServer, installationId: string, storeId: string): Promise<void> {
  const names = databaseNames(installationId, storeId);
  await server.alone(names.live, null, async (query) => {
    await refuseForeign(query, names, installationId);
    for (const database of [names.dirty, names.checkpoint, names.live]) {
      await query(`DROP DATABASE IF EXISTS ${ident(database)} WITH (FORCE)`);
    }
    await query(`DROP ROLE IF EXISTS ${ident(names.role)}`);
  });
}

/** Makes a role that can log in, or gives it this password again; we become a member, so that we may act for it. */
export async function makeRole(
  query: Query,
  role: string,
  password: string,
  of: { installationId: string; storeId: string },
): Promise<void> {
  const rights = `LOGIN PASSWORD ${literal(scramVerifier(password))}`;
  const [there] = await query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  await query(there ? `ALTER ROLE ${ident(role)} ${rights}` : `CREATE ROLE ${ident(role)} ${rights}`);
  await query(`GRANT ${ident(role)} TO CURRENT_USER`);
  await comment(query, 'ROLE', role, of, 'made');
}

export async function comment(
  query: Query,
  kind: 'DATABASE' | 'ROLE',
  name: string,
  of: { installationId: string; storeId: string },
  state: Comment['state'],
): Promise<void> {
  const text: Comment = {
    installation: of.installationId,
    storeId: of.storeId,
    state,
    since: new Date().toISOString(),
  };
  await query(`COMMENT ON ${kind} ${ident(name)} IS ${literal(JSON.stringify(text))}`);
}

export function readComment(text: string | null): Comment | null {
  try {
    return text === null ? null : (JSON.parse(text) as Comment);
  } catch {
    return null;
  }
}

/**
 * Ends whoever is connected to a database and is ours to end. A superuser's session and the server's own workers
 * (autovacuum) are not: asking for those is an error, and statements that need the database empty wait for them.
 */
export async function endConnections(query: Query, database: string): Promise<void> {
  await query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pg_has_role(usesysid, 'MEMBER')`,
    [database],
  );
}

/** All databases and roles of this installation's stores. */
export async function databaseResources(server: DatabaseServer, installationId: string): Promise<Resource[]> {
  const rows = await server.query<{ kind: 'database' | 'role'; name: string; comment: string | null }>(
    `SELECT 'database' AS kind, datname AS name, shobj_description(oid, 'pg_database') AS comment
     FROM pg_database WHERE starts_with(datname, $1)
     UNION ALL
     SELECT 'role', rolname, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE starts_with(rolname, $1)`,
    [prefixOf(installationId)],
  );
  return rows.flatMap(({ kind, name, comment: text }) => {
    const storeId = storeIdOfName(installationId, name);
    const said = readComment(text);
    // The name holds 8 digits of the installation, the comment all of them. A name without a comment is one that
    // was being made when its maker died.
    if (!storeId || (said && said.installation !== installationId)) return [];
    return [{ kind, name, storeId, since: said ? new Date(said.since) : null }];
  });
}

async function stateOf(query: Query, database: string): Promise<Comment['state'] | null> {
  const [row] = await query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
    [database],
  );
  return readComment(row?.comment ?? null)?.state ?? null;
}

async function refuseForeign(query: Query, names: DatabaseNames, installationId: string): Promise<void> {
  const rows = await query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = ANY($1)`,
    [[names.live, names.checkpoint, names.dirty]],
  );
  const foreign = rows
    .map((row) => readComment(row.comment))
    .find((said) => said && said.installation !== installationId);
  if (foreign) throw new TerminalError('A database of that name belongs to another installation of the platform.');
}
