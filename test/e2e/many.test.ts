import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { EngineName } from '../../src/stores/store.ts';
import { noWooCommerce } from '../support/assets.ts';
import { startPlatform, until, type ApiAnswer, type TestPlatform } from '../support/platform.ts';
import { deleteShop, nothingIsLeft } from '../support/shops.ts';
import { KINDS } from './kinds/index.ts';

type Headers = Record<string, string>;

interface StoreBody {
  id: string;
  slug: string;
  engine: EngineName;
  status: string;
  errorMessage: string | null;
  urls: { direct: string };
}

/** Most are of the lighter kind, where there is one. */
const MOST: EngineName = noWooCommerce === null ? 'woocommerce' : 'medusa';

describe(`many shops at once${noWooCommerce ? `, of Medusa alone (${noWooCommerce})` : ''}`, () => {
  let platform: TestPlatform;
  let member: string;
  let other: string;

  beforeAll(async () => {
    platform = await startPlatform({ home: inject('home') });
    [member, other] = [await memberKey(platform), await memberKey(platform)];
  });
  afterAll(() => platform?.stop());

  const create = (
    name: string,
    { token = member, engine = MOST, headers = {} }: { token?: string; engine?: EngineName; headers?: Headers } = {},
  ): Promise<ApiAnswer<StoreBody>> =>
    platform.api('/api/v1/stores', { method: 'POST', token, body: { name, engine }, headers });

  const list = async (token = member): Promise<StoreBody[]> =>
    (await platform.api('/api/v1/stores?limit=100', { token })).body.stores;

  it('API-3: 20 simultaneous posts with one key give one store and 20 equal answers', async () => {
    const headers = { 'idempotency-key': 'twenty-at-once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('Only One', { headers })));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect(await list()).toHaveLength(1);
  });

  it('API-6: a name that a shell would run is a 400 and makes nothing', async () => {
    const answer = await create('Test; rm -rf /');
    expect(answer.status).toBe(400);
    expect(await list()).toHaveLength(1);
  });

  it('IDN-3: ten creates by one user give ten shops that sell beside three of another, and the eleventh is a 409', async () => {
    const theirs = Array.from({ length: 3 }, (_, n) => create(`Medusa ${n}`, { token: other, engine: 'medusa' }));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => create(`Shop ${n}`)));
    const statuses = answers.map((answer) => answer.status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 202), 409]);
    expect((await Promise.all(theirs)).map((answer) => answer.status)).toEqual([202, 202, 202]);
    const stores = await until(
      'all thirteen are settled',
      async () => {
        const all = [...(await list()), ...(await list(other))];
        return all.every((store) => store.status !== 'provisioning') ? all : null;
      },
      900_000,
    );
    expect(stores.map((store) => `${store.status} ${store.errorMessage}`)).toEqual(
      Array.from({ length: 13 }, () => 'ready null'),
    );
    expect(new Set(stores.map((store) => store.urls.direct)).size).toBe(13);
  }, 1_000_000);

  it('STO-4: everybody buys in every one of them at once, and each shop has its own first order', async () => {
    const stores = [...(await list()), ...(await list(other))];
    const numbers = await Promise.all(
      stores.map(async ({ id, engine, urls }) => {
        const kind = KINDS.find((one) => one.engine === engine);
        const { body: credentials } = await platform.api(`/api/v1/stores/${id}/credentials`);
        const number = await kind?.buyByApi(urls.direct, credentials);
        return `${engine} ${number}, of ${await kind?.countOrders(urls.direct, credentials)}`;
      }),
    );
    expect(new Set(numbers).size, 'shops of a kind number their orders alike').toBe(
      new Set(stores.map((s) => s.engine)).size,
    );
    expect(numbers.every((text) => text.endsWith('of 1'))).toBe(true);
  }, 600_000);

  it('STO-5: all are deleted at once, and nothing is left', async () => {
    const stores = [...(await list()), ...(await list(other))];
    await Promise.all(stores.map(({ id }) => deleteShop(platform, id)));
    await until(
      'none is left',
      async () => ((await list()).length + (await list(other)).length === 0 ? true : null),
      180_000,
    );
    for (const { id, urls } of stores) {
      await expect(fetch(urls.direct)).rejects.toThrow();
      await nothingIsLeft(platform, id);
    }
  }, 240_000);
});

async function memberKey(platform: TestPlatform): Promise<string> {
  const invited = await platform.api('/api/v1/users', {
    method: 'POST',
    body: { email: `many-${randomUUID()}@example.com`, role: 'member' },
  });
  const key = await platform.api(`/api/v1/users/${invited.body.user.id}/api-keys`, {
    method: 'POST',
    body: { name: 'test' },
  });
  return key.body.key;
}
