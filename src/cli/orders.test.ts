import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApi, type Person, type TestApi } from '../../test/support/api.ts';
import { makeSource, orderOf } from '../../test/support/orders.ts';
import { countAttempt } from '../db/order-batches.ts';
import { main } from './main.ts';

let api: TestApi;
let server: Server;
let rebuilds = 0;

beforeAll(async () => {
  api = await testApi({ rebuildOrders: () => (rebuilds += 1) });
  server = createServer(api.app.routing).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  api.drain();
  server.closeAllConnections();
  server.close();
  await api.close();
});

async function run(person: Person, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { STORE_PLATFORM_URL: url, STORE_PLATFORM_TOKEN: person.key };
  const code = await main(args, { stdin: {}, stdout, stderr, env });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

it('sources are made and listed', async () => {
  const made = await run(api.owner, 'sources', 'create', 'Bar', '--time-zone', 'Europe/Paris', '--json');
  const { id, secret, timeZone } = JSON.parse(made.stdout);
  expect([made.code, timeZone, secret.startsWith('whsec_')]).toEqual([0, 'Europe/Paris', true]);
  const list = await run(api.owner, 'sources', 'list');
  expect(list.stdout).toMatch(new RegExp(`^NAME +KIND +TIME ZONE +ID\nBar +other +Europe/Paris +${id}\n`));
  expect((await run(api.otherUser, 'sources', 'list')).stdout).toContain('No sources yet');
  expect((await run(api.owner, 'sources', 'create', 'Bar', '--time-zone', 'Mars')).code).toBe(2);
});

it('an admin has the figures made anew, and nobody else', async () => {
  const answer = await run(api.admin, 'orders', 'rebuild', '--json');
  expect([answer.code, JSON.parse(answer.stdout), rebuilds]).toEqual([0, { status: 'running' }, 1]);
  expect((await run(api.owner, 'orders', 'rebuild')).code).toBe(1);
});

it('orders that could not be counted are shown and tried again', async () => {
  expect((await run(api.admin, 'orders', 'dead')).stdout).toMatch(/^All orders/);
  const { id: storeId } = await makeSource(api, api.owner);
  await api.as(api.owner, 'POST', '/api/v1/orders', { body: orderOf(storeId) });
  await api.db.asOrchestrator(async (tx) => {
    const { id } = await tx.selectFrom('orderBatches').select('id').executeTakeFirstOrThrow();
    await countAttempt(tx, id, 'It can not be counted.', 1);
  });
  const dead = await run(api.admin, 'orders', 'dead');
  expect(dead.stdout).toMatch(/^BATCH +ORDERS +TRIES +GIVEN UP +BECAUSE\n\d+ +1 +1 .* It can not be counted\.\n$/);
  expect(dead.stderr).toContain('store-platform orders retry');
  expect(JSON.parse((await run(api.admin, 'orders', 'retry', '--json')).stdout)).toEqual({ retried: 1 });
  expect((await run(api.admin, 'orders', 'retry')).stdout).toBe('There is nothing to try again.\n');
});
