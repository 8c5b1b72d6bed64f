import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { makeSource, orderOf } from '../../test/support/orders.ts';
import { countAttempt } from '../db/order-batches.ts';
import { applyBatches } from '../orders/apply.ts';

let api: TestApi;
let storeId: string;

beforeAll(async () => {
  api = await testApi();
  storeId = (await makeSource(api, api.owner)).id;
});
afterAll(() => api.close());

const post = (body: unknown, person = api.owner) => api.as(person, 'POST', '/api/v1/orders', { body });
const get = (url: string, person = api.owner) => api.as(person, 'GET', `/api/v1/orders${url}`);

/** How many events of a source are stored. */
async function stored(id = storeId): Promise<number> {
  const { rows } = await api.db.asOrchestrator((tx) =>
    sql<{ count: number }>`SELECT count(*) FROM order_events WHERE source_id = ${id}`.execute(tx),
  );
  return rows[0]?.count ?? 0;
}

/** What the aggregator does, at once. */
async function applyAll(): Promise<void> {
  await api.db.asOrchestrator(async (tx) => {
    const batches = await tx.selectFrom('orderBatches').select('id').orderBy('id').forUpdate().execute();
    await applyBatches(
      tx,
      batches.map(({ id }) => id),
    );
  });
}

describe('ORD-1: POST /orders', () => {
  it('takes one order bare, and says that it is stored', async () => {
    const before = await stored();
    const answer = await post(orderOf(storeId, { externalId: 'bare', total: 900, number: 'A-1' }));
    expect([answer.status, answer.body]).toEqual([202, { accepted: 1, duplicates: 0 }]);
    expect(await stored()).toBe(before + 1);
    const row = await api.db.asOrchestrator((tx) =>
      tx.selectFrom('orderEvents').selectAll().where('externalId', '=', 'bare').executeTakeFirstOrThrow(),
    );
    expect(row).toMatchObject({ event: 'placed', eventId: 'bare:placed', number: 'A-1', total: 900, refunded: null });
    expect(row.items).toEqual([{ name: 'Flat White', quantity: 2, unitPrice: 450 }]);
  });

  it('takes a thousand, and no more', async () => {
    const { id } = await makeSource(api, api.owner);
    const orders = Array.from({ length: 1000 }, () => orderOf(id));
    expect((await post({ orders })).body).toEqual({ accepted: 1000, duplicates: 0 });
    const answer = await post({ orders: [...orders, orderOf(id)] });
    expect([answer.status, answer.body.error.details.fields[0].field]).toEqual([422, 'orders']);
    expect(await stored(id)).toBe(1000);
  });

  it.each([
    ['no store', { storeId: undefined }, 'storeId'],
    ['a store that is no id', { storeId: 'x' }, 'storeId'],
    ['an unknown event', { event: 'shipped' }, 'event'],
    ['an empty event id', { eventId: '' }, 'eventId'],
    ['no order id', { externalId: undefined }, 'externalId'],
    ['an order id that is too long', { externalId: 'x'.repeat(201) }, 'externalId'],
    ['an order id with NUL', { externalId: 'a\u0000' }, 'externalId'],
    ['half a character', { externalId: '\ud800' }, 'externalId'],
    ['a number that is too long', { number: 'x'.repeat(65) }, 'number'],
    ['no currency', { currency: undefined }, 'currency'],
    ['an unknown currency', { currency: 'ZZZ' }, 'currency'],
    ['a currency in small letters', { currency: 'usd' }, 'currency'],
    ['no time', { placedAt: undefined }, 'placedAt'],
    ['a time without a zone', { placedAt: '2026-01-01T00:00:00' }, 'placedAt'],
    ['a day that does not exist', { placedAt: '2026-02-30T00:00:00Z' }, 'placedAt'],
    ['a future time', { placedAt: new Date(Date.now() + 60_000).toISOString() }, 'placedAt'],
    ['a time of long ago', { placedAt: '0000-01-01T00:00:00Z' }, 'placedAt'],
    ['no items', { items: undefined }, 'items'],
    ['an empty list of items', { items: [] }, 'items'],
    ['an item without a name', { items: [{ quantity: 1, unitPrice: 1 }] }, 'items.0.name'],
    ['zero pieces', { items: [{ name: 'Tea', quantity: 0, unitPrice: 1 }] }, 'items.0.quantity'],
    ['half a piece', { items: [{ name: 'Tea', quantity: 0.5, unitPrice: 1 }] }, 'items.0.quantity'],
    ['a negative price', { items: [{ name: 'Tea', quantity: 1, unitPrice: -1 }] }, 'items.0.unitPrice'],
    ['a price in words', { items: [{ name: 'Tea', quantity: 1, unitPrice: '1' }] }, 'items.0.unitPrice'],
    ['more than there is', { items: [{ name: 'Tea', quantity: 1_000_000, unitPrice: 1e12 }] }, 'items'],
    ['a negative total', { total: -1 }, 'total'],
    ['a broken total', { total: 1.5 }, 'total'],
    ['a negative refund', { refunded: -1 }, 'refunded'],
    ['more given back than paid', { total: 100, refunded: 101 }, 'refunded'],
    ['a refund of nobody knows what', { event: 'refunded', items: undefined }, 'refunded'],
    ['a field that is none', { customer: 'Ada' }, 'customer'],
    ['a field of an item that is none', { items: [{ name: 'T', quantity: 1, unitPrice: 1, sku: '1' }] }, 'items.0.sku'],
  ])('names the field: %s', async (_what, change, field) => {
    const order = { ...orderOf(storeId), ...change };
    const bare = await post(order);
    expect([bare.status, bare.body.error.code]).toEqual([422, 'INVALID_ORDER']);
    expect(bare.body.error.details.fields.map((one: { field: string }) => one.field)).toContain(field);
    const batch = await post({ orders: [orderOf(storeId), order] });
    expect(batch.body.error.details.fields[0].field).toBe(`orders.1.${field}`);
  });

  it('a price that is not finite is refused', async () => {
    const text = JSON.stringify(orderOf(storeId)).replace('450', '1e999');
    const headers = { 'content-type': 'application/json' };
    const answer = await api.as(api.owner, 'POST', '/api/v1/orders', { body: text, headers });
    expect(answer.body.error.details.fields[0].field).toBe('items.0.unitPrice');
  });

  it.each([
    [{ orders: [] }, 'orders'],
    [{ orders: 'all' }, 'orders'],
    [[], 'body'],
    ['tea', 'body'],
    [null, 'body'],
  ])('%j is no order', async (body, field) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.as(api.owner, 'POST', '/api/v1/orders', { body: JSON.stringify(body), headers });
    expect([answer.status, answer.body.error.details.fields[0].field]).toEqual([422, field]);
  });

  it('what is no JSON is a 400, and what is none of it a 415', async () => {
    const statuses: number[] = [];
    for (const type of ['application/json', 'text/plain']) {
      const headers = { 'content-type': type };
      statuses.push((await api.as(api.owner, 'POST', '/api/v1/orders', { body: '{', headers })).status);
    }
    expect(statuses).toEqual([400, 415]);
  });

  it('a body of more than 4 MiB is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ orders: [orderOf(storeId, { externalId: 'x'.repeat(4 * 1024 * 1024) })] });
    expect((await api.as(api.owner, 'POST', '/api/v1/orders', { body, headers })).status).toBe(413);
  });

  it('a batch is stored as a whole or not at all', async () => {
    const before = await stored();
    const bad = orderOf(storeId, { currency: 'ZZZ' });
    expect((await post({ orders: [orderOf(storeId), bad] })).status).toBe(422);
    const foreign = orderOf((await makeSource(api, api.otherUser)).id);
    expect((await post({ orders: [orderOf(storeId), foreign] })).status).toBe(404);
    expect(await stored()).toBe(before);
  });

  it('is idempotent by store and event, one after another and in one request', async () => {
    const first = orderOf(storeId, { externalId: 'twice' });
    expect((await post({ orders: [first, first] })).body).toEqual({ accepted: 1, duplicates: 1 });
    const again = await post({ orders: [orderOf(storeId), first, { ...first, event: 'paid' }] });
    expect(again.body).toEqual({ accepted: 2, duplicates: 1 });
    const other = await makeSource(api, api.owner);
    expect((await post({ ...first, storeId: other.id })).body).toEqual({ accepted: 1, duplicates: 0 });
  });

  it('is idempotent for requests that arrive at once, each of which gets its own answer', async () => {
    const { id } = await makeSource(api, api.owner);
    const orders = Array.from({ length: 20 }, (_, n) => orderOf(id, { externalId: `at-once-${n}` }));
    const turned = (n: number) => ({ orders: [...orders.slice(n), ...orders.slice(0, n)] });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(turned(n))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20);
    expect(answers.every(({ body }) => body.accepted + body.duplicates === 20)).toBe(true);
    expect(await stored(id)).toBe(20);
  });

  it("another person's store is not found, as one that does not exist, and an admin may send for all", async () => {
    for (const [id, person] of [
      [storeId, api.otherUser],
      [randomUUID(), api.owner],
    ] as const) {
      const answer = await post(orderOf(id), person);
      expect([answer.status, answer.body.error.details.field]).toEqual([404, 'storeId']);
    }
    expect((await post(orderOf(storeId.toUpperCase()), api.admin)).status).toBe(202);
  });

  it('a store is a source from the moment it is made, and gone with it', async () => {
    const { body: store } = await api.as(api.owner, 'POST', '/api/v1/stores', {
      body: { name: 'Tea House', engine: 'medusa' },
    });
    expect((await post(orderOf(store.id))).status).toBe(202);
    await api.db.asOrchestrator((tx) => tx.deleteFrom('stores').where('id', '=', store.id).execute());
    await expect.poll(async () => (await post(orderOf(store.id))).status).toBe(404);
  });

  it('refunds without an amount are of all', async () => {
    await post(orderOf(storeId, { externalId: 'back', event: 'refunded', items: [], total: 700 }));
    const row = await api.db.asOrchestrator((tx) =>
      tx.selectFrom('orderEvents').selectAll().where('externalId', '=', 'back').executeTakeFirstOrThrow(),
    );
    expect(row).toMatchObject({ total: 700, refunded: 700, items: [] });
  });

  it('counts what it took and what it did not', async () => {
    const { text } = await api.as(api.admin, 'GET', '/metrics');
    expect(text).toMatch(/store_platform_orders_accepted_total [1-9]/);
    expect(text).toMatch(/store_platform_orders_duplicates_total [1-9]/);
    expect(text).toMatch(/store_platform_orders_refused_total\{reason="INVALID_ORDER"\} [1-9]/);
  });
});

