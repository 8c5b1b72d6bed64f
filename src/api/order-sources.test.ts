import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { makeSource, orderOf, sendSigned, sendWebhook } from '../../test/support/orders.ts';
import { secretContext } from '../db/secret-box.ts';
import { insertSecrets } from '../db/store-secrets.ts';
import { changeStatus } from '../db/stores.ts';
import { ORDERS_SECRET } from '../orders/sources.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const ask = (method: string, path: string, body?: unknown, person = api.owner) =>
  api.as(person, method, `/api/v1/order-sources${path}`, body === undefined ? {} : { body });

const eventsOf = (id: string) =>
  api.db.asOrchestrator((tx) => tx.selectFrom('orderEvents').selectAll().where('sourceId', '=', id).execute());

async function makeStore(): Promise<string> {
  const { body } = await api.as(api.owner, 'POST', '/api/v1/stores', { body: { name: 'Tea', engine: 'medusa' } });
  return body.id;
}

/** An order as WooCommerce sends it. */
const woo = (change: Record<string, unknown> = {}) => ({
  id: 727,
  number: '727',
  status: 'processing',
  currency: 'USD',
  date_created_gmt: '2026-01-05T11:30:02',
  total: '29.35',
  billing: { email: 'john.doe@example.com' },
  line_items: [{ name: 'Woo Single #1', quantity: 2, total: '6.00' }],
  refunds: [],
  ...change,
});

const minutes = (n: number) => ({ at: new Date(Date.now() + n * 60_000) });

describe('ORD-1: sources of orders', () => {
  it('are made with a secret that is shown once, listed, changed and deleted', async () => {
    const made = await ask('POST', '', { name: 'Till', timeZone: 'Europe/Paris' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Till', timeZone: 'Europe/Paris', storeId: null });
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.headers['cache-control']).toBe('no-store');
    const { secret, ...shown } = made.body;
    expect((await ask('GET', `/${shown.id}`)).body).toEqual(shown);
    expect((await ask('GET', '')).body.sources).toContainEqual(shown);
    expect(JSON.stringify((await ask('GET', '')).body)).not.toContain(secret);

    const patch = await ask('PATCH', `/${shown.id}`, { name: 'Bar', timeZone: 'UTC' });
    expect(patch.body).toEqual({ ...shown, name: 'Bar', timeZone: 'UTC' });
    expect((await ask('DELETE', `/${shown.id}`)).status).toBe(204);
    expect((await ask('GET', `/${shown.id}`)).status).toBe(404);
  });

  it('a repeated creation with the same key makes one, and shows its secret again', async () => {
    const headers = { 'idempotency-key': 'one-source' };
    const make = () =>
      api.as(api.owner, 'POST', '/api/v1/order-sources', { body: { name: 'Once', timeZone: 'UTC' }, headers });
    const [first, again] = [await make(), await make()];
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x', timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ name: 'x', timeZone: '+01:00' }, 'timeZone'],
    [{ name: 'x', secret: 'mine' }, 'body'],
  ])('%j is refused', async (body, field) => {
    const answer = await ask('POST', '', body);
    expect([answer.status, answer.body.error.details.fields[0].field]).toEqual([400, field]);
  });

  it("another person's are not found; an admin sees them", async () => {
    const { id } = await makeSource(api, api.owner);
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', ''],
      ['POST', '/secrets'],
    ] as const) {
      expect((await ask(method, `/${id}${path}`, body, api.otherUser)).status).toBe(404);
    }
    expect((await ask('GET', '', undefined, api.otherUser)).body.sources).toEqual([]);
    expect((await ask('GET', `/${id}`, undefined, api.admin)).status).toBe(200);
  });

  it('a store is one, keeps its name, and can not be deleted as a source', async () => {
    const id = await makeStore();
    expect((await ask('GET', `/${id}`)).body).toMatchObject({ id, storeId: id, name: 'Tea', timeZone: 'UTC' });
    expect((await ask('PATCH', `/${id}`, { timeZone: 'Asia/Tokyo' })).body).toMatchObject({ timeZone: 'Asia/Tokyo' });
    expect((await ask('PATCH', `/${id}`, { name: 'Mine' })).status).toBe(409);
    expect((await ask('DELETE', `/${id}`)).status).toBe(409);
    expect((await ask('POST', `/${id}/secrets`)).status).toBe(409);
  });
});

