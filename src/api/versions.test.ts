import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ON_KUBERNETES, testApi, type Answer, type TestApi } from '../../test/support/api.ts';
import { listAudit } from '../db/audit.ts';
import { changeStatus, findStore, updateStore, type StorePatch } from '../db/stores.ts';

/** What a store of `testApi` is made with now. */
const NEWEST = '1.0.0';
const OLD = { engineVersion: '0.9.0' };

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ env: { ...ON_KUBERNETES, MAX_STORES_PER_USER: '100' } });
});
afterAll(() => api.close());

async function openStore(patch: StorePatch, on = api): Promise<string> {
  const { body } = await on.as(on.owner, 'POST', '/api/v1/stores', { body: { name: 'Tea House', engine: 'medusa' } });
  await on.db.asOrchestrator((tx) => changeStatus(tx, body.id, 'proven', { readyAt: new Date(), ...patch }));
  return body.id;
}

const ask = (id: string, change: string, headers = {}, on = api): Promise<Answer> =>
  on.as(on.owner, 'POST', `/api/v1/stores/${id}/${change}`, { headers });

const show = async (id: string, on = api) => (await on.as(on.owner, 'GET', `/api/v1/stores/${id}`)).body;

const jobsOf = async (id: string) =>
  (await api.db.pool.query('SELECT FROM graphile_worker.jobs WHERE key = $1', [`store:${id}`])).rowCount;

