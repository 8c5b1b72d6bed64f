import { lstat, rm } from 'node:fs/promises';
import { TerminalError } from '../../errors.ts';
import { comment, databaseResources, endConnections } from './databases.ts';
import type { StoreFolders } from './folders.ts';
import { mirror } from './mirror.ts';
import { databaseNames } from './names.ts';
import type { DatabaseNames } from './names.ts';
import { ident, literal } from './server.ts';
import type { DatabaseServer, Query } from './server.ts';

/*
 * A checkpoint is a clone of the store's database and a copy of its files. How far an interrupted checkpoint or
 * rollback came is read from which databases exist, and from nothing else:
 *
 *   live only               no checkpoint (or one whose clone was never finished: its files are rubbish)
 *   live, checkpoint        a checkpoint; whatever has happened since is still in live
 *   checkpoint, dirty       rolling back: live has been renamed away, its successor not yet into place
 *   live, dirty             rolled back; the old one is rubbish that waits to be dropped
 *
 * PostgreSQL makes, renames and drops a database in one transaction each, so there is nothing in between.
 */

/** What a checkpoint is of: the store's names, its folders, and what its databases say about themselves. */
export interface CheckpointOf {
  names: DatabaseNames;
  folders: StoreFolders;
  installationId: string;
  storeId: string;
}

/** True until a rollback has put data and files back. */
export async function hasCheckpoint(server: DatabaseServer, of: CheckpointOf): Promise<boolean> {
  const there = await existing(server.query, of.names);
  return there.checkpoint || (there.dirty && !there.live) || (await isThere(of.folders.checkpoint));
}

/** Copies data and files. A checkpoint that is there already is left alone: it is the older, cleaner state. */
export async function makeCheckpoint(server: DatabaseServer, of: CheckpointOf, signal: AbortSignal): Promise<void> {
  const { live } = of.names;
  await server.alone(live, signal, async (query) => {
    await finishRollback(query, of);
    const there = await existing(query, of.names);
    if (!there.live) throw new TerminalError("The shop's database is gone.");
    try {
      if (!there.checkpoint) {
        await mirror(of.folders.data, of.folders.checkpoint);
        await clone(query, of);
      }
      await dress(query, of);
    } finally {
      await unblock(query, live);
    }
  });
}

/**
 * Puts data and files back as they were at the checkpoint, under the running store, and removes the checkpoint. What the
 * store has written meanwhile is left to `dropDirty`: for a drop PostgreSQL writes everything that it holds in memory to
 * the disk, which takes up to some seconds that nobody has to wait for.
 */
export async function rollBack(server: DatabaseServer, of: CheckpointOf, signal: AbortSignal): Promise<void> {
  const { live, dirty } = of.names;
  await server.alone(live, signal, async (query) => {
    const there = await existing(query, of.names);
    if (there.live && there.checkpoint) {
      await query(`DROP DATABASE IF EXISTS ${ident(dirty)} WITH (FORCE)`);
      await dress(query, of);
      // Files first: as long as the clone is there, an interrupted rollback begins again.
      if (await isThere(of.folders.checkpoint)) await mirror(of.folders.checkpoint, of.folders.data);
      await whileEmpty(query, live, () => query(`ALTER DATABASE ${ident(live)} RENAME TO ${ident(dirty)}`));
    }
    await finishRollback(query, of);
    await unblock(query, live);
  });
}

/**
 * Brings a store's databases back to what they can be at rest: the live one in its place and open. A checkpoint whose
 * rollback has not begun stays. Called with the lock on the store's databases.
 */
export async function recover(query: Query, of: CheckpointOf): Promise<void> {
  await finishRollback(query, of);
  await unblock(query, of.names.live);
}

/** Drops what a rollback has replaced, once its successor is in its place. */
export async function dropDirty(server: DatabaseServer, names: DatabaseNames): Promise<void> {
  await server.alone(names.live, null, async (query) => {
    if ((await existing(query, names)).live) await query(`DROP DATABASE IF EXISTS ${ident(names.dirty)} WITH (FORCE)`);
  });
}

