import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/* The shop's data, as the Jobs of its chart see it: a folder and, of one kind of shop, a database. */

export const { HOME: STORE, DATABASE_URL } = process.env;
export const KEPT = '/data/checkpoint';

/** Works on the server that the shop's database is on. */
export async function onServer(work) {
  const url = new URL(DATABASE_URL);
  url.pathname = '/postgres';
  const client = new Client(url.href);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function hasDatabase(client, name) {
  const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  return rows.length > 0;
}

/** Keeps everybody out of a database while the statement runs. */
export async function alone(client, name, statement) {
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  try {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await until(() => client.query(statement).then(() => true));
  } finally {
    if (await hasDatabase(client, name)) await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  }
}

/** A folder's copy appears under its name only when it is whole. */
export async function copyWhole(from, to) {
  if (existsSync(to)) return;
  await rm(`${to}.new`, { recursive: true, force: true });
  await cp(from, `${to}.new`, { recursive: true });
  await rename(`${to}.new`, to);
}

/** Asks again and again, with a short pause, for five minutes. */
export async function until(ask) {
  for (const limit = Date.now() + 300_000; ; await delay(200)) {
    const seen = await ask().catch((error) => error);
    if (seen === true) return;
    if (Date.now() > limit) throw new Error(`gave up after five minutes: ${seen.message ?? seen}`);
  }
}