describe('KUB-7: upgrade and rollback', () => {
  it('a store says what it runs, and what it could run', async () => {
    const id = await openStore({ ...OLD, previousVersion: '0.8.0' });
    expect(await show(id)).toMatchObject({ engineVersion: '0.9.0', upgradeTo: NEWEST, rollbackTo: '0.8.0' });
    expect(await show(await openStore({ engineVersion: NEWEST }))).toMatchObject({ upgradeTo: null, rollbackTo: null });
    const { body } = await api.as(api.owner, 'POST', '/api/v1/stores', { body: { name: 'New', engine: 'medusa' } });
    expect(body).toMatchObject({ engineVersion: null, upgradeTo: null, rollbackTo: null });
  });

  it('ORC-3: an upgrade is row, event, audit and job, and the store stays open', async () => {
    const id = await openStore(OLD);
    await api.db.pool.query('DELETE FROM graphile_worker._private_jobs');
    const { status, body, headers } = await ask(id, 'upgrade');
    expect([status, headers.location]).toEqual([202, `/api/v1/stores/${id}`]);
    expect(body).toMatchObject({
      status: 'ready',
      engineVersion: NEWEST,
      upgradeTo: null,
      rollbackTo: null,
      operation: { type: 'upgrade', step: 'upgrade' },
    });
    const row = await api.db.asOrchestrator((tx) => findStore(tx, id));
    expect(row).toMatchObject({ engineVersion: NEWEST, upgradeFrom: '0.9.0', previousVersion: null });
    expect(row?.deadlineAt?.getTime()).toBeGreaterThan(Date.now());
    const { events } = (await api.as(api.owner, 'GET', `/api/v1/stores/${id}/events`)).body;
    expect(events.at(-1)).toMatchObject({ type: 'upgrade', metadata: { from: '0.9.0', to: NEWEST } });
    const audit = await api.db.asOrchestrator((tx) => listAudit(tx, { limit: 1, storeId: id }));
    expect(audit).toMatchObject([{ action: 'store.upgrade', actor: api.owner.email, details: { to: NEWEST } }]);
    expect(await jobsOf(id)).toBe(1);
  });

  it('a rollback leads to the version before', async () => {
    const id = await openStore({ engineVersion: NEWEST, previousVersion: '0.9.0' });
    expect((await ask(id, 'rollback')).body).toMatchObject({ engineVersion: '0.9.0', operation: { type: 'upgrade' } });
    const row = await api.db.asOrchestrator((tx) => findStore(tx, id));
    expect(row).toMatchObject({ upgradeFrom: NEWEST, previousVersion: '0.9.0' });
  });

  it('API-3: is safe to repeat', async () => {
    const id = await openStore(OLD);
    const headers = { 'idempotency-key': randomUUID() };
    const [one, two] = await Promise.all([ask(id, 'upgrade', headers), ask(id, 'upgrade', headers)]);
    expect([one.status, two.status, two.text]).toEqual([202, 202, one.text]);
  });

  it.each([
    ['upgrade', { engineVersion: NEWEST }, 'It runs the newest version already.'],
    ['rollback', OLD, 'It has run no other version that it could go back to.'],
    ['upgrade', { ...OLD, upgradeFrom: '0.8.0' }, 'already'],
    ['rollback', { engineVersion: NEWEST, previousVersion: '0.9.0', upgradeFrom: '0.9.0' }, 'already'],
  ])('%s of %j is a 409 with words', async (change, patch, words) => {
    const { status, body } = await ask(await openStore(patch), change);
    expect([status, body.error.code, body.error.message]).toEqual([
      409,
      'INVALID_STATE',
      expect.stringContaining(words),
    ]);
  });

  it('of two at once, one is taken', async () => {
    const id = await openStore(OLD);
    const answers = await Promise.all([ask(id, 'upgrade'), ask(id, 'upgrade')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  });

  it('is not for a store that is not open, and says what would be possible', async () => {
    const id = await openStore(OLD);
    await api.db.asOrchestrator((tx) => changeStatus(tx, id, 'failed'));
    const { status, body } = await ask(id, 'upgrade');
    expect([status, body.error.details]).toEqual([
      409,
      { status: 'failed', allowed: expect.arrayContaining(['retry']) },
    ]);
    expect(await show(id)).toMatchObject({ upgradeTo: null });
  });

  it('a deletion in the middle of it goes through', async () => {
    const id = await openStore(OLD);
    await ask(id, 'upgrade');
    const { status, body } = await api.as(api.owner, 'DELETE', `/api/v1/stores/${id}`);
    expect([status, body.status]).toEqual([202, 'deleting']);
    expect((await ask(id, 'rollback')).status).toBe(409);
  });

  it('where stores run on this machine they keep their version, and it says so', async () => {
    const local = await testApi();
    const id = await openStore({ ...OLD, previousVersion: '0.8.0' }, local);
    expect(await show(id, local)).toMatchObject({ engineVersion: '0.9.0', upgradeTo: null, rollbackTo: null });
    for (const change of ['upgrade', 'rollback']) {
      const { status, body } = await ask(id, change, {}, local);
      expect([status, body.error.code]).toEqual([409, 'INVALID_STATE']);
      expect(body.error.message).toContain('RUNTIME=kubernetes');
    }
    await local.close();
  });
});

describe('KUB-5: features that an operator switches', () => {
  it('are on, and listed', async () => {
    const { body } = await api.as(null, 'GET', '/health');
    expect(body.features).toEqual({ storeCreation: true, upgrades: true });
  });

  it('answer 503 with words where they are off, and are not offered', async () => {
    const off = await testApi({ env: { ...ON_KUBERNETES, FEATURE_UPGRADES: 'false' } });
    const id = await openStore(OLD, off);
    await off.db.asOrchestrator((tx) => updateStore(tx, id, { previousVersion: '0.8.0' }));
    expect(await show(id, off)).toMatchObject({ upgradeTo: null, rollbackTo: null });
    for (const change of ['upgrade', 'rollback']) {
      const { status, body, headers } = await ask(id, change, {}, off);
      expect([status, body.error.code]).toEqual([503, 'FEATURE_DISABLED']);
      expect(headers['retry-after']).toBeUndefined();
      expect(body.error.message).toContain('switched off by an operator');
    }
    expect((await off.as(null, 'GET', '/health')).body.features).toEqual({ storeCreation: true, upgrades: false });
    await off.close();
  });

  it('store creation too', async () => {
    const off = await testApi({ env: { FEATURE_STORE_CREATION: 'false' } });
    const body = { name: 'Tea House', engine: 'medusa' };
    const { status, body: answer } = await off.as(off.owner, 'POST', '/api/v1/stores', { body });
    expect([status, answer.error.code, answer.error.details]).toEqual([
      503,
      'FEATURE_DISABLED',
      { feature: 'storeCreation' },
    ]);
    expect((await off.as(off.owner, 'GET', '/api/v1/stores')).body.total).toBe(0);
    await off.close();
  });
});
