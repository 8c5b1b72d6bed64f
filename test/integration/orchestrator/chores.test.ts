import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { createSecretBox } from '../../../src/db/secret-box.ts';
import { remindAll, type Due } from '../../../src/orchestrator/chores.ts';
import type { Context } from '../../../src/orchestrator/context.ts';
import { orchestrated, TEST_KEY, type Orchestrated } from '../../support/orchestrated.ts';
import { silentLog } from '../../support/database.ts';

let stage: Orchestrated;
let shop: Server;
let asked: string[];
let status: number;

beforeEach(async () => {
  stage = await orchestrated();
  asked = [];
  status = 200;
  shop = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
});
afterEach(async () => {
  shop.close();
  await stage.end();
});

/** A platform whose shops have chores every minute, at the address of a server that notes who asks. */
function context(): Context {
  const { world } = stage;
  const { medusa } = world.engines;
  const chores = { path: '/chores', everySeconds: 60 };
  const plan: typeof medusa.plan = (...about) => {
    const planned = medusa.plan(...about);
    return { ...planned, process: { ...planned.process, chores } };
  };
  const endpoint = { host: '127.0.0.1', port: (shop.address() as AddressInfo).port };
  const observe = async (...about: Parameters<typeof world.runtime.observe>) => ({
    ...(await world.runtime.observe(...about)),
    endpoint,
  });
  return {
    config: loadConfig({}),
    db: stage.db,
    runtime: { ...world.runtime, observe },
    engines: { ...world.engines, medusa: { ...medusa, plan } },
    secrets: createSecretBox(TEST_KEY),
    log: silentLog,
  } as unknown as Context;
}

it('asks each shop that was handed over, under its own name, as often as its engine says', async () => {
  const one = await stage.orchestrator();
  const { id, slug } = await stage.create();
  const due: Due = new Map();
  const remind = (now: number) => remindAll(context(), due, new AbortController().signal, () => now);
  await remind(0);
  expect(asked, 'a shop that is being made is left alone').toEqual([]);
  await stage.until(id, 'ready');
  await one.stop();
  for (const now of [0, 30_000, 60_000, 119_999, 120_000]) await remind(now);
  expect(asked).toEqual(Array.from({ length: 3 }, () => `${slug}.localhost:3001 /chores`));
});

it('goes on with the others when a shop can not, and forgets shops that are gone', async () => {
  const one = await stage.orchestrator();
  const stores = [await stage.create(), await stage.create()];
  for (const { id } of stores) await stage.until(id, 'ready');
  const due: Due = new Map();
  status = 500;
  await remindAll(context(), due, new AbortController().signal);
  expect(asked).toHaveLength(2);
  expect([...due.keys()].toSorted()).toEqual(stores.map(({ id }) => id).toSorted());
  await stage.remove(stores[0]?.id ?? '');
  await stage.until(stores[0]?.id ?? '', 'gone');
  await remindAll(context(), due, new AbortController().signal);
  expect([...due.keys()]).toEqual([stores[1]?.id]);
  await one.stop();
});
