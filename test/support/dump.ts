import { createHash } from 'node:crypto';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSettings } from '../../src/config.ts';
import { withClient } from '../../src/db/connect.ts';

/** Every row of every table, every sequence, every file below a folder, and what the server knows about the database. */
export async function dumpDatabase(settings: DatabaseSettings, folder: string): Promise<Record<string, unknown>> {
  return withClient(settings, async (client) => {
    const query = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
    const relations = await query<{ name: string; kind: string }>(
      `SELECT format('%I.%I', nspname, relname) AS name, relkind AS kind FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE relkind IN ('r', 'S') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`,
    );
    const dump: Record<string, unknown> = {};
    for (const { name, kind } of relations) {
      const columns = kind === 'S' ? 'last_value, is_called' : 'to_jsonb(t) AS row';
      dump[name] = await query(`SELECT ${columns} FROM ${name} t ORDER BY 1`);
    }
    dump.owners = await query(
      `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace::regnamespace::text NOT LIKE 'pg_%' AND relnamespace::regnamespace::text <> 'information_schema'`,
    );
    dump.database = await query(
      `SELECT pg_get_userbyid(datdba) AS owner, datacl::text, datconnlimit, datallowconn,
              shobj_description(oid, 'pg_database') IS NOT NULL AS described,
              (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
       FROM pg_database d WHERE datname = current_database()`,
    );
    dump.files = await dumpFiles(folder);
    return dump;
  });
}

/** Mode, owner, size and content of everything below a folder, by name. */
export async function dumpFiles(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name);
    const { mode, uid, size } = await lstat(path);
    const isFile = (mode & 0o170000) === 0o100000;
    const hash = isFile
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
    found[name] = `${mode.toString(8)} ${uid} ${isFile ? size : ''} ${hash}`;
  }
  return found;
}
