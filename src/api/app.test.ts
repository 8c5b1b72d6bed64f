import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

it('API-1: a store is made, shown, listed and deleted; the alias answers too', async () => {
  const made = await api.as(api.owner, 'POST', '/api/v1/stores', { body: { name: ' Tea House ', engine: 'medusa' } });
  expect(made.status).toBe(202);
  expect(made.headers.location).toBe(`/api/v1/stores/${made.body.id}`);
  expect(made.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'Tea House',
    slug: expect.stringMatching(/^tea-house-[0-9a-f]{4}$/),
    engine: 'medusa',
    status: 'provisioning',
    activity: 'awake',
    operation: null,
    namespace: expect.stringMatching(/^store-tea-house-/),
    urls: {
      storefront: `http://${made.body.slug}.localhost:3001`,
      admin: `http://${made.body.slug}.localhost:3001/app`,
      api: `http://${made.body.slug}.localhost:3001/store`,
      direct: null,
    },
    engineVersion: null,
    upgradeTo: null,
    rollbackTo: null,
    errorMessage: null,
    createdAt: expect.stringMatching(/Z$/),
    updatedAt: expect.stringMatching(/Z$/),
  });

  const path = `/stores/${made.body.id}`;
  expect((await api.as(api.owner, 'GET', `/api/v1${path}`)).body).toEqual(made.body);
  expect((await api.as(api.owner, 'GET', `/api${path}`)).body).toEqual(made.body);
  expect((await api.as(api.owner, 'GET', '/api/stores?limit=1')).body).toEqual({
    stores: [made.body],
    total: 1,
    limit: 1,
    offset: 0,
    hasMore: false,
    nextCursor: null,
  });
  const events = await api.as(api.owner, 'GET', `/api/v1${path}/events`);
  expect(events.body.events).toMatchObject([{ type: 'created', correlationId: made.headers['x-correlation-id'] }]);

  const deleted = await api.as(api.owner, 'DELETE', `/api/v1${path}`);
  expect(deleted).toMatchObject({ status: 202, body: { status: 'deleting' } });
  expect((await api.as(api.owner, 'DELETE', `/api/v1${path}`)).status).toBe(202);
});
