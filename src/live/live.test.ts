import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApi, testPerson, type Person, type TestApi } from '../../test/support/api.ts';
import { currentSummary, liveServer, Refused, sale, sell, sumOf, type LiveServer } from '../../test/support/live.ts';
import { hashToken, newToken } from '../auth/token.ts';
import { insertLiveTicket } from '../db/live-tickets.ts';
import { insertOrderSource, updateOrderSource } from '../db/order-sources.ts';
import { dateIn } from '../orders/zone.ts';

let api: TestApi;
let served: LiveServer;
let person: Person;
let sourceId: string;

beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  served = await liveServer(api, { tickMs: 20, figuresMs: 100 });
  person = await testPerson(api.db, 'member');
  sourceId = await source(person);
});
afterEach(() => served.close());

const source = async (owner: Person): Promise<string> =>
  (await api.db.asUser(owner, (tx) => insertOrderSource(tx, { userId: owner.userId, name: 'Till' }))).id;

/** The ticket of somebody whom the proxy in front vouches for. */
async function trustedTicket(seconds: number): Promise<string> {
  const ticket = newToken('liveTicket');
  const held = { userId: person.userId, credentialKind: 'trusted-header' as const, credentialId: null };
  await api.db.asUser(person, (tx) => insertLiveTicket(tx, { ...held, tokenHash: hashToken(ticket) }, seconds));
  return ticket;
}

const refusal = (attempt: Promise<unknown>): Promise<Refused> =>
  attempt.then(
    () => Promise.reject(new Error('It was let in')),
    (error: unknown) => (error instanceof Refused ? error : Promise.reject(error)),
  );

/** A viewer who has seen all up to a change. */
const missed = async (since: number, query: Record<string, string> = {}, who = person) =>
  served.view(who, { since: String(since), ...query });

async function serveAnew(...options: Parameters<typeof liveServer> extends [unknown, ...infer Rest] ? Rest : never) {
  await served.close();
  served = await liveServer(api, ...options);
}

