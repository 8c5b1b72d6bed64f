// All data of the shop on standard output, for tests that compare it. Dates, owners and the server's own numbers are left out.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DATABASE_URL, STORE } from './data.mjs';

function files() {
  const names = readdirSync(STORE, { recursive: true }).toSorted();
  return Object.fromEntries(names.map((name) => [name, describe(join(STORE, name))]));
}

function describe(path) {
  const found = lstatSync(path);
  if (!found.isFile()) return found.mode.toString(8);
  return `${found.mode.toString(8)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

async function tables() {
  const client = new Client(DATABASE_URL);
  await client.connect();
  const rows = async (sql) => (await client.query(sql)).rows;
  const dump = {
    orders: await rows('SELECT * FROM orders ORDER BY id'),
    products: await rows('SELECT * FROM shop.products ORDER BY name'),
    number: await rows('SELECT last_value, is_called FROM orders_id_seq'),
    databases: await rows('SELECT datname, datallowconn FROM pg_database ORDER BY datname'),
  };
  await client.end();
  return dump;
}

process.stdout.write(JSON.stringify({ files: files(), ...(DATABASE_URL && (await tables())) }));
