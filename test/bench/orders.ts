import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { DatabaseSettings } from '../../src/config.ts';
import { freePort, startPlatform, type TestPlatform } from '../support/platform.ts';
import { ordersBody } from './order-bodies.ts';
import { ms, percentile, type Figure } from './report.ts';

const SECONDS = 10;
const ROWS = 500;
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/**
 * Durable ingest over HTTP beside the same rows written by hand into the same table. Load, API and PostgreSQL share these
 * cores; with the aggregator beside them, as it runs by default, and without it.
 */
export async function benchOrders(home: string, database: DatabaseSettings): Promise<Figure[]> {
  const withFigures = await onPlatform(home, database, 'api,orders', async (platform) => {
    const beside = await besides(database);
    await mustBeDurable(database);
    return [...(await measureIngest(platform, beside)), await measureCatchUp(database)];
  });
  const alone = await onPlatform(home, database, 'api', async (platform) => {
    const source = await makeSource(platform);
    const batches = await send(platform, source, { size: ROWS, connections: 4 });
    return { name: `the same without an aggregator, in batches of ${ROWS}`, value: `${Math.round(batches)} orders/s` };
  });
  return [...withFigures, alone];
}

async function onPlatform<T>(
  home: string,
  database: DatabaseSettings,
  roles: string,
  work: (platform: TestPlatform) => Promise<T>,
): Promise<T> {
  const env = {
    DATABASE_URL: urlOf(database),
    ROLES: roles,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_ORDERS_PER_SECOND: '1000000',
  };
  const platform = await startPlatform({ home, env });
  try {
    return await work(platform);
  } finally {
    await platform.stop();
  }
}

async function makeSource(platform: TestPlatform): Promise<string> {
  return (await platform.api('/api/v1/order-sources', { method: 'POST', body: { name: 'Bench' } })).body.id;
}

interface Besides {
  rows: number;
  commits: number;
  xadd: number;
  post: number;
}

/** What the parts can do by themselves, one after the other. */
async function besides(database: DatabaseSettings): Promise<Besides> {
  return {
    rows: await rawInserts(database, ROWS, 4),
    commits: await rawInserts(database, 1, 10),
    xadd: await rawXadd(),
    post: await barePost(),
  };
}

async function measureIngest(platform: TestPlatform, beside: Besides): Promise<Figure[]> {
  const source = await makeSource(platform);
  const batches = await send(platform, source, { size: ROWS, connections: 4 });
  const half = await sendPaced(platform, source, ROWS, batches / 2);
  const single = await send(platform, source, { size: 1, connections: 100 });
  const singleHalf = await sendPaced(platform, source, 1, single / 2);
  return [
    {
      name: `orders, in batches of ${ROWS}`,
      value: `${Math.round(batches)} orders/s`,
      beside: `raw multi-row INSERT of ${ROWS} rows into order_events ${Math.round(beside.rows)} rows/s, ratio ${ratio(batches, beside.rows)}`,
      aim: '≥ 20,000/s',
    },
    latency(`orders, in batches of ${ROWS}, at half of that rate`, half, batches / 2),
    {
      name: 'orders, one by one, 100 at a time',
      value: `${Math.round(single)} orders/s`,
      beside:
        `raw single-row commits ${Math.round(beside.commits)}/s, ratio ${ratio(single, beside.commits)}; ` +
        `raw XADD (AOF always) ${Math.round(beside.xadd)}/s, ratio ${ratio(single, beside.xadd)}; ` +
        `bare Fastify POST ${Math.round(beside.post)}/s, ratio ${ratio(single, beside.post)}`,
      aim: '≥ 3,000/s',
    },
    latency('orders, one by one, at half of that rate', singleHalf, single / 2),
  ];
}

function latency(name: string, sample: readonly number[], perSecond: number): Figure {
  const value = `p50 ${ms(percentile(sample, 0.5))}, p99 ${ms(percentile(sample, 0.99))}`;
  return { name, value, beside: `${Math.round(perSecond)} orders/s, evenly spaced`, aim: 'p99 < 50 ms' };
}

function ratio(measured: number, beside: number): string {
  return (measured / beside).toFixed(2);
}

