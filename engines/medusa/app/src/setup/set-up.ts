import { readFile } from 'node:fs/promises';
import type { Client } from '@medusajs/framework/pg';
import { isSetUp, note } from './versions';

/** Ours among the numbers that sessions of one database may lock. */
const LOCK = 7_231_004;

export type Outcome = 'loaded' | 'migrated' | 'nothing to do';

/**
 * Makes a database ready for a version of the image, and notes that it is. An empty one is loaded with `template`; one
 * that an earlier version has set up is migrated; one that this version has ever been set up for is left alone, also
 * where a newer one has been there since: what was rolled back must not be migrated again.
 *
 * Safe to repeat, and to be run by several at once: the others wait until the first is done.
 */
export async function setUp(
  client: Client,
  version: string,
  template: string,
  migrate: () => Promise<void>,
): Promise<Outcome> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  if (await isSetUp(client, version)) return 'nothing to do';
  if (await isEmpty(client)) {
    await load(client, version, await readFile(template, 'utf8'));
    return 'loaded';
  }
  await migrate();
  await note(client, version);
  return 'migrated';
}

async function isEmpty(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(`SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1`);
  return rowCount === 0;
}

/** All or nothing, the note included: a shop that was loaded in part can't be told from one that somebody uses. */
async function load(client: Client, version: string, sql: string): Promise<void> {
  await client.query('BEGIN');
  await client.query(sql);
  await note(client, version);
  await client.query('COMMIT');
}
