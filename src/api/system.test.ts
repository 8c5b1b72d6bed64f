import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { queueFigures } from '../orchestrator/queue.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ env: { MAX_STORES_PER_USER: '7' } });
});
afterAll(() => api.close());

it('an admin sees how the platform is: its queue, its stores, its room, and who has most of them', async () => {
  for (const [person, engine] of [
    [api.owner, 'medusa'],
    [api.owner, 'woocommerce'],
    [api.otherUser, 'medusa'],
  ] as const) {
    await api.as(person, 'POST', '/api/v1/stores', { body: { name: 'Tea House', engine } });
  }
  const { status, body } = await api.as(api.admin, 'GET', '/api/v1/system');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    version: '0.0.0-test',
    runtime: 'local',
    queue: { waiting: 2, oldestSeconds: 1.5, running: 1, failed: 0 },
    room: { memory: { freeBytes: 1e9 } },
    quota: { stores: 7 },
  });
  expect(body.stores).toHaveLength(2);
  expect(body.stores).toContainEqual({ status: 'provisioning', engine: 'medusa', count: 2 });
  expect(body.quota.people).toEqual([
    { userId: api.owner.userId, email: api.owner.email, stores: 2 },
    { userId: api.otherUser.userId, email: api.otherUser.email, stores: 1 },
  ]);
});

it('the figures of the queue are told without a worker', async () => {
  const figures = await queueFigures(api.db.pool);
  expect(figures).toMatchObject({ waiting: 3, running: 0, failed: 0 });
  expect(figures.ageSeconds).toBeGreaterThanOrEqual(0);
});
