import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ON_KUBERNETES, testApi, type Person, type TestApi } from '../../test/support/api.ts';
import { CALLERS, ROUTES, rowOf, type Caller } from '../auth/matrix.ts';
import { newToken } from '../auth/token.ts';
import { byPassword, makeSignInLink } from '../auth/sign-in.ts';
import { secretContext } from '../db/secret-box.ts';
import { insertSecrets } from '../db/store-secrets.ts';
import { changeStatus, updateStore } from '../db/stores.ts';

let api: TestApi;
beforeAll(async () => {
  // Only there are all routes of use.
  api = await testApi({ env: { MAX_STORES_PER_USER: '1000', ...ON_KUBERNETES } });
});
afterAll(() => api.close());

/** A request that is well-formed, made anew for each caller, because most change something. */
interface Call {
  url: string;
  body?: unknown;
}

const CALLS: Record<string, () => Promise<Call> | Call> = {
  'GET /health': () => ({ url: '/health' }),
  'GET /health/live': () => ({ url: '/health/live' }),
  'GET /health/ready': () => ({ url: '/health/ready' }),
  'GET /metrics': () => ({ url: '/metrics' }),
  'GET /': () => ({ url: '/' }),
  'GET /sign-in': () => ({ url: '/sign-in' }),
  'GET /stores/new': () => ({ url: '/stores/new' }),
  'GET /stores/:id': () => ({ url: '/stores/of-somebody' }),
  'GET /live': () => ({ url: '/live' }),
  'GET /account': () => ({ url: '/account' }),
  'GET /people': () => ({ url: '/people' }),
  'GET /system': () => ({ url: '/system' }),
  'GET /assets/*': async () => ({ url: await scriptOfDashboard() }),
  'GET /openapi.json': () => ({ url: '/openapi.json' }),
  'GET /api-docs': () => ({ url: '/api-docs' }),
  'POST /api/v1/session': async () => ({ url: '/api/v1/session', body: { token: await linkToken() } }),
  'DELETE /api/v1/session': () => ({ url: '/api/v1/session' }),
  'GET /api/v1/me': () => ({ url: '/api/v1/me' }),
  'PUT /api/v1/me/password': () => ({
    url: '/api/v1/me/password',
    body: { password: 'correct horse', currentPassword: 'correct horse' },
  }),
  'GET /api/v1/engines': () => ({ url: '/api/v1/engines' }),
  'GET /api/v1/stores': () => ({ url: '/api/v1/stores' }),
  'POST /api/v1/stores': () => ({ url: '/api/v1/stores', body: { name: 'Tea House', engine: 'medusa' } }),
  'GET /api/v1/stores/events/stream': () => ({ url: '/api/v1/stores/events/stream' }),
  'GET /api/v1/stores/:id': store(''),
  'DELETE /api/v1/stores/:id': store(''),
  'POST /api/v1/stores/:id/retry': store('/retry', 'failed'),
  'POST /api/v1/stores/:id/upgrade': store('/upgrade', 'ready'),
  'POST /api/v1/stores/:id/rollback': store('/rollback', 'ready'),
  'GET /api/v1/stores/:id/events': store('/events'),
  'GET /api/v1/stores/:id/credentials': store('/credentials', 'ready'),
  'GET /api/v1/stores/:id/logs': store('/logs'),
  'GET /api/v1/stores/:id/usage': store('/usage'),
  'GET /api/v1/api-keys': () => ({ url: '/api/v1/api-keys' }),
  'POST /api/v1/api-keys': () => ({ url: '/api/v1/api-keys', body: { name: 'ci' } }),
  'DELETE /api/v1/api-keys/:id': async () => {
    const { body } = await api.as(api.owner, 'POST', '/api/v1/api-keys', { body: { name: 'to be revoked' } });
    return { url: `/api/v1/api-keys/${body.id}` };
  },
  'GET /api/v1/users': () => ({ url: '/api/v1/users' }),
  'POST /api/v1/users': () => ({ url: '/api/v1/users', body: { email: `${newToken('session')}@example.com` } }),
  'GET /api/v1/users/:id': () => ({ url: `/api/v1/users/${api.owner.userId}` }),
  'PATCH /api/v1/users/:id': async () => ({ url: `/api/v1/users/${await guest()}`, body: { role: 'admin' } }),
  'DELETE /api/v1/users/:id': async () => ({ url: `/api/v1/users/${await guest()}` }),
  'POST /api/v1/users/:id/suspend': async () => ({ url: `/api/v1/users/${await guest()}/suspend` }),
  'POST /api/v1/users/:id/unsuspend': async () => ({ url: `/api/v1/users/${await guest()}/unsuspend` }),
  'POST /api/v1/users/:id/sign-in-links': async () => ({ url: `/api/v1/users/${await guest()}/sign-in-links` }),
  'GET /api/v1/users/:id/api-keys': () => ({ url: `/api/v1/users/${api.owner.userId}/api-keys` }),
  'POST /api/v1/users/:id/api-keys': () => ({
    url: `/api/v1/users/${api.owner.userId}/api-keys`,
    body: { name: 'ci' },
  }),
  'GET /api/v1/audit-log': () => ({ url: '/api/v1/audit-log' }),
  'POST /api/v1/live/tickets': () => ({ url: '/api/v1/live/tickets' }),
  'GET /api/v1/system': () => ({ url: '/api/v1/system' }),
  'POST /api/v1/orders': async () => ({ url: '/api/v1/orders', body: order(await source()) }),
  'GET /api/v1/orders': () => ({ url: '/api/v1/orders' }),
  'GET /api/v1/orders/summary': () => ({ url: '/api/v1/orders/summary' }),
  'POST /api/v1/orders/rebuild': () => ({ url: '/api/v1/orders/rebuild' }),
  'GET /api/v1/orders/dead': () => ({ url: '/api/v1/orders/dead' }),
  'POST /api/v1/orders/dead/retry': () => ({ url: '/api/v1/orders/dead/retry' }),
  'GET /api/v1/order-sources': () => ({ url: '/api/v1/order-sources' }),
  'POST /api/v1/order-sources': () => ({ url: '/api/v1/order-sources', body: { name: 'Till' } }),
  'GET /api/v1/order-sources/:id': async () => ({ url: `/api/v1/order-sources/${await source()}` }),
  'PATCH /api/v1/order-sources/:id': async () => ({
    url: `/api/v1/order-sources/${await source()}`,
    body: { name: 'Bar' },
  }),
  'DELETE /api/v1/order-sources/:id': async () => ({ url: `/api/v1/order-sources/${await source()}` }),
  'POST /api/v1/order-sources/:id/secrets': async () => ({ url: `/api/v1/order-sources/${await source()}/secrets` }),
  'POST /api/v1/order-sources/:id/woocommerce': async () => ({
    url: `/api/v1/order-sources/${await source()}/woocommerce`,
    body: { id: 1 },
  }),
  'GET /api/v1/orphans': () => ({ url: '/api/v1/orphans' }),
  'POST /api/v1/orphans/confirm': () => ({ url: '/api/v1/orphans/confirm' }),
};