/** Orders a second that so many senders get in who send again as soon as they have an answer. */
async function send(
  platform: TestPlatform,
  storeId: string,
  { size, connections }: { size: number; connections: number },
): Promise<number> {
  const result = await autocannon({
    url: `${platform.url}/api/v1/orders`,
    method: 'POST',
    headers: headersOf(platform),
    connections,
    duration: SECONDS,
    requests: [{ setupRequest: (request) => ({ ...request, body: ordersBody(storeId, size) }) }],
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`orders were not accepted: ${result.non2xx} refused, ${result.errors} errors`);
  return result.requests.average * size;
}

/** Latencies of requests that are due at even intervals, from when each was due. */
async function sendPaced(platform: TestPlatform, storeId: string, size: number, perSecond: number): Promise<number[]> {
  const interval = (1000 * size) / perSecond;
  const begin = performance.now();
  const answers: Promise<number>[] = [];
  for (let n = 0; n * interval < SECONDS * 1000; n += 1) {
    const due = begin + n * interval;
    // A timer is a millisecond late at best: what is due by then goes out at once, and its lateness counts.
    if (due > performance.now()) await delay(due - performance.now());
    answers.push(sendOne(platform, ordersBody(storeId, size)).then(() => performance.now() - due));
  }
  return Promise.all(answers);
}

async function sendOne(platform: TestPlatform, body: string): Promise<void> {
  const answer = await fetch(`${platform.url}/api/v1/orders`, { method: 'POST', headers: headersOf(platform), body });
  if (answer.status !== 202) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

function headersOf({ token }: TestPlatform): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** How long until all that was sent is in the figures, and that nothing is missing there. */
async function measureCatchUp(database: DatabaseSettings): Promise<Figure> {
  const begin = performance.now();
  const client = new Client(urlOf(database));
  await client.connect();
  try {
    await client.query('SET ROLE store_platform_orchestrator');
    const count = async (query: string) => Number((await client.query(query)).rows[0].count);
    const backlog = await count('SELECT coalesce(sum(orders), 0) AS count FROM order_batches');
    while ((await count('SELECT count(*) FROM order_batches')) > 0) await new Promise((wake) => setTimeout(wake, 50));
    const seconds = (performance.now() - begin) / 1000;
    const told = await count('SELECT count(*) FROM order_events');
    const counted = await count('SELECT sum(orders) AS count FROM order_values');
    if (told !== counted) throw new Error(`${told} orders were stored and ${counted} counted`);
    return {
      name: 'all of them in the figures after the last answer',
      value: ms(seconds * 1000),
      beside: `${backlog} of ${told} orders were waiting; ${Math.round(backlog / seconds)} orders/s`,
    };
  } finally {
    await client.end();
  }
}

/** Rows a second that go into order_events by `rows` in a statement, each committed. */
async function rawInserts(database: DatabaseSettings, rows: number, connections: number): Promise<number> {
  const clients = Array.from({ length: connections }, () => new Client(urlOf(database)));
  const until = performance.now() + SECONDS * 500;
  let written = 0;
  await Promise.all(
    clients.map(async (client) => {
      await client.connect();
      await client.query('SET ROLE store_platform_orchestrator');
      while (performance.now() < until) {
        await client.query({ name: 'raw', text: RAW_INSERT, values: rawRows(rows) });
        written += rows;
      }
    }),
  );
  await clients[0]?.query(`DELETE FROM order_events WHERE batch_id = -1`);
  await Promise.all(clients.map((client) => client.end()));
  return written / (SECONDS / 2);
}

const RAW_INSERT = `
  INSERT INTO order_events (batch_id, source_id, event, event_id, external_id, currency, placed_at, total, items, received_at)
  SELECT -1, source, 'placed', id || ':placed', id, 'USD', now(), 950, '[{"name":"Flat White","quantity":2,"unitPrice":475}]', now()
  FROM unnest($1::uuid[], $2::text[]) AS raw (source, id)`;

let rawNumber = 0;
function rawRows(rows: number): [string[], string[]] {
  const source = '00000000-0000-4000-8000-000000000000';
  return [Array.from({ length: rows }, () => source), Array.from({ length: rows }, () => `raw-${(rawNumber += 1)}`)];
}

async function rawXadd(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-bench-redis-'));
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ];
  const server = spawn('redis-server', ['--bind', '127.0.0.1', ...options], { stdio: 'ignore' });
  const clients = Array.from({ length: 50 }, () => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null }));
  try {
    await clients[0]?.ping();
    const until = performance.now() + SECONDS * 500;
    let added = 0;
    const body = ordersBody('00000000-0000-4000-8000-000000000000', 1);
    const add = async (redis: Redis) => {
      for (; performance.now() < until; added += 1) await redis.xadd('orders', '*', 'order', body);
    };
    await Promise.all(clients.map(add));
    return added / (SECONDS / 2);
  } finally {
    for (const client of clients) client.disconnect();
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true });
  }
}

async function barePost(): Promise<number> {
  const port = await freePort();
  const script = resolve(import.meta.dirname, 'bare-post.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  try {
    await once(child.stdout, 'data');
    const options = {
      url: `http://127.0.0.1:${port}/`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ordersBody('00000000-0000-4000-8000-000000000000', 1),
      connections: 100,
    } as const;
    await autocannon({ ...options, duration: 1 });
    return (await autocannon({ ...options, duration: SECONDS / 2 })).requests.average;
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** Fast by not writing would be no answer. */
async function mustBeDurable(database: DatabaseSettings): Promise<void> {
  const client = new Client(urlOf(database));
  await client.connect();
  try {
    for (const name of DURABLE) {
      const { rows } = await client.query(`SHOW ${name}`);
      if (rows[0][name] !== 'on') throw new Error(`${name} is ${rows[0][name]}: this would measure something else`);
    }
    const { rows } = await client.query(`SELECT relname FROM pg_class WHERE relpersistence = 'u'`);
    if (rows.length > 0) throw new Error(`unlogged: ${rows.map(({ relname }) => relname).join(', ')}`);
  } finally {
    await client.end();
  }
}

export function urlOf({ user, password, host, port, name }: DatabaseSettings): string {
  return `postgres://${user}:${password}@${host}:${port}/${name}`;
}
