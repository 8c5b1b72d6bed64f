import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { testApi, testPerson, type Answer, type Person, type TestApi } from '../../test/support/api.ts';
import { deleteStoreRow } from '../db/stores.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ poolSize: 10 });
});
afterAll(() => api.close());

const create = (person: Person, name = 'Tea House', headers: Record<string, string> = {}): Promise<Answer> =>
  api.as(person, 'POST', '/api/v1/stores', { body: { name, engine: 'medusa' }, headers });

const count = async (person: Person): Promise<number> => (await api.as(person, 'GET', '/api/v1/stores')).body.total;

describe('API-3: idempotency', () => {
  it('the same key and body gets the first answer again, another body is a 422', async () => {
    const person = await testPerson(api.db, 'member');
    const headers = { 'idempotency-key': 'order:1' };
    const first = await create(person, 'Tea House', headers);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = await create(person, '  Tea House', headers);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location });
    expect([again.status, again.body]).toEqual([202, first.body]);
    const other = await create(person, 'Coffee House', headers);
    expect([other.status, other.body.error.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const elsewhere = await api.as(person, 'POST', `/api/v1/stores/${first.body.id}/retry`, { headers });
    expect(elsewhere.status).toBe(422);
    expect(await count(person)).toBe(1);
  });

  it('20 at once make one store and get 20 equal answers', async () => {
    const person = await testPerson(api.db, 'member');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => create(person, 'Tea House', { 'idempotency-key': 'at-once' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    expect(await count(person)).toBe(1);
  });

  it('keys are each their own user’s', async () => {
    const [one, two] = await Promise.all([testPerson(api.db, 'member'), testPerson(api.db, 'member')]);
    const headers = { 'idempotency-key': 'shared' };
    expect((await create(one, 'Tea House', headers)).body.id).not.toBe(
      (await create(two, 'Tea House', headers)).body.id,
    );
  });

  it('a failure keeps nothing, so the key can be used again', async () => {
    const person = await testPerson(api.db, 'member');
    const headers = { 'idempotency-key': 'second-try' };
    const full = await Promise.all(Array.from({ length: 10 }, () => create(person)));
    expect((await create(person, 'Tea House', headers)).status).toBe(409);
    await api.db.asOrchestrator((tx) => deleteStoreRow(tx, full[0]?.body.id));
    expect((await create(person, 'Tea House', headers)).status).toBe(202);
  });

  it('a key expires after 24 hours and makes another store then', async () => {
    const person = await testPerson(api.db, 'member');
    const headers = { 'idempotency-key': 'daily' };
    const first = await create(person, 'Tea House', headers);
    await api.db.asOrchestrator((tx) =>
      sql`UPDATE idempotency_keys SET expires_at = expires_at - interval '25 hours' WHERE user_id = ${person.userId}`.execute(
        tx,
      ),
    );
    const second = await create(person, 'Coffee House', headers);
    expect([second.status, second.body.name]).toEqual([202, 'Coffee House']);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('a secret that is shown once is replayed too, and lies sealed in the database', async () => {
    const person = await testPerson(api.db, 'member');
    const ask = { body: { name: 'ci' }, headers: { 'idempotency-key': 'one-key' } };
    const first = await api.as(person, 'POST', '/api/v1/api-keys', ask);
    const again = await api.as(person, 'POST', '/api/v1/api-keys', ask);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const kept = await api.db.asOrchestrator((tx) =>
      tx.selectFrom('idempotencyKeys').select('body').where('userId', '=', person.userId).execute(),
    );
    expect(JSON.stringify(kept)).not.toContain(first.body.key);
  });

  it('a key that is no safe token is a 400', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'ü']) {
      expect([key, (await create(api.owner, 'Tea House', { 'idempotency-key': key })).status]).toEqual([key, 400]);
    }
  });
});

describe('IDN-3: quota', () => {
  it('30 creates at once make 10 stores, and an 11th is a 409', async () => {
    const person = await testPerson(api.db, 'member');
    const statuses = (await Promise.all(Array.from({ length: 30 }, () => create(person)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(10);
    expect(statuses.filter((status) => status === 409)).toHaveLength(20);
    expect(await count(person)).toBe(10);
    expect((await create(person)).body.error).toMatchObject({ code: 'QUOTA_EXCEEDED', details: { limit: 10 } });
  });
});

it('ORC-3, API-4: row, event, audit and job are written together, under the request’s correlation id', async () => {
  const { body, headers } = await create(api.owner, 'One Transaction');
  const { jobs, events, audits } = await api.db.asOrchestrator(async (tx) => ({
    events: await tx
      .selectFrom('storeEvents')
      .select(['eventType', 'correlationId'])
      .where('storeId', '=', body.id)
      .execute(),
    audits: await tx
      .selectFrom('auditLog')
      .select(['action', 'correlationId'])
      .where('storeId', '=', body.id)
      .execute(),
    jobs: (await api.db.pool.query('SELECT key FROM graphile_worker.jobs WHERE key = $1', [`store:${body.id}`])).rows,
  }));
  const correlationId = headers['x-correlation-id'];
  expect({ jobs, events, audits }).toEqual({
    jobs: [{ key: `store:${body.id}` }],
    events: [{ eventType: 'created', correlationId }],
    audits: [{ action: 'store.create', correlationId }],
  });
});

it('STO-7: a failed store can be tried again, a store that did not fail cannot', async () => {
  const { body } = await create(api.admin, 'Second Try');
  const retry = () => api.as(api.admin, 'POST', `/api/v1/stores/${body.id}/retry`);
  const early = await retry();
  expect([early.status, early.body.error]).toMatchObject([
    409,
    { code: 'INVALID_STATE', details: { status: 'provisioning' } },
  ]);
  await api.db.asOrchestrator((tx) =>
    tx.updateTable('stores').set({ status: 'failed', errorMessage: 'No room.' }).where('id', '=', body.id).execute(),
  );
  const answer = await retry();
  expect([answer.status, answer.body]).toMatchObject([202, { status: 'provisioning', errorMessage: null }]);
});

it('STO-6: credentials are there once the store is ready, are not cached, and each look is written down', async () => {
  const { body } = await create(api.admin, 'Credentials');
  const look = () => api.as(api.admin, 'GET', `/api/v1/stores/${body.id}/credentials`);
  expect((await look()).body.error).toMatchObject({ code: 'INVALID_STATE' });
  await api.db.asOrchestrator((tx) =>
    tx.updateTable('stores').set({ readyAt: new Date() }).where('id', '=', body.id).execute(),
  );
  const shown = await look();
  expect(shown.headers['cache-control']).toBe('no-store');
  expect(shown.body).toEqual({
    admin: { url: `http://${body.slug}.localhost:3001/app`, username: 'admin@example.com', password: '' },
    api: { publishableKey: 'pk_test' },
  });
  const { entries } = (await api.as(api.admin, 'GET', `/api/v1/audit-log?storeId=${body.id}&limit=1`)).body;
  expect(entries[0].action).toBe('store.credentials');
});
