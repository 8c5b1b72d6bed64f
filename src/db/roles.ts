import type pg from 'pg';
import { codeOf } from './failures.ts';

/** The roles without login that transactions work as; see the first migration. */
export const ROLES = ['store_platform_api', 'store_platform_admin', 'store_platform_orchestrator'] as const;

const INSUFFICIENT_PRIVILEGE = '42501';
/** Somebody else, perhaps for another database of the same server, was faster. */
const EXISTS_ALREADY = new Set(['42710', '23505']);
/** Two that grant at once: "tuple concurrently updated". */
const CONCURRENT_GRANT = 'XX000';
/** From this version on, being a member and being able to change to the role are two things. */
const SET_OPTION_SINCE = 160_000;

/**
 * Makes sure that the roles exist and that the login role can change to them. Where it may not do that itself,
 * rejects with the statements that somebody who may has to run once.
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  const version = await serverVersion(client);
  try {
    for (const role of ROLES) {
      await ensureRole(client, role);
      await ensureMembership(client, role, version);
    }
  } catch (error) {
    if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new Error(await instructions(client, version), { cause: error });
  }
}

async function serverVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < 140_000) throw new Error('PostgreSQL 14 or later is needed; this one is older.');
  return version;
}

async function ensureRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount !== 0) return;
  await client.query(`CREATE ROLE ${role} NOLOGIN`).catch((error: unknown) => {
    if (!EXISTS_ALREADY.has(codeOf(error) ?? '')) throw error;
  });
}

async function ensureMembership(client: pg.Client, role: string, version: number, tries = 5): Promise<void> {
  const privilege = version >= SET_OPTION_SINCE ? 'SET' : 'MEMBER';
  const { rows } = await client.query<{ has: boolean }>('SELECT pg_has_role(current_user, $1, $2) AS has', [
    role,
    privilege,
  ]);
  if (rows[0]?.has) return;
  try {
    await client.query(`GRANT ${role} TO CURRENT_USER${grantOptions(version)}`);
  } catch (error) {
    if (codeOf(error) !== CONCURRENT_GRANT || tries === 0) throw error;
    await ensureMembership(client, role, version, tries - 1);
  }
}

function grantOptions(version: number): string {
  return version >= SET_OPTION_SINCE ? ' WITH SET TRUE, INHERIT FALSE' : '';
}

async function instructions(client: pg.Client, version: number): Promise<string> {
  const { rows } = await client.query<{ login: string }>('SELECT quote_ident(current_user) AS login');
  const login = rows[0]?.login ?? 'store_platform';
  const { rows: existing } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY($1)',
    [ROLES],
  );
  const known = new Set(existing.map(({ rolname }) => rolname));
  const missing = ROLES.filter((role) => !known.has(role));
  return [
    `The database user ${login} may not make the roles that the platform separates its rights with.`,
    'Run this once as an administrator of PostgreSQL, then start again:',
    ...missing.map((role) => `  CREATE ROLE ${role} NOLOGIN;`),
    `  GRANT ${ROLES.join(', ')} TO ${login}${grantOptions(version)};`,
  ].join('\n');
}