describe('IDN-1, IDN-2: every route answers every kind of caller as the matrix says', () => {
  it('the matrix and these calls name the same routes', () => {
    expect(Object.keys(CALLS).toSorted()).toEqual([...ROUTES].toSorted());
  });

  it.each(ROUTES)('%s', async (route) => {
    const [method = '', pattern = ''] = route.split(' ');
    for (const caller of CALLERS) {
      const call = await CALLS[route]?.();
      if (!call) throw new Error(`no call for ${route}`);
      const status = await statusFor(caller, method, call);
      expect({ caller, status }).toEqual({ caller, status: rowOf(method, pattern)?.[caller] });
    }
  });

  it('a stranger gets 401 for what is malformed or does not exist below /api, and nothing of it is looked at', async () => {
    const calls: [string, string, unknown?][] = [
      ['GET', '/api/v1/nothing'],
      ['GET', '/api/nothing/at/all'],
      ['GET', '/api/v1/stores/not-an-id'],
      ['GET', '/api/v1/stores/%zz'],
      ['GET', '/api/v1/stores/%ff%fe'],
      ['GET', `/api/v1/stores/${'x'.repeat(4000)}`],
      ['GET', '/api/v1/stores?limit=wrong'],
      ['POST', '/api/v1/stores', { nonsense: true }],
      ['PATCH', '/api/v1/stores'],
      ['OPTIONS', '/api/v1/stores'],
    ];
    for (const [method, url, body] of calls) {
      const answer = await api.as(null, method, url, body === undefined ? {} : { body });
      expect([url, answer.status, answer.body.error.code]).toEqual([url, 401, 'UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('a key that is wrong, or of another kind, is no way in, and no cookie helps it', async () => {
    for (const authorization of [
      'Bearer ',
      'Bearer spk_x',
      `Bearer ${newToken('apiKey')}`,
      'Basic YTpi',
      'Bearer a b',
    ]) {
      const answer = await api.as(null, 'GET', '/api/v1/me', { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });
});

async function statusFor(caller: Caller, method: string, { url, body }: Call): Promise<number> {
  const person = personOf(caller);
  if (url.endsWith('/stream')) return streamStatus(person, url);
  if (url.endsWith('/logs')) api.logs.end();
  return (await api.as(person, method, url, body === undefined ? {} : { body })).status;
}

function personOf(caller: Caller): Person | null {
  return caller === 'stranger' ? null : api[caller];
}

/** A stream does not end by itself: its first headers are enough. */
async function streamStatus(person: Person | null, url: string): Promise<number> {
  const answer = await api.app.inject({
    url,
    headers: person ? { authorization: `Bearer ${person.key}` } : {},
    payloadAsStream: true,
  });
  answer.stream().destroy();
  return answer.statusCode;
}

/** A store of the owner's, in a status, as its orchestrator would have brought it there. */
function store(path: string, status?: 'ready' | 'failed') {
  return async (): Promise<Call> => {
    const { body } = await api.as(api.owner, 'POST', '/api/v1/stores', {
      body: { name: 'Tea House', engine: 'medusa' },
    });
    // The quota is not what this is about.
    await api.db.asOrchestrator(async (tx) => {
      if (status === 'ready') await makeReady(tx, body.id);
      if (status === 'failed') await changeStatus(tx, body.id, 'failed', { errorMessage: 'It failed.' });
    });
    return { url: `/api/v1/stores/${body.id}${path}` };
  };
}

async function makeReady(tx: Parameters<typeof updateStore>[0], id: string): Promise<void> {
  const versions = { engineVersion: '0.9.0', previousVersion: '0.8.0' };
  await changeStatus(tx, id, 'proven', { readyAt: new Date(), ...versions });
  const { keyId, seal } = api.deps.secrets;
  const name = 'adminPassword';
  await insertSecrets(tx, id, [{ name, keyId, ciphertext: seal('a password', secretContext(id, name)) }]);
}

/** A source of orders of the owner's. */
async function source(): Promise<string> {
  const { body } = await api.as(api.owner, 'POST', '/api/v1/order-sources', { body: { name: 'Till' } });
  return body.id;
}

function order(storeId: string): object {
  const items = [{ name: 'Tea', quantity: 1, unitPrice: 250 }];
  return { storeId, externalId: '1', currency: 'USD', placedAt: new Date().toISOString(), items };
}

async function guest(): Promise<string> {
  const { body } = await api.as(api.admin, 'POST', '/api/v1/users', {
    body: { email: `${newToken('session')}@example.com` },
  });
  return body.user.id;
}

/** The dashboard's own script, whose name changes with its content. */
async function scriptOfDashboard(): Promise<string> {
  const { text } = await api.as(null, 'GET', '/');
  return /src="(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? 'no script in the page';
}

async function linkToken(): Promise<string> {
  const { signInUrl } = await api.db.asOrchestrator((tx) => makeSignInLink(tx, api.owner.userId, 'http://localhost'));
  return signInUrl.split('token=')[1] ?? '';
}

it('IDN-1: the password that the matrix set is one', async () => {
  expect(await byPassword(api.db, api.owner.email.toUpperCase(), 'correct horse')).toMatchObject({
    userId: api.owner.userId,
  });
  expect(await byPassword(api.db, api.owner.email, 'wrong horse')).toBeNull();
});