describe('ORD-3: GET /orders and its summary', () => {
  it('show the orders of those who may see them, and to others nothing', async () => {
    const { id } = await makeSource(api, api.owner, { timeZone: 'Asia/Tokyo' });
    await post({ orders: [1, 2, 3].map((n) => orderOf(id, { externalId: `listed-${n}` })) });
    await applyAll();

    const page = await get(`?storeId=${id}&limit=2`);
    expect(page.body.orders).toHaveLength(2);
    expect(page.body.orders[0]).toMatchObject({ storeId: id, status: 'placed', total: 900, refunded: 0 });
    const rest = await get(`?storeId=${id}&limit=2&cursor=${page.body.nextCursor}`);
    expect([rest.body.orders.length, rest.body.nextCursor]).toEqual([1, null]);

    const summary = await get(`/summary?storeId=${id}`);
    expect(summary.body).toMatchObject({ timeZone: 'Asia/Tokyo', topProducts: [{ name: 'Flat White', quantity: 6 }] });
    expect(summary.body.hours).toHaveLength(24);
    const sum = summary.body.hours.reduce((all: number, hour: { orders: number }) => all + hour.orders, 0);
    expect([sum, summary.body.orderValue]).toEqual([3, { currency: 'USD', mean: 900, p50: 900, p95: 900 }]);

    for (const path of ['', '/summary']) {
      expect((await get(`${path}?storeId=${id}`, api.otherUser)).status).toBe(404);
      expect((await get(`${path}?storeId=${randomUUID()}`)).status).toBe(404);
    }
    expect((await get('', api.otherUser)).body.orders).toEqual([]);
    expect((await get('/summary', api.otherUser)).body).toMatchObject({ recent: [], topProducts: [] });
    expect((await get(`?storeId=${id}`, api.admin)).body.orders).toHaveLength(3);
  });

  it.each([
    '?limit=0',
    '?limit=x',
    '?cursor=x',
    '?storeId=1',
    '/summary?date=2026-02-30',
    '/summary?date=today',
    '?q=1',
  ])('%s is a 400', async (url) => {
    expect((await get(url)).status).toBe(400);
  });
});

describe('what an admin mends', () => {
  it('orders that could not be counted are listed and tried again', async () => {
    await post(orderOf(storeId));
    const id = await api.db.asOrchestrator(async (tx) => {
      const batch = await tx.selectFrom('orderBatches').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
      await countAttempt(tx, batch.id, 'It can not be counted.', 1);
      return batch.id;
    });
    const listed = await get('/dead', api.admin);
    expect(listed.body.batches).toMatchObject([{ id, orders: 1, attempts: 1, error: 'It can not be counted.' }]);
    const retry = () => api.as(api.admin, 'POST', '/api/v1/orders/dead/retry');
    expect((await retry()).body).toEqual({ retried: 1 });
    expect((await retry()).body).toEqual({ retried: 0 });
    expect((await get('/dead', api.admin)).body.batches).toEqual([]);
  });

  it('a rebuild begins when it is asked for', async () => {
    let rebuilds = 0;
    const other = await testApi({ rebuildOrders: () => (rebuilds += 1) });
    const answer = await other.as(other.admin, 'POST', '/api/v1/orders/rebuild');
    expect([answer.status, answer.body, rebuilds]).toEqual([202, { status: 'running' }, 1]);
    await other.close();
  });
});