/** The same for all stores of an installation: for what an earlier platform did not come to. */
export async function dropAllDirty(server: DatabaseServer, installationId: string): Promise<void> {
  const resources = await databaseResources(server, installationId);
  const dirty = resources.filter(({ name, storeId }) => name === databaseNames(installationId, storeId).dirty);
  for (const { storeId } of dirty) await dropDirty(server, databaseNames(installationId, storeId));
}

async function finishRollback(query: Query, { names, folders }: CheckpointOf): Promise<void> {
  const there = await existing(query, names);
  if (!there.live && (there.checkpoint || there.dirty)) {
    const successor = there.checkpoint ? names.checkpoint : names.dirty;
    await query(`ALTER DATABASE ${ident(successor)} RENAME TO ${ident(names.live)}`);
    await unblock(query, names.live);
  } else if (there.checkpoint) {
    return;
  }
  await rm(folders.checkpoint, { recursive: true, force: true });
}

async function clone(query: Query, { names }: CheckpointOf): Promise<void> {
  await whileEmpty(query, names.live, () =>
    query(
      `CREATE DATABASE ${ident(names.checkpoint)} TEMPLATE ${ident(names.live)} OWNER ${ident(names.role)}
       ALLOW_CONNECTIONS false`,
    ),
  );
}

/**
 * Gives the clone what TEMPLATE does not copy, because the server keeps it outside of the database: rights, limit,
 * settings, comment.
 */
async function dress(query: Query, of: CheckpointOf): Promise<void> {
  const { live, checkpoint } = of.names;
  const [facts] = await query<{ limit: number; settings: string[] | null }>(
    `SELECT datconnlimit AS limit, setconfig AS settings FROM pg_database d
     LEFT JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0 WHERE datname = $1`,
    [live],
  );
  await query(`REVOKE ALL ON DATABASE ${ident(checkpoint)} FROM PUBLIC`);
  await query(`ALTER DATABASE ${ident(checkpoint)} CONNECTION LIMIT ${facts?.limit ?? -1}`);
  for (const setting of facts?.settings ?? []) await query(alterSetting(checkpoint, setting));
  await comment(query, 'DATABASE', checkpoint, of, 'made');
}

/** `name=value` as the server keeps it; lists are kept quoted item by item already. */
function alterSetting(database: string, setting: string): string {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const isList = /^(search_path|temp_tablespaces|.*_preload_libraries)$/.test(name);
  return `ALTER DATABASE ${ident(database)} SET ${ident(name)} TO ${isList ? value || "''" : literal(value)}`;
}

const IN_USE = '55006';

/** Keeps everyone out of a database from here on, for a statement that needs it empty; clients get an error and come back. */
async function whileEmpty(query: Query, database: string, statement: () => Promise<unknown>): Promise<void> {
  await query(`ALTER DATABASE ${ident(database)} ALLOW_CONNECTIONS false`);
  for (let attempt = 1; ; attempt += 1) {
    await endConnections(query, database);
    try {
      await statement();
      return;
    } catch (error) {
      if (attempt === 5 || (error as { code?: string }).code !== IN_USE) throw error;
    }
  }
}

async function unblock(query: Query, database: string): Promise<void> {
  const [row] = await query<{ open: boolean }>('SELECT datallowconn AS open FROM pg_database WHERE datname = $1', [
    database,
  ]);
  if (row && !row.open) await query(`ALTER DATABASE ${ident(database)} ALLOW_CONNECTIONS true`);
}

async function existing(query: Query, names: DatabaseNames): Promise<Record<'live' | 'checkpoint' | 'dirty', boolean>> {
  const rows = await query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname = ANY($1)', [
    [names.live, names.checkpoint, names.dirty],
  ]);
  const there = new Set(rows.map((row) => row.datname));
  return { live: there.has(names.live), checkpoint: there.has(names.checkpoint), dirty: there.has(names.dirty) };
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
