import { randomBytes } from 'node:crypto';
import { comment, endConnections, makeRole, readComment } from './databases.ts';
import { ident } from './server.ts';
import type { DatabaseServer } from './server.ts';

/** Stands in a template's comment where a store's id stands in a store's. */
const NO_STORE = 'template';

/**
 * What stores of an engine are cloned from. Database and role bear one name. While it is prepared the role owns the
 * database; afterwards it owns only what is inside, so that REASSIGN OWNED in a clone hands over the clone's tables and
 * nothing else: that statement also takes along every database of that owner, wherever it is run.
 */
export interface Template {
  name: string;
  installationId: string;
}

export async function isTemplateReady(server: DatabaseServer, { name, installationId }: Template): Promise<boolean> {
  const [row] = await server.query<{ comment: string | null; locked: boolean }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment, NOT datallowconn AND datistemplate AS locked
     FROM pg_database WHERE datname = $1`,
    [name],
  );
  const said = readComment(row?.comment ?? null);
  return row?.locked === true && said?.state === 'made' && said.installation === installationId;
}

/** Makes an empty database anew for the commands that fill it, and returns its address with a password for one use. */
export async function beginTemplate(server: DatabaseServer, template: Template, signal: AbortSignal): Promise<string> {
  const { name } = template;
  const password = randomBytes(32).toString('hex');
  await server.alone(name, signal, async (query) => {
    await makeRole(query, name, password, { ...template, storeId: NO_STORE });
    const [old] = await query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (old) await query(`ALTER DATABASE ${ident(name)} IS_TEMPLATE false`);
    await query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`);
    await query(`CREATE DATABASE ${ident(name)} OWNER ${ident(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    await query(`REVOKE ALL ON DATABASE ${ident(name)} FROM PUBLIC`);
    await comment(query, 'DATABASE', name, { ...template, storeId: NO_STORE }, 'making');
  });
  return server.url(name, name, password);
}

/** Closes a filled template for good: nobody can log in as its role or connect to it, all may clone it. */
export async function lockTemplate(server: DatabaseServer, template: Template, signal: AbortSignal): Promise<void> {
  const { name } = template;
  await server.alone(name, signal, async (query) => {
    await query(`ALTER DATABASE ${ident(name)} ALLOW_CONNECTIONS false`);
    await endConnections(query, name);
    await query(`ALTER DATABASE ${ident(name)} OWNER TO CURRENT_USER`);
    await query(`ALTER ROLE ${ident(name)} NOLOGIN`);
    await query(`ALTER DATABASE ${ident(name)} IS_TEMPLATE true`);
    await comment(query, 'DATABASE', name, { ...template, storeId: NO_STORE }, 'made');
  });
}
