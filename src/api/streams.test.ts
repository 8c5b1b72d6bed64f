import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, testPerson, type Person, type TestApi } from '../../test/support/api.ts';
import { addEvent } from '../db/store-events.ts';
import { deleteStoreRow } from '../db/stores.ts';

let api: TestApi;
let server: Server;
let origin: string;

beforeAll(async () => {
  api = await testApi();
  server = createServer(api.app.routing).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await api.close();
});

interface Live {
  status: number;
  headers: Headers;
  /** The next event; null when the stream has ended. */
  next(): Promise<EventSourceMessage | null>;
  close(): void;
}

/** Opens the stream as a script does and reads it event by event. */
async function follow(person: Person, query = '', headers: Record<string, string> = {}): Promise<Live> {
  const ended = new AbortController();
  const answer = await fetch(`${origin}/api/v1/stores/events/stream${query}`, {
    headers: { authorization: `Bearer ${person.key}`, ...headers },
    signal: ended.signal,
  });
  const queue: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => queue.push(event) });
  const decoder = new TextDecoder();
  const reader = answer.body?.getReader();
  return {
    status: answer.status,
    headers: answer.headers,
    async next() {
      for (;;) {
        const event = queue.shift();
        if (event) return event;
        const piece = await reader?.read();
        if (!piece || piece.done) return null;
        parser.feed(decoder.decode(piece.value, { stream: true }));
      }
    },
    close: () => ended.abort(),
  };
}

const create = async (person: Person): Promise<string> =>
  (await api.as(person, 'POST', '/api/v1/stores', { body: { name: 'Tea House', engine: 'medusa' } })).body.id;

const add = (storeId: string, type: string) =>
  api.db.asOrchestrator((tx) =>
    addEvent(tx, { storeId, type, message: type, correlationId: null, metadata: { step: 'x' } }),
  );

/** Cuts the listening connection: what happens next is not heard of. It is opened again by itself. */
const cutListener = () =>
  api.db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%LISTEN%' AND pid <> pg_backend_pid()`);

/** The next event of this type. An earlier one may come first: its notification was still on its way. */
async function nextOf(live: Live, type: string): Promise<Record<string, unknown>> {
  for (;;) {
    const event = await live.next();
    if (event === null) throw new Error(`the stream ended before ${type} came`);
    if (dataOf(event)['type'] === type) return dataOf(event);
  }
}

const dataOf = (event: EventSourceMessage | null) => JSON.parse(event?.data ?? 'null') as Record<string, unknown>;

