import { afterAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { startRedis } from '../../test/support/redis.ts';

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

async function open(env: Record<string, string>): Promise<TestApi> {
  const api = await testApi({ env });
  opened.push(api);
  return api;
}

const create = (api: TestApi, key?: string) =>
  api.as(api.owner, 'POST', '/api/v1/stores', {
    body: { name: 'Tea House', engine: 'medusa' },
    ...(key && { headers: { 'idempotency-key': key } }),
  });

const forwarded = (api: TestApi, address: string) =>
  api.as(api.owner, 'GET', '/api/v1/me', { headers: { 'x-forwarded-for': address } });

describe('IDN-4: rate limits', () => {
  it('so many requests a minute from one address below /api, and then 429 with what the standards say', async () => {
    const api = await open({ RATE_LIMIT_PER_MINUTE: '3' });
    const first = await api.as(api.owner, 'GET', '/api/v1/me');
    expect(first.headers).toMatchObject({
      ratelimit: expect.stringMatching(/^"requests";r=2;t=\d+$/),
      'ratelimit-policy': '"requests";q=3;w=60',
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
    });
    await api.as(null, 'GET', '/api/v1/me'); // a stranger's guesses count as well
    await api.as(api.otherUser, 'GET', '/api/v1/nothing');
    const refused = await api.as(api.owner, 'GET', '/api/v1/me');
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    for (const url of ['/health', '/health/live', '/', '/sign-in', '/metrics', '/openapi.json']) {
      expect([url, (await api.as(api.admin, 'GET', url)).status]).toEqual([url, 200]);
    }
    const elsewhere = await api.app.inject({
      url: '/api/v1/me',
      remoteAddress: '192.0.2.1',
      headers: { authorization: `Bearer ${api.owner.key}` },
    });
    expect(elsewhere.statusCode).toBe(200);
  });

  it('the address is the socket’s, whatever X-Forwarded-For says, unless the peer is a trusted proxy', async () => {
    const plain = await open({ RATE_LIMIT_PER_MINUTE: '1' });
    expect((await forwarded(plain, '192.0.2.1')).status).toBe(200);
    expect((await forwarded(plain, '192.0.2.2')).status).toBe(429);
    const proxied = await open({ RATE_LIMIT_PER_MINUTE: '1', TRUSTED_PROXIES: '127.0.0.1' });
    expect((await forwarded(proxied, '192.0.2.1')).status).toBe(200);
    expect((await forwarded(proxied, '192.0.2.2')).status).toBe(200);
    expect((await forwarded(proxied, '192.0.2.2')).status).toBe(429);
  });

  it('so many creates a minute and user; replays and refused ones do not count', async () => {
    const api = await open({ RATE_LIMIT_CREATES_PER_MINUTE: '2' });
    expect((await create(api, 'one')).headers['ratelimit-policy']).toBe('"requests";q=100000;w=60, "creates";q=2;w=60');
    for (let replay = 0; replay < 5; replay += 1) expect((await create(api, 'one')).status).toBe(202);
    expect((await api.as(api.owner, 'POST', '/api/v1/stores', { body: { name: '!' } })).status).toBe(400);
    expect((await create(api)).status).toBe(202);
    const refused = await create(api);
    expect([refused.status, refused.body.error.details]).toMatchObject([429, { limit: 2, windowSeconds: 60 }]);
    const other = await api.as(api.otherUser, 'POST', '/api/v1/stores', {
      body: { name: 'Tea House', engine: 'medusa' },
    });
    expect(other.status).toBe(202);
    expect((await api.as(api.owner, 'GET', '/api/v1/stores')).body.total).toBe(2);
  });

  it("guesses at one's own present password are counted for oneself, not for everybody", async () => {
    const api = await open({});
    const change = (person: typeof api.owner, currentPassword: string) =>
      api.as(person, 'PUT', '/api/v1/me/password', { body: { password: 'a new password', currentPassword } });
    for (const person of [api.owner, api.otherUser]) expect((await change(person, '')).status).toBe(204);
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess += 1) statuses.push((await change(api.owner, `guess ${guess}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 403), 429]);
    expect((await change(api.otherUser, 'a wrong one')).status).toBe(403);
  });

  it('with REDIS_URL replicas share them; without its Redis nothing is limited and nothing waits', async ({ skip }) => {
    const redis = await startRedis();
    if (!redis) return skip('redis-server is not on this machine');
    opened.push({ close: redis.kill });
    const env = { RATE_LIMIT_PER_MINUTE: '3', REDIS_URL: redis.url };
    const [one, two] = [await open(env), await open(env)];
    for (const api of [one, two, one]) expect((await api.as(api.owner, 'GET', '/api/v1/me')).status).toBe(200);
    expect((await two.as(two.owner, 'GET', '/api/v1/me')).status).toBe(429);
    await redis.kill();
    const began = Date.now();
    expect((await one.as(one.owner, 'GET', '/api/v1/me')).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(1500);
  });
});
