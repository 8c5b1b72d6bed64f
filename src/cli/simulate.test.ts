import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { main } from './main.ts';

let api: TestApi;
let server: Server;
let env: NodeJS.ProcessEnv;
/** What happens to the next requests with orders, in this order: refused, or taken without a word. */
let trouble: ('refused' | 'lost')[];

beforeAll(async () => {
  api = await testApi();
  server = createServer((request, response) => {
    const orders = request.method === 'POST' && request.url === '/api/v1/orders';
    const next = orders ? trouble.shift() : undefined;
    if (next === 'refused') return refuse(response);
    // What is answered is not read by anybody.
    if (next === 'lost') response.writeHead = () => response.destroy();
    api.app.routing(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env = { STORE_PLATFORM_URL: url, STORE_PLATFORM_TOKEN: api.owner.key };
});

beforeEach(async () => {
  trouble = [];
  await api.db.asOrchestrator(async (tx) => {
    for (const table of ['order_events', 'order_keys', 'order_batches'])
      await sql`DELETE FROM ${sql.table(table)}`.execute(tx);
  });
});

afterAll(async () => {
  api.drain();
  server.closeAllConnections();
  server.close();
  await api.close();
});

function refuse(response: ServerResponse): void {
  const error = { code: 'DEPENDENCY_UNAVAILABLE', message: 'Not now.', details: {}, timestamp: '', correlationId: '' };
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '0' }).end(JSON.stringify({ error }));
}

async function simulate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await main(['simulate', ...args], { stdin: {}, stdout, stderr, env });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

async function simulated(...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await simulate(...args, '--json');
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  return JSON.parse(stdout);
}

const events = () =>
  api.db.asOrchestrator((tx) => tx.selectFrom('orderEvents').select(['externalId', 'placedAt']).execute());

describe('simulate', () => {
  it('ORD-8: sells from a source of its own, which it finds again', async () => {
    const first = await simulated('--rate', '200', '--orders', '30', '--no-history');
    expect(first).toMatchObject({ source: { name: 'Coffee shop (simulated)' }, history: 0, live: 30, open: 0 });
    expect(first.accepted).toBeGreaterThanOrEqual(30);
    const stored = await events();
    expect(stored).toHaveLength(first.accepted);
    expect(new Set(stored.map(({ externalId }) => externalId)).size).toBe(30);
    const second = await simulated('--rate', '200', '--orders', '5', '--no-history');
    expect(second).toMatchObject({ source: first.source, live: 5, duplicates: 0 });
    const { sources } = (await api.as(api.owner, 'GET', '/api/v1/order-sources')).body;
    expect(sources).toEqual([expect.objectContaining({ id: first.source.id, storeId: null })]);
  });

  it('tells a whole day at once, and nothing twice when it is told again', async () => {
    const first = await simulated('--day', '2026-01-20', '--orders', '600');
    expect(first.history).toBeGreaterThan(500);
    expect(first).toMatchObject({ live: 0, duplicates: 0 });
    expect(await simulated('--day', '2026-01-20', '--orders', '600')).toMatchObject({
      accepted: 0,
      duplicates: first.accepted,
    });
    expect(await events()).toHaveLength(first.accepted);
  });

  it('begins with what was sold yesterday and today', async () => {
    const { history, live, accepted } = await simulated('--rate', '50', '--orders', '1');
    expect(live).toBe(1);
    expect(history).toBeGreaterThan(4000);
    const stored = await events();
    expect(stored).toHaveLength(accepted);
    expect(stored.every(({ placedAt }) => placedAt.getTime() <= Date.now())).toBe(true);
  });

  it('sends again what was refused for now or not answered, and each order is there once', async () => {
    trouble = ['refused', 'lost', 'refused'];
    const { accepted, duplicates, resent, open, live } = await simulated(
      '--rate',
      '500',
      '--orders',
      '40',
      '--no-history',
    );
    expect(trouble).toEqual([]);
    expect(live).toBe(40);
    expect([open, resent > 0, duplicates > 0]).toEqual([0, true, true]);
    expect(await events()).toHaveLength(accepted + duplicates);
  });

  it('ends with its totals when it is interrupted', async () => {
    const ending = simulated('--rate', '50', '--no-history');
    await expect.poll(async () => (await events()).length).toBeGreaterThan(5);
    process.emit('SIGINT');
    const { accepted, live } = await ending;
    expect(await events()).toHaveLength(accepted);
    expect(live).toBeGreaterThan(5);
  });

  it('stops when the time is over, and tells people how much it was', async () => {
    const { code, stdout, stderr } = await simulate('--rate', '20', '--seconds', '1', '--no-history');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Source: +Coffee shop \(simulated\)/);
    expect(stdout).toMatch(/Live orders: +\d+ in [\d.]+ s/);
    expect(stderr).toContain('/live');
  });

  it.each([
    [['--shop', 'shoes'], '--shop'],
    [['--rate', '0'], 'greater than 0'],
    [['--rate', 'many'], 'greater than 0'],
    [['--day', '2026-02-30'], 'a day such as'],
    [['--day', '2999-01-01'], 'has not begun yet'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await simulate(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});