describe('the live timeline (trap 8)', () => {
  it('brings what happens to one’s own stores as it happens, and nothing of others’', async () => {
    const [mine, theirs] = await Promise.all([create(api.owner), create(api.otherUser)]);
    const live = await follow(api.owner);
    expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await add(theirs, 'step-started');
    await add(mine, 'step-started');
    const event = await live.next();
    expect(dataOf(event)).toMatchObject({ storeId: mine, type: 'step-started', metadata: { step: 'x' } });
    expect(event?.id).toBe(String(dataOf(event)['id']));
    live.close();
  });

  it('goes on after Last-Event-ID, from the table, each event once and in order', async () => {
    const id = await create(api.owner);
    for (const type of ['one', 'two', 'three']) await add(id, type);
    const all = (await api.as(api.owner, 'GET', `/api/v1/stores/${id}/events`)).body.events;
    const live = await follow(api.owner, `?storeId=${id}`, { 'last-event-id': String(all[0].id) });
    await add(id, 'four');
    const types = [];
    for (let index = 0; index < 4; index += 1) types.push(dataOf(await live.next())['type']);
    expect(types).toEqual(['one', 'two', 'three', 'four']);
    live.close();
    const again = await follow(api.owner, `?storeId=${id}&after=${all[2].id}`);
    expect(dataOf(await again.next())['type']).toBe('three');
    again.close();
  });

  it('catches up by itself when notifications were missed', async () => {
    const id = await create(api.owner);
    const live = await follow(api.owner, `?storeId=${id}`);
    await cutListener();
    await add(id, 'unheard');
    expect(await nextOf(live, 'unheard')).toMatchObject({ storeId: id });
    live.close();
  });

  it('tells the end of a store even when its notification was missed', async () => {
    const id = await create(api.owner);
    const live = await follow(api.owner, `?storeId=${id}`);
    await cutListener();
    await api.db.asOrchestrator((tx) => deleteStoreRow(tx, id));
    expect(await nextOf(live, 'deleted')).toMatchObject({ id: null, storeId: id });
    live.close();
  });

  it('tells the end of a store', async () => {
    const id = await create(api.owner);
    await api.as(api.owner, 'DELETE', `/api/v1/stores/${id}`);
    const live = await follow(api.owner);
    await api.db.asOrchestrator((tx) => deleteStoreRow(tx, id));
    expect(await nextOf(live, 'deleted')).toMatchObject({ id: null, storeId: id });
    live.close();
  });

  it('another’s store is not found', async () => {
    const id = await create(api.owner);
    expect((await follow(api.otherUser, `?storeId=${id}`)).status).toBe(404);
  });

  it('ends when the key is revoked, and at once', async () => {
    const person = await testPerson(api.db, 'member');
    const live = await follow(person);
    expect(live.status).toBe(200);
    const [key] = (await api.as(person, 'GET', '/api/v1/api-keys')).body.apiKeys;
    await api.as(person, 'DELETE', `/api/v1/api-keys/${key.id}`);
    expect(await live.next()).toBeNull();
  });

  it('ends when its person is suspended, by another replica too', async () => {
    const person = await testPerson(api.db, 'member');
    const live = await follow(person);
    await api.db.asOrchestrator((tx) =>
      tx.updateTable('users').set({ suspendedAt: new Date() }).where('id', '=', person.userId).execute(),
    );
    expect(await live.next()).toBeNull();
  });

  it('ends when the key expires', async () => {
    const expiresAt = new Date(Date.now() + 1000).toISOString();
    const { body } = await api.as(api.owner, 'POST', '/api/v1/api-keys', { body: { name: 'short', expiresAt } });
    const live = await follow({ ...api.owner, key: body.key });
    expect(await live.next()).toBeNull();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });
});

it('DAY-4: logs can be followed, as lines of JSON or as events, until their reader goes away', async () => {
  const id = await create(api.owner);
  for (const [accept, first] of [
    ['*/*', '{"line":"hello"}\n'],
    ['text/event-stream', 'data: {"line":"hello"}\n\n'],
  ] as const) {
    const output = new PassThrough();
    const left = new Promise<void>((resolve) => {
      api.deps.logs.read = async (_ref, { signal }) => {
        signal.addEventListener('abort', () => resolve());
        return output;
      };
    });
    const reader = new AbortController();
    const answer = await fetch(`${origin}/api/v1/stores/${id}/logs?follow=true`, {
      headers: { authorization: `Bearer ${api.owner.key}`, accept },
      signal: reader.signal,
    });
    expect(answer.status).toBe(200);
    output.write('hello\n');
    const piece = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(piece?.value)).toBe(first);
    reader.abort();
    await left;
    output.end();
  }
});

it('API-12: draining ends streams, refuses new work with the standard error, and health says so', async () => {
  const stopping = await testApi();
  const local = createServer(stopping.app.routing).listen(0, '127.0.0.1');
  await once(local, 'listening');
  try {
    const url = `http://127.0.0.1:${(local.address() as AddressInfo).port}`;
    const headers = { authorization: `Bearer ${stopping.owner.key}` };
    const stream = await fetch(`${url}/api/v1/stores/events/stream`, { headers });
    stopping.drain();
    expect(await stream.text()).toContain('retry:');
    const refused = await fetch(`${url}/api/v1/stores`, { headers });
    expect([refused.status, (await refused.json()).error.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'SHUTTING_DOWN',
      '5',
    ]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
  } finally {
    local.closeAllConnections();
    local.close();
    await stopping.close();
  }
});
