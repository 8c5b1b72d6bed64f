import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startPlatform, until, type ApiAnswer, type TestPlatform } from '../support/platform.ts';

interface StoreBody {
  id: string;
  slug: string;
  status: string;
  errorMessage: string | null;
  urls: { direct: string };
}

describe('many shops at once', () => {
  let platform: TestPlatform;
  let member: string;

  beforeAll(async () => {
    platform = await startPlatform({ home: inject('home') });
    member = await memberKey(platform);
  });
  afterAll(() => platform?.stop());

  const create = (name: string, headers: Record<string, string> = {}): Promise<ApiAnswer<StoreBody>> =>
    platform.api('/api/v1/stores', { method: 'POST', token: member, body: { name, engine: 'medusa' }, headers });

  const list = async (): Promise<StoreBody[]> =>
    (await platform.api('/api/v1/stores?limit=100', { token: member })).body.stores;

  it('API-3: 20 simultaneous posts with one key give one store and 20 equal answers', async () => {
    const key = { 'idempotency-key': 'twenty-at-once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('Only One', key)));
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

  it('IDN-3: ten creates by one user give ten shops that sell, and the eleventh is a 409', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => create(`Shop ${n}`)));
    const statuses = answers.map((answer) => answer.status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 202), 409]);
    const stores = await until(
      'all ten are settled',
      async () => {
        const all = await list();
        return all.every((store) => store.status !== 'provisioning') ? all : null;
      },
      900_000,
    );
    expect(stores.map((store) => `${store.status} ${store.errorMessage}`)).toEqual(
      Array.from({ length: 10 }, () => 'ready null'),
    );
    expect(new Set(stores.map((store) => store.urls.direct)).size).toBe(10);
  }, 1_000_000);

  it('STO-5: all ten are deleted at once', async () => {
    const stores = await list();
    await Promise.all(
      stores.map(({ id }) => platform.api(`/api/v1/stores/${id}`, { method: 'DELETE', token: member })),
    );
    await until('none is left', async () => ((await list()).length === 0 ? true : null), 180_000);
    for (const { urls } of stores) await expect(fetch(urls.direct)).rejects.toThrow();
  });
});

async function memberKey(platform: TestPlatform): Promise<string> {
  const invited = await platform.api('/api/v1/users', {
    method: 'POST',
    body: { email: `many-${Date.now()}@example.com`, role: 'member' },
  });
  const key = await platform.api(`/api/v1/users/${invited.body.user.id}/api-keys`, {
    method: 'POST',
    body: { name: 'test' },
  });
  return key.body.key;
}
