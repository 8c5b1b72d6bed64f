import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import autocannon from 'autocannon';
import { Client } from 'pg';
import type { DatabaseSettings } from '../../src/config.ts';
import { hashToken, newToken } from '../../src/auth/token.ts';
import { freePort, startPlatform, type TestPlatform } from '../support/platform.ts';
import { ms, percentile, type Figure } from './report.ts';

const STORES = 100_000;
const OWNERS = 2000;
const SECONDS = 10;
const CREATORS = 100;

/** What the API alone costs: the platform without a worker, so that nothing is provisioned meanwhile. */
export async function benchApi(home: string, database: DatabaseSettings): Promise<Figure[]> {
  const platform = await startPlatform({
    home,
    env: {
      DATABASE_URL: `postgres://${database.user}:${database.password}@${database.host}:${database.port}/${database.name}`,
      ROLES: 'api,gateway',
      LOG_LEVEL: 'warn',
      MAX_STORES_PER_USER: '100000',
    },
  });
  try {
    await seedStores(database);
    return [...(await benchList(platform, database, home)), ...(await benchCreate(platform, database))];
  } finally {
    await platform.stop();
  }
}

async function benchList(platform: TestPlatform, database: DatabaseSettings, home: string): Promise<Figure[]> {
  const [key = ''] = await keysOfOwners(database, 1);
  const own = await load(`${platform.url}/api/v1/stores`, key);
  const all = await load(`${platform.url}/api/v1/stores`, platform.token);
  const { body } = await platform.api('/api/v1/stores', { token: key });
  const bareOwn = await loadBare(home, body);
  const bareAll = await loadBare(home, (await platform.api('/api/v1/stores')).body);
  return [
    compare(`GET /stores, an owner's ${body.total} of ${STORES}`, own, bareOwn),
    compare(`GET /stores, an admin's page of 50 of all ${STORES}`, all, bareAll),
  ];
}

function compare(name: string, measured: number, bare: number): Figure {
  return {
    name,
    value: `${Math.round(measured)} requests/s`,
    beside: `bare Fastify route, same body: ${Math.round(bare)}/s, ratio ${(measured / bare).toFixed(2)}`,
    aim: '≥ 0.5',
  };
}

/** A hundred people at once, each again as soon as they have an answer: the most that this machine does. */
async function benchCreate(platform: TestPlatform, database: DatabaseSettings): Promise<Figure[]> {
  const keys = await keysOfOwners(database, CREATORS);
  const result = await autocannon({
    url: `${platform.url}/api/v1/stores`,
    connections: CREATORS,
    amount: 5000,
    method: 'POST',
    body: JSON.stringify({ name: 'Bench Shop', engine: 'medusa' }),
    setupClient: (client) => {
      client.setHeaders({ authorization: `Bearer ${keys.pop()}`, 'content-type': 'application/json' });
    },
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`creates failed: ${result.non2xx} refused, ${result.errors} errors`);
  }
  const spaced = await spacedCreates(platform);
  return [
    {
      name: `create accepted, ${CREATORS} people at once without pause`,
      value: `p50 ${ms(result.latency.p50)}, p99 ${ms(result.latency.p99)}`,
      beside: `${Math.round(result.requests.average)} creates/s`,
      aim: 'p99 < 50 ms',
    },
    {
      name: 'create accepted, one by one',
      value: `p50 ${ms(percentile(spaced, 0.5))}, p99 ${ms(percentile(spaced, 0.99))}`,
    },
  ];
}

async function spacedCreates(platform: TestPlatform): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const begin = performance.now();
    await platform.api('/api/v1/stores', { method: 'POST', body: { name: 'Bench Shop', engine: 'medusa' } });
    latencies.push(performance.now() - begin);
  }
  return latencies;
}

/** Requests a second that 50 connections get, after a second of warming up. */
async function load(url: string, token?: string): Promise<number> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  await autocannon({ url, headers, connections: 50, duration: 1 });
  const result = await autocannon({ url, headers, connections: 50, duration: SECONDS });
  if (result.non2xx > 0) throw new Error(`${url}: ${result.non2xx} answers were not 2xx`);
  return result.requests.average;
}

async function loadBare(home: string, body: unknown): Promise<number> {
  const file = join(home, 'bench-body.json');
  await writeFile(file, JSON.stringify(body));
  const port = await freePort();
  const script = resolve(import.meta.dirname, 'bare-fastify.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  try {
    await once(child.stdout, 'data');
    return await load(`http://127.0.0.1:${port}/`);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** 100,000 rows of 2,000 people, as the orchestrator's role may write them. */
async function seedStores(database: DatabaseSettings): Promise<void> {
  await asOrchestrator(database, async (client) => {
    await client.query(
      `INSERT INTO users (email, role) SELECT 'bench-' || n || '@example.com', 'member' FROM generate_series(1, $1::int) n`,
      [OWNERS],
    );
    await client.query(
      `INSERT INTO stores (user_id, name, slug, engine, status, namespace, urls, correlation_id, created_at, ready_at)
       SELECT u.id, 'Shop ' || n, 'shop-' || n, 'medusa', 'ready', 'store-shop-' || n,
         jsonb_build_object('storefront', 'http://shop-' || n || '.localhost:3001/', 'admin', 'http://shop-' || n || '.localhost:3001/app',
           'api', 'http://shop-' || n || '.localhost:3001/store', 'direct', 'http://127.0.0.1:20000'),
         'bench', now() - n * interval '1 minute', now()
       FROM generate_series(1, $1::int) n JOIN (SELECT id, row_number() OVER () r FROM users WHERE email LIKE 'bench-%') u
         ON u.r = n % $2::int + 1`,
      [STORES, OWNERS],
    );
    await client.query('RESET ROLE');
    await client.query('ANALYZE');
  });
}

/** API keys of the first seeded people, one each, written as the API would. */
async function keysOfOwners(database: DatabaseSettings, count: number): Promise<string[]> {
  const keys = Array.from({ length: count }, () => newToken('apiKey'));
  await asOrchestrator(database, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM users WHERE email LIKE 'bench-%' ORDER BY created_at, id LIMIT $1`,
      [count],
    );
    for (const [n, key] of keys.entries()) {
      await client.query(`INSERT INTO api_keys (user_id, name, key_hash, hint) VALUES ($1, 'bench', $2, 'bench')`, [
        rows[n]?.id,
        hashToken(key),
      ]);
    }
  });
  return keys;
}

async function asOrchestrator<T>(database: DatabaseSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, user, password, name } = database;
  const client = new Client({ host, port, user, password, database: name });
  await client.connect();
  try {
    await client.query('SET ROLE store_platform_orchestrator');
    return await work(client);
  } finally {
    await client.end();
  }
}