describe('who comes in', () => {
  it('a ticket is good for one connection', async () => {
    const ticket = await served.ticket(person);
    expect(ticket).toMatch(/^spt_/);
    const viewer = await served.connect({ ticket });
    expect((await viewer.next()).type).toBe('snapshot');
    const { status, body } = await refusal(served.connect({ ticket }));
    expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(body.error).toMatchObject({ details: {}, correlationId: expect.any(String) });
  });

  it('of two connections with one ticket at once, one gets in', async () => {
    const ticket = await served.ticket(person);
    const tries = await Promise.allSettled([1, 2, 3].map(() => served.connect({ ticket })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('no ticket, a wrong one, and one that has expired are none', async () => {
    const [expired, good] = [await trustedTicket(-1), await trustedTicket(30)];
    for (const ticket of ['', 'x', newToken('liveTicket'), person.key, expired]) {
      expect((await refusal(served.connect({ ticket }))).status).toBe(401);
    }
    expect((await (await served.connect({ ticket: good })).next()).type).toBe('snapshot');
  });

  it('a ticket ends with the key that asked for it', async () => {
    const ticket = await served.ticket(person);
    await revoke(person);
    expect((await refusal(served.connect({ ticket }))).status).toBe(401);
  });

  it('a page of another site is refused, those of the platform and of ALLOWED_ORIGINS are not', async () => {
    await serveAnew({}, { ALLOWED_ORIGINS: ['https://board.example.com/'] });
    for (const origin of ['https://evil.example', 'null', 'http://shop.localhost:3001']) {
      const { status, body } = await refusal(served.view(person, {}, { origin }));
      expect([origin, status, body.error.code]).toEqual([origin, 403, 'CROSS_SITE_REQUEST']);
    }
    for (const origin of [api.deps.config.publicUrl, 'https://board.example.com']) {
      expect((await (await served.view(person, {}, { origin })).next()).type).toBe('snapshot');
    }
  });

  it('a store of somebody else, or of nobody, is not found', async () => {
    const theirs = await source(api.otherUser);
    for (const storeId of [theirs, crypto.randomUUID(), 'x']) {
      expect((await refusal(served.view(person, { storeId }))).status).toBe(404);
    }
    expect((await (await served.view(api.admin, { storeId: theirs })).next()).type).toBe('snapshot');
  });

  it('a person has only so many connections, and gets one back for each that ends', async () => {
    await serveAnew({}, { LIVE_CONNECTIONS_PER_USER: 2 });
    const [first] = [await served.view(person), await served.view(person)];
    const { status, body } = await refusal(served.view(person));
    expect([status, body.error.code]).toEqual([429, 'RATE_LIMITED']);
    await served.view(api.owner);
    first?.socket.close();
    await expect.poll(() => served.live.size).toBe(2);
    await served.view(person);
  });

  it('a connection whose client says something is ended', async () => {
    const viewer = await served.view(person);
    viewer.socket.send('hello');
    expect(await viewer.closed).toBe(1008);
    const other = await served.view(person);
    other.socket.send('x'.repeat(2000));
    expect(await other.closed).toBe(1009);
  });
});

describe('what is seen', () => {
  it('a snapshot, then each change at once, with rising numbers', async () => {
    await sell(api.db, sale(sourceId, { total: 700 }));
    const viewer = await served.view(person);
    const snapshot = await viewer.next();
    expect(snapshot).toMatchObject({ type: 'snapshot', summary: { date: dateIn('UTC', new Date()) } });
    expect(sumOf(snapshot.summary)).toEqual({ orders: 1, revenue: 700 });
    let last = snapshot.seq;
    for (const externalId of ['a', 'b']) {
      await sell(api.db, sale(sourceId, { externalId, total: 300 }));
      const delta = await viewer.next('delta');
      expect(delta.seq).toBeGreaterThan(last);
      expect(delta.orders).toMatchObject([{ externalId, storeId: sourceId, status: 'placed' }]);
      expect(delta.quarters).toMatchObject([{ currency: 'EUR', orders: 1, revenue: 300 }]);
      last = delta.seq;
    }
    await sell(api.db, sale(sourceId, { externalId: 'a', event: 'cancelled', total: null, items: [] }));
    expect(await viewer.next('delta')).toMatchObject({ quarters: [{ orders: -1, revenue: -300 }] });
    expect(viewer.totals()).toEqual({ orders: 2, revenue: 1000 });
  });

  it('figures that differences can’t tell follow within their time, and without a change too', async () => {
    await serveAnew({ tickMs: 20, figuresMs: 50, figuresAtLeastMs: 150 });
    const viewer = await served.view(person);
    await viewer.next('snapshot');
    await sell(api.db, sale(sourceId, { items: [{ name: 'Mocha', quantity: 3, unitPrice: 100 }] }));
    await expect
      .poll(() => viewer.messages.find(({ topProducts }) => topProducts?.length))
      .toMatchObject({
        type: 'figures',
        topProducts: [{ name: 'Mocha', quantity: 3 }],
        orderValue: { currency: 'EUR', mean: 500 },
        previous: { orders: 0 },
      });
    const before = viewer.messages.length;
    await expect.poll(() => viewer.messages.length).toBeGreaterThan(before);
  });

  it('only of the viewer’s own stores; an admin sees all', async () => {
    const theirs = await source(api.otherUser);
    const [mine, ofAdmin] = [await served.view(person), await served.view(api.admin)];
    await Promise.all([mine.next('snapshot'), ofAdmin.next('snapshot')]);
    await sell(api.db, sale(theirs, { externalId: 'theirs' }));
    await sell(api.db, sale(sourceId, { externalId: 'mine' }));
    expect((await mine.next('delta')).orders).toMatchObject([{ externalId: 'mine' }]);
    expect((await ofAdmin.next('delta')).orders).toMatchObject([{ externalId: 'theirs' }]);
    expect(JSON.stringify(mine.messages)).not.toContain('theirs');
    expect(mine.totals()).toEqual({ orders: 1, revenue: 500 });
  });

  it('one store alone where one is asked for', async () => {
    const other = await source(person);
    const viewer = await served.view(person, { storeId: sourceId });
    await viewer.next('snapshot');
    await sell(api.db, sale(other), sale(sourceId, { externalId: 'here' }));
    expect((await viewer.next('delta')).orders).toMatchObject([{ externalId: 'here' }]);
    await sell(api.db, sale(other));
    await sell(api.db, sale(sourceId));
    await viewer.next('delta');
    expect(viewer.totals()).toEqual({ orders: 2, revenue: 1000 });
  });

  it('many changes at once come as few messages, none lost and none twice, to all who come and go meanwhile', async () => {
    await serveAnew({ tickMs: 20, figuresMs: 30 }, { LIVE_CONNECTIONS_PER_USER: 1000 });
    const viewers = [await served.view(person)];
    const begun = performance.now();
    const comeAndGo = async (): Promise<void> => {
      for (let index = 0; index < 10; index += 1) {
        viewers.push(await served.view(person));
        viewers.push(await served.view(person, { storeId: sourceId }));
        viewers.push(await served.view(api.admin, { storeId: sourceId }));
        (await served.view(person)).socket.close();
      }
    };
    const sellMany = async (): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        const externalId = `r${round}`;
        await sell(api.db, sale(sourceId, { total: round }), sale(sourceId, { externalId }));
        const cancelled = sale(sourceId, { externalId, event: 'cancelled', total: null, items: [] });
        if (round % 3 === 0) await sell(api.db, cancelled);
      }
    };
    await Promise.all([sellMany(), comeAndGo()]);
    const expected = sumOf(await currentSummary(api.db, person));
    expect(expected.orders).toBe(100);
    for (const viewer of viewers) {
      await expect.poll(() => viewer.totals()).toEqual(expected);
      const seqs = viewer.messages.filter(({ type }) => type === 'delta').map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    }
    const deltas = viewers[0]?.messages.filter(({ type }) => type === 'delta').length;
    expect(deltas).toBeLessThanOrEqual((20 * (performance.now() - begun)) / 1000 + 1);
  });

  it('a source that comes is seen from then on, and one that changes its day is shown anew', async () => {
    const viewer = await served.view(person);
    await viewer.next('snapshot');
    const another = await source(person);
    await viewer.next('snapshot');
    await sell(api.db, sale(another));
    expect(await viewer.next('delta')).toMatchObject({ orders: [{ storeId: another }] });
    await api.db.asUser(person, async (tx) => {
      await updateOrderSource(tx, another, { timeZone: 'Asia/Tokyo' });
      await updateOrderSource(tx, sourceId, { timeZone: 'Asia/Tokyo' });
    });
    await expect.poll(() => viewer.messages.at(-1)?.summary?.timeZone).toBe('Asia/Tokyo');
  });

  it('a source that goes takes its figures along, and ends the connections that show it alone', async () => {
    const another = await source(person);
    await sell(api.db, sale(another), sale(sourceId));
    const [all, alone] = [await served.view(person), await served.view(person, { storeId: another })];
    await Promise.all([all.next('snapshot'), alone.next('snapshot')]);
    expect(all.totals().orders).toBe(2);
    await api.db.asOrchestrator((tx) => tx.deleteFrom('orderSources').where('id', '=', another).execute());
    expect(await alone.closed).toBe(1008);
    await expect.poll(() => all.totals().orders).toBe(1);
  });

  it('with the turn of the day comes its snapshot', async () => {
    let ahead = 0;
    await serveAnew({ tickMs: 20, lifetimeMs: 1e9, now: () => Date.now() + ahead });
    const viewer = await served.view(person);
    expect((await viewer.next('snapshot')).summary.date).toBe(dateIn('UTC', new Date()));
    ahead = 24 * 3_600_000;
    expect((await viewer.next('snapshot')).summary.date).toBe(dateIn('UTC', new Date(Date.now() + ahead)));
  });
});

describe('who comes back', () => {
  it('gets what was missed, and no more', async () => {
    const viewer = await served.view(person);
    await viewer.next('snapshot');
    await sell(api.db, sale(sourceId));
    const { seq } = await viewer.next('delta');
    viewer.socket.close();
    await viewer.closed;
    await sell(api.db, sale(sourceId, { externalId: 'one', total: 100 }));
    await sell(api.db, sale(sourceId, { externalId: 'two', total: 200 }));
    const back = await missed(seq);
    const first = await back.next();
    expect(first).toMatchObject({ type: 'delta', quarters: [{ orders: 2, revenue: 300 }] });
    expect(first.orders.map(({ externalId }) => externalId)).toEqual(['two', 'one']);
    await sell(api.db, sale(sourceId, { total: 50 }));
    await expect.poll(() => back.messages.filter(({ type }) => type === 'delta').length).toBeGreaterThan(1);
    const expected = sumOf(await currentSummary(api.db, person));
    await expect
      .poll(() => (back.messages.some(({ type }) => type === 'snapshot') ? back.totals() : expected))
      .toEqual(expected);
  });

  it('goes on without a snapshot where others have been watching on', async () => {
    const [stays, goes] = [await served.view(person), await served.view(person)];
    await Promise.all([stays.next('snapshot'), goes.next('snapshot')]);
    await sell(api.db, sale(sourceId));
    const { seq } = await goes.next('delta');
    goes.socket.close();
    await goes.closed;
    await sell(api.db, sale(sourceId, { externalId: 'missed' }));
    const back = await missed(seq);
    expect((await back.next()).orders).toMatchObject([{ externalId: 'missed' }]);
    expect((await back.next()).type).toBe('figures');
    await sell(api.db, sale(sourceId, { externalId: 'next' }));
    expect((await back.next('delta')).orders).toMatchObject([{ externalId: 'next' }]);
    expect(back.messages.map(({ type }) => type)).not.toContain('snapshot');
  });

  it('another process has what it has not seen itself from the table', async () => {
    const viewer = await served.view(person);
    await viewer.next('snapshot');
    await sell(api.db, sale(sourceId));
    const { seq } = await viewer.next('delta');
    await sell(api.db, sale(sourceId, { externalId: 'meanwhile', total: 900 }));
    await viewer.next('delta');
    await serveAnew({ tickMs: 20 });
    const back = await missed(seq);
    expect(await back.next()).toMatchObject({ type: 'delta', quarters: [{ orders: 1, revenue: 900 }] });
  });

  it('gets a snapshot where too much was missed, or the number is not known', async () => {
    const viewer = await served.view(person);
    const { seq } = await viewer.next('snapshot');
    await serveAnew({ tickMs: 20, resumeRows: 2 });
    for (let index = 0; index < 4; index += 1) await sell(api.db, sale(sourceId));
    for (const since of [seq, 999_999_999_999, -1, Number.NaN]) {
      const back = await missed(since);
      expect([since, (await back.next()).type]).toEqual([since, 'snapshot']);
      expect(back.totals().orders).toBe(4);
    }
  });

  it('gets nothing of others by any number', async () => {
    const own = await source(api.otherUser);
    const viewer = await served.view(api.otherUser);
    const { seq } = await viewer.next('snapshot');
    await sell(api.db, sale(sourceId, { externalId: 'secret' }));
    for (const since of [0, seq, seq + 1]) {
      const back = await missed(since, {}, api.otherUser);
      await sell(api.db, sale(sourceId, { externalId: `secret ${since}` }), sale(own, { externalId: `own ${since}` }));
      await expect.poll(() => JSON.stringify(back.messages)).toContain(`own ${since}`);
      expect(JSON.stringify(back.messages)).not.toContain('secret');
      expect((await refusal(missed(since, { storeId: sourceId }, api.otherUser))).status).toBe(404);
    }
  });
});

async function revoke(who: Person): Promise<void> {
  const [key] = (await api.as(who, 'GET', '/api/v1/api-keys')).body.apiKeys;
  await api.as(who, 'DELETE', `/api/v1/api-keys/${key.id}`);
}

describe('the end', () => {
  it('comes at once with the key, and for nobody else', async () => {
    const [viewer, other] = [await served.view(person), await served.view(api.owner)];
    await revoke(person);
    expect(await viewer.closed).toBe(1008);
    await expect.poll(() => served.live.size).toBe(1);
    other.socket.close();
  });

  it('comes at once with the session', async () => {
    const { body } = await api.as(api.admin, 'POST', `/api/v1/users/${person.userId}/sign-in-links`);
    const token = body.signInUrl.split('token=')[1];
    const answer = await api.as(null, 'POST', '/api/v1/session', { body: { token }, headers: { host: 'localhost' } });
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    const ask = (method: string, url: string) =>
      api.as(null, method, url, { headers: { cookie, host: 'localhost', 'sec-fetch-site': 'same-origin' } });
    const viewer = await served.connect({ ticket: (await ask('POST', '/api/v1/live/tickets')).body.ticket });
    await viewer.next('snapshot');
    await ask('DELETE', '/api/v1/session');
    expect(await viewer.closed).toBe(1008);
  });

  it('comes at once when the person is suspended', async () => {
    const viewer = await served.view(person);
    await api.as(api.admin, 'POST', `/api/v1/users/${person.userId}/suspend`);
    expect(await viewer.closed).toBe(1008);
  });

  it('a change of role changes what is seen', async () => {
    const admin = await testPerson(api.db, 'admin');
    await sell(api.db, sale(sourceId, { externalId: 'not theirs' }));
    const [all, one] = [await served.view(admin), await served.view(admin, { storeId: sourceId })];
    expect((await all.next('snapshot')).summary.recent).not.toEqual([]);
    await one.next('snapshot');
    await api.as(api.admin, 'PATCH', `/api/v1/users/${admin.userId}`, { body: { role: 'member' } });
    expect(await one.closed).toBe(1008);
    expect((await all.next('snapshot')).summary.recent).toEqual([]);
    await sell(api.db, sale(sourceId));
    const own = await source(admin);
    await sell(api.db, sale(own, { externalId: 'theirs' }));
    await expect.poll(() => JSON.stringify(all.messages.at(-1))).toContain('theirs');
    expect(all.totals().orders).toBe(1);
  });

  it('comes after an hour', async () => {
    await serveAnew({ tickMs: 20, lifetimeMs: 100 });
    const viewer = await served.view(person);
    expect(await viewer.closed).toBe(4000);
  });

  it('comes for a client that does not answer, and not for one that does', async () => {
    await serveAnew({ tickMs: 10, pingMs: 100 });
    const [silent, alive] = [await served.view(person, {}, { autoPong: false }), await served.view(person)];
    let beats = 0;
    alive.socket.on('message', (data) => {
      if (String(data).includes('beat')) beats += 1;
    });
    expect(await silent.closed).toBe(1006);
    await expect.poll(() => beats).toBeGreaterThan(3);
    await expect.poll(() => served.live.size).toBe(1);
  });

  it('comes with the process, which takes nobody in any more', async () => {
    const viewers = [await served.view(person), await served.view(api.owner)];
    const ticket = await served.ticket(person);
    served.live.drain();
    expect(await Promise.all(viewers.map(({ closed }) => closed))).toEqual([1001, 1001]);
    const { status, body } = await refusal(served.connect({ ticket }));
    expect([status, body.error.code]).toEqual([503, 'SHUTTING_DOWN']);
    await served.live.close();
    expect(served.live.size).toBe(0);
  });
});