describe('ORD-2: signed orders', () => {
  it('are taken from who has the secret, one or many', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const one = await sendSigned(api, secret, orderOf(id, { items: [{ name: 'Café ☕', quantity: 1, unitPrice: 1 }] }));
    expect([one.status, one.body]).toEqual([202, { accepted: 1, duplicates: 0 }]);
    const batch = await sendSigned(api, secret, { orders: [orderOf(id.toUpperCase()), orderOf(id.toUpperCase())] });
    expect([batch.status, batch.body]).toEqual([202, { accepted: 2, duplicates: 0 }]);
    expect((await eventsOf(id))[0]?.items[0]?.name).toBe('Café ☕');
  });

  it('a wrong field of theirs is named, and an unknown one is not', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    expect((await sendSigned(api, secret, orderOf(id, { currency: 'ZZZ' }))).status).toBe(422);
  });

  it('a repeated delivery is a duplicate', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const order = orderOf(id);
    await sendSigned(api, secret, order);
    expect((await sendSigned(api, secret, order)).body).toEqual({ accepted: 0, duplicates: 1 });
  });

  it('an old secret is good beside the new one for a day', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    await sendSigned(api, secret, orderOf(id));
    const { body } = await ask('POST', `/${id}/secrets`);
    expect(body.secret).not.toBe(secret);
    for (const good of [secret, body.secret]) expect((await sendSigned(api, good, orderOf(id))).status).toBe(202);
    const ends = await api.db.asOrchestrator((tx) =>
      tx.selectFrom('orderSourceSecrets').select('expiresAt').where('sourceId', '=', id).orderBy('createdAt').execute(),
    );
    expect(
      ends.map(({ expiresAt }) => expiresAt && Math.round((expiresAt.getTime() - Date.now()) / 3_600_000)),
    ).toEqual([24, null]);
    await api.db.asOrchestrator((tx) =>
      tx
        .updateTable('orderSourceSecrets')
        .set({ expiresAt: new Date(Date.now() - 1000) })
        .where('sourceId', '=', id)
        .where('expiresAt', 'is not', null)
        .execute(),
    );
    await expect.poll(async () => (await sendSigned(api, secret, orderOf(id))).status).toBe(401);
    expect((await sendSigned(api, body.secret, orderOf(id))).status).toBe(202);
  });

  it('are refused alike when anything is wrong with the signature, and nothing else of them is looked at', async () => {
    const [mine, other] = [await makeSource(api, api.owner), await makeSource(api, api.owner)];
    const order = orderOf(mine.id);
    const answers = await Promise.all([
      sendSigned(api, other.secret, order),
      sendSigned(api, mine.secret, order, minutes(-6)),
      sendSigned(api, mine.secret, order, minutes(6)),
      sendSigned(api, mine.secret, order, { headers: { 'webhook-id': 'another' } }),
      sendSigned(api, mine.secret, order, { headers: { 'webhook-signature': 'v1,AAAA' } }),
      sendSigned(api, mine.secret, order, { headers: { 'webhook-signature': '' } }),
      sendSigned(api, mine.secret, order, { headers: { 'webhook-timestamp': 'now' } }),
      sendSigned(api, mine.secret, { orders: [order, orderOf(other.id)] }),
      sendSigned(api, mine.secret, orderOf(other.id)),
      sendSigned(api, mine.secret, orderOf(randomUUID())),
      sendSigned(api, mine.secret, { nonsense: true }),
      sendSigned(api, mine.secret, null),
      sendSigned(api, mine.secret, order, { headers: { 'content-type': 'text/plain', 'webhook-signature': 'v1,x' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(await eventsOf(mine.id)).toEqual([]);
  });

  it('a body that was changed on its way is refused, and so is one that is too large', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const large = orderOf(id, { externalId: 'x'.repeat(4 * 1024 * 1024) });
    expect((await sendSigned(api, secret, large)).status).toBe(401);
    const headers = { 'content-length': '0', 'content-type': 'application/json' };
    const bare = await api.as(null, 'POST', '/api/v1/orders', { headers: { ...headers, 'webhook-signature': 'v1,x' } });
    expect(bare.status).toBe(401);
  });

  it('a key that is presented decides, whatever is signed', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const authorization = `Bearer ${api.otherUser.key}`;
    expect((await sendSigned(api, secret, orderOf(id), { headers: { authorization } })).status).toBe(404);
    expect((await sendSigned(api, secret, orderOf(id), { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });

  it('a signature opens no other route', async () => {
    const headers = { 'webhook-id': 'a', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' };
    expect((await api.as(null, 'POST', '/api/v1/stores', { headers, body: {} })).status).toBe(401);
    expect((await api.as(null, 'GET', '/api/v1/orders', { headers })).status).toBe(401);
  });

  it("a store's orders count from when it is ready: its proof does not", async () => {
    const id = await makeStore();
    const secret = `whsec_${'0a'.repeat(32)}`;
    const { keyId, seal } = api.deps.secrets;
    const sealed = { name: ORDERS_SECRET, keyId, ciphertext: seal(secret, secretContext(id, ORDERS_SECRET)) };
    await api.db.asOrchestrator((tx) => insertSecrets(tx, id, [sealed]));

    const proof = await sendSigned(api, secret, orderOf(id));
    expect([proof.status, proof.body]).toEqual([202, { accepted: 0, duplicates: 0 }]);
    const readyAt = new Date(Date.now() - 500);
    await api.db.asOrchestrator((tx) => changeStatus(tx, id, 'proven', { readyAt }));
    // Shops may note no more than the second.
    const second = Math.floor(readyAt.getTime() / 1000) * 1000;
    const late = orderOf(id, { placedAt: new Date(second - 1).toISOString() });
    const real = orderOf(id, { placedAt: new Date(second).toISOString() });
    await expect
      .poll(async () => (await sendSigned(api, secret, { orders: [late, real] })).body)
      .toEqual({ accepted: 1, duplicates: 0 });
    expect(await eventsOf(id)).toMatchObject([{ externalId: real['externalId'] }]);
  });
});

describe('ORD-1: the door for webhooks of WooCommerce', () => {
  it('takes what was signed with the secret as it is shown, once', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const first = await sendWebhook(api, id, secret, woo());
    expect([first.status, first.body]).toEqual([202, { accepted: 1, duplicates: 0 }]);
    expect((await sendWebhook(api, id, secret, woo())).body).toEqual({ accepted: 0, duplicates: 1 });
    const [event] = await eventsOf(id);
    expect(event).toMatchObject({ event: 'paid', externalId: '727', total: 2935 });
    expect(JSON.stringify(event)).not.toContain('john');
  });

  it('what tells nothing is taken and not kept, and what is no order is named', async () => {
    const { id, secret } = await makeSource(api, api.owner);
    const draft = await sendWebhook(api, id, secret, woo({ status: 'checkout-draft' }));
    expect([draft.status, draft.body]).toEqual([202, { accepted: 0, duplicates: 0 }]);
    const wrong = await sendWebhook(api, id, secret, woo({ currency: 'ZZZ' }));
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'INVALID_ORDER']);
    expect(await eventsOf(id)).toEqual([]);
  });

  it('refuses wrong signatures alike', async () => {
    const [mine, other] = [await makeSource(api, api.owner), await makeSource(api, api.owner)];
    const answers = [
      await sendWebhook(api, mine.id, other.secret, woo()),
      await sendWebhook(api, randomUUID(), mine.secret, woo()),
      await sendWebhook(api, 'no-id', mine.secret, woo()),
      await api.as(null, 'POST', `/api/v1/order-sources/${mine.id}/woocommerce`, { body: woo() }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it("answers WooCommerce's unsigned question, and nothing else that is unsigned", async () => {
    const { id } = await makeSource(api, api.owner);
    const form = (body: string) =>
      api.as(null, 'POST', `/api/v1/order-sources/${id}/woocommerce`, {
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await form('webhook_id=1')).status).toBe(200);
    for (const body of ['webhook_id=1&x=2', 'webhook_id=x', '', 'webhook_id=1'.repeat(100)]) {
      expect((await form(body)).status).toBe(401);
    }
  });
});

describe('limits of orders', () => {
  it('count orders by who sends them, apart from the limit of requests', async () => {
    const small = await testApi({ env: { RATE_LIMIT_ORDERS_PER_SECOND: '5', RATE_LIMIT_PER_MINUTE: '20' } });
    const source = await makeSource(small, small.owner);
    const send = (count: number) =>
      small.as(small.owner, 'POST', '/api/v1/orders', {
        body: { orders: Array.from({ length: count }, () => orderOf(source.id)) },
      });
    // A second may end in between; ten of them do not.
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(5)));
    const refused = answers.find(({ status }) => status === 429);
    expect(answers.some(({ status }) => status === 202)).toBe(true);
    expect(refused?.body.error).toMatchObject({ code: 'RATE_LIMITED', details: { limit: 5, windowSeconds: 1 } });
    expect(refused?.headers['retry-after']).toBe('1');
    // A source that signs counts for itself, and more than a second's worth at once is a second's worth.
    const signed = () =>
      sendSigned(small, source.secret, { orders: Array.from({ length: 6 }, () => orderOf(source.id)) });
    const statuses = (await Promise.all(Array.from({ length: 10 }, signed))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    for (let n = 0; n < 30; n += 1) expect((await send(1)).status).not.toBe(401);
    expect((await small.as(small.owner, 'GET', '/api/v1/me')).status).toBe(200);
    await small.close();
  });

  it('whoever guesses credentials may do so as often as anybody may ask', async () => {
    const small = await testApi({ env: { RATE_LIMIT_PER_MINUTE: '5' } });
    const guess = () => sendSigned(small, 'whsec_AAAA', orderOf(randomUUID()));
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    await small.close();
  });
});
