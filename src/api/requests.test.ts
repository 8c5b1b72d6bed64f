import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { beginPreparation, updatePreparation } from '../db/preparations.ts';
import { addUsage } from '../db/store-usage.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ env: { MAX_STORES_PER_USER: '1000' } });
});
afterAll(() => api.close());

const create = (name: unknown, engine: unknown = 'medusa') =>
  api.as(api.owner, 'POST', '/api/v1/stores', { body: { name, engine } });

const idOf = async (headers: Record<string, string>) =>
  (await api.as(null, 'GET', '/health/live', { headers })).headers['x-correlation-id'];

describe('API-4: correlation', () => {
  it('a safe id is taken, echoed under both names, and found in the event that the request caused', async () => {
    const headers = { 'x-correlation-id': 'order-42' };
    const made = await api.as(api.owner, 'POST', '/api/v1/stores', {
      headers,
      body: { name: 'Tea House', engine: 'medusa' },
    });
    expect(made.headers).toMatchObject({ 'x-correlation-id': 'order-42', 'x-request-id': 'order-42' });
    const { body } = await api.as(api.owner, 'GET', `/api/v1/stores/${made.body.id}/events`);
    expect(body.events[0].correlationId).toBe('order-42');
  });

  it('X-Request-ID and a trace count where there is nothing better; what is unsafe or too long is replaced', async () => {
    expect(await idOf({ 'x-request-id': 'abc' })).toBe('abc');
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(await idOf({ traceparent })).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    const uuid = /^[0-9a-f]{8}-/;
    expect(await idOf({})).toMatch(uuid);
    expect(await idOf({ 'x-correlation-id': 'a b"; DROP' })).toMatch(uuid);
    expect(await idOf({ 'x-correlation-id': 'x'.repeat(256) })).toMatch(uuid);
    expect(await idOf({ traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01' })).toMatch(uuid);
  });
});

describe('API-5: pages', () => {
  it('limit and offset are checked, not clamped', async () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=ten',
      'limit=',
      'limit=1e1',
      'offset=-1',
      'offset=x',
      'offset=',
    ]) {
      const { status, body } = await api.as(api.owner, 'GET', `/api/v1/stores?${query}`);
      expect([query, status, body.error.code]).toEqual([query, 400, 'VALIDATION_FAILED']);
      expect(body.error.details.fields[0].field).toBe(query.split('=')[0]);
    }
    for (const query of [
      'colour=red',
      'status=happy',
      'engine=shopify',
      'cursor=nonsense',
      'q=%00',
      'cursor=a&offset=1',
      'limit=1&limit=2',
    ]) {
      expect([query, (await api.as(api.owner, 'GET', `/api/v1/stores?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('offset and cursor lead through all stores, newest first, and filters narrow them', async () => {
    for (const name of ['Page One', 'Page Two', 'Page Three']) await create(name);
    const first = (await api.as(api.otherUser, 'GET', '/api/v1/stores')).body;
    expect(first).toMatchObject({ stores: [], total: 0, limit: 50, offset: 0, hasMore: false });
    const page = (await api.as(api.owner, 'GET', '/api/v1/stores?limit=2&q=page')).body;
    expect(page).toMatchObject({ stores: [{ name: 'Page Three' }, { name: 'Page Two' }], total: 3, hasMore: true });
    const next = (await api.as(api.owner, 'GET', `/api/v1/stores?limit=2&q=page&cursor=${page.nextCursor}`)).body;
    expect(next).toMatchObject({ stores: [{ name: 'Page One' }], total: 3, hasMore: false, nextCursor: null });
    const skipped = (await api.as(api.owner, 'GET', '/api/v1/stores?offset=2&q=page&status=provisioning&engine=medusa'))
      .body;
    expect(skipped).toMatchObject({ stores: [{ name: 'Page One' }], offset: 2, total: 3 });
    expect((await api.as(api.owner, 'GET', '/api/v1/stores?status=failed')).body.total).toBe(0);
    expect((await api.as(api.admin, 'GET', '/api/v1/stores?q=page&limit=1')).body.stores[0].ownerId).toBe(
      api.owner.userId,
    );
  });
});

describe('API-6: names', () => {
  it('what could be a command, or is no name, is refused with the field', async () => {
    const wrong = [
      'Test; rm -rf /',
      'ab',
      '  a  ',
      'x'.repeat(256),
      '---',
      '___',
      'Tee\u0000haus',
      'Tëe',
      '$(id)',
      '../etc',
      '',
      7,
      null,
      undefined,
      {},
    ];
    for (const name of wrong) {
      const { status, body } = await create(name);
      expect([name, status, body.error.details.fields?.[0].field]).toEqual([name, 400, 'name']);
    }
    expect((await create('Tea House', 'shopify')).status).toBe(400);
    expect(
      (
        await api.as(api.owner, 'POST', '/api/v1/stores', {
          body: { name: 'Tea House', engine: 'medusa', admin: true },
        })
      ).status,
    ).toBe(400);
  });

  it('names are trimmed and need not be unique', async () => {
    const [one, two] = [await create('  Same-Name_1 '), await create('Same-Name_1')];
    expect([one.body.name, two.body.name]).toEqual(['Same-Name_1', 'Same-Name_1']);
    expect(one.body.slug).not.toBe(two.body.slug);
  });
});

describe('API-7: errors', () => {
  it('have one shape, and for clients that want it that of RFC 9457 as well', async () => {
    const plain = await api.as(api.owner, 'GET', '/api/v1/nothing');
    expect(plain.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(plain.body).toEqual({
      error: {
        code: 'NOT_FOUND',
        message: 'There is nothing at this address.',
        details: {},
        timestamp: expect.stringMatching(/Z$/),
        correlationId: plain.headers['x-correlation-id'],
      },
    });
    const problem = await api.as(api.owner, 'GET', '/api/v1/nothing', {
      headers: { accept: 'application/problem+json' },
    });
    expect(problem.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problem.body).toMatchObject({
      status: 404,
      title: 'NOT_FOUND',
      detail: plain.body.error.message,
      error: { code: 'NOT_FOUND' },
    });
  });

  it('a method that an address does not take is a 405 that says which ones it does', async () => {
    const answer = await api.as(api.owner, 'PUT', '/api/v1/stores');
    expect([answer.status, answer.body.error.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(String(answer.headers.allow).split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST']);
    expect((await api.as(api.owner, 'PATCH', '/api/stores')).status).toBe(405);
    expect((await api.as(api.owner, 'OPTIONS', '/api/v1/stores')).status).toBe(405);
  });

  it('a body that is no JSON, of another type or too large is refused, an empty one is none', async () => {
    const post = async (payload: string, type = 'application/json') =>
      (
        await api.app.inject({
          method: 'POST',
          url: '/api/v1/stores',
          payload,
          headers: { 'content-type': type, authorization: `Bearer ${api.owner.key}` },
        })
      ).json();
    expect((await post('{"name":')).error).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'The body is not valid JSON.',
    });
    expect((await post('{"__proto__":{"admin":true}}')).error.code).toBe('VALIDATION_FAILED');
    expect((await post('')).error.code).toBe('VALIDATION_FAILED');
    expect((await post('<a/>', 'text/xml')).error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect((await post(JSON.stringify({ name: 'x'.repeat(70_000) }))).error.code).toBe('BODY_TOO_LARGE');
    const gone = await api.as(api.owner, 'DELETE', `/api/v1/stores/${(await create('Tea House')).body.id}`, {
      headers: { 'content-type': 'application/json' },
    });
    expect(gone.status).toBe(202);
  });

  it('an id that is none is not found', async () => {
    for (const id of ['x', '1', 'not-a-uuid', '%zz', '%00', 'é'.repeat(300), "1' OR '1'='1"]) {
      expect([id, (await api.as(api.owner, 'GET', `/api/v1/stores/${encodeURI(id)}`)).status]).toEqual([id, 404]);
    }
  });

  it('what nobody expected says nothing of its cause', async () => {
    const broken = await testApi();
    const { asUser } = broken.db;
    broken.db.asUser = () => Promise.reject(new Error('syntax error near SELECT in /var/lib/store-platform'));
    try {
      const answer = await broken.as(broken.owner, 'GET', '/api/v1/stores');
      expect([answer.status, answer.body.error.code]).toEqual([500, 'INTERNAL']);
      expect(answer.text).not.toMatch(/SELECT|\/var|at .*\.ts/);
    } finally {
      broken.db.asUser = asUser;
      await broken.close();
    }
  });
});

it('DAY-4: a store shows its use of the machine and its logs', async () => {
  const { id } = (await create('Tea House')).body;
  const at = new Date('2026-01-02T03:04:05.000Z');
  await api.db.asOrchestrator((tx) =>
    addUsage(tx, id, { at, memoryBytes: 300_000_000, cpuSeconds: 1.5, diskBytes: 20_000_000 }),
  );
  const usage = await api.as(api.owner, 'GET', `/api/v1/stores/${id}/usage`);
  expect(usage.body).toEqual({
    usage: [{ at: at.toISOString(), memoryBytes: 300_000_000, cpuSeconds: 1.5, diskBytes: 20_000_000 }],
  });

  api.logs.write('first\nsec');
  api.logs.end('ond\r\nthird');
  const logs = await api.as(api.owner, 'GET', `/api/v1/stores/${id}/logs?tail=3`);
  expect(logs.body).toEqual({ lines: ['first', 'second', 'third'] });
  expect((await api.as(api.owner, 'GET', `/api/v1/stores/${id}/logs?tail=10001`)).status).toBe(400);
});

it('GET /engines says what there is and how far its preparation is', async () => {
  await api.db.asOrchestrator(async (tx) => {
    await beginPreparation(tx, 'woocommerce', '1.0.0');
    const assets = [{ file: 'wordpress.zip', bytes: 3, sha256: 'abc', source: 'operator' as const }];
    await updatePreparation(tx, 'woocommerce', '1.0.0', { status: 'ready', fraction: 1, assets });
  });
  const { engines } = (await api.as(api.owner, 'GET', '/api/v1/engines')).body;
  expect(engines).toEqual([
    { name: 'medusa', version: '1.0.0', advice: null, preparation: null },
    { name: 'woocommerce', version: '1.0.0', advice: null, preparation: expect.anything() },
  ]);
  expect(engines[1].preparation).toMatchObject({ status: 'ready', assets: [{ sha256: 'abc', source: 'operator' }] });
});

it('IDN-6: the audit log keeps who did what, admins see all of it and others their own', async () => {
  const { id } = (await create('Audited Shop')).body;
  await api.as(api.admin, 'DELETE', `/api/v1/stores/${id}`);
  const all = (await api.as(api.admin, 'GET', `/api/v1/audit-log?storeId=${id}`)).body.entries;
  expect(all).toMatchObject([
    { action: 'store.delete', actor: api.admin.email, subject: 'Audited Shop', address: '127.0.0.1' },
    { action: 'store.create', actor: api.owner.email, subject: 'Audited Shop' },
  ]);
  const own = (await api.as(api.owner, 'GET', `/api/v1/audit-log?storeId=${id}`)).body.entries;
  expect(own.map((entry: { action: string }) => entry.action)).toEqual(['store.create']);
  const page = (await api.as(api.admin, 'GET', '/api/v1/audit-log?limit=1')).body;
  expect(page).toMatchObject({ hasMore: true });
  const older = (await api.as(api.admin, 'GET', `/api/v1/audit-log?limit=1&before=${page.entries[0].id}`)).body;
  expect(older.entries[0].id).toBeLessThan(page.entries[0].id);
});
