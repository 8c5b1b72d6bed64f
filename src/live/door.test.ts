import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { createFrontDoor, type FrontDoor } from '../http.ts';

let api: TestApi;
let door: FrontDoor;
let port: number;

beforeAll(async () => {
  api = await testApi();
  door = createFrontDoor(api.deps.config, () => {});
  door.server.listen(0, '127.0.0.1');
  await once(door.server, 'listening');
  port = (door.server.address() as AddressInfo).port;
});
afterAll(() => api.close());

/** The status of a refusal, or the type of the first message. */
async function first(path: string, host = 'localhost'): Promise<number | string> {
  const { body } = await api.as(api.owner, 'POST', '/api/v1/live/tickets');
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}?ticket=${body.ticket}`, { headers: { host } });
  return new Promise((resolve, reject) => {
    socket.on('message', (data) => resolve(JSON.parse(String(data)).type));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.on('error', reject);
  });
}

it('the front door lets live pages through to the platform, by both of its names, and nothing else', async () => {
  expect(await first('/api/v1/live')).toBe(404); // nobody is there yet
  door.open(api.app.routing, null, api.upgrade);
  expect(await first('/api/v1/live')).toBe('snapshot');
  expect(await first('/api/live')).toBe('snapshot');
  expect(await first('/api/v2/live')).toBe(404);
  expect(await first('/api/v1/live/tickets')).toBe(404);
  expect(await first('/')).toBe(404);
  expect(await first('/api/v1/live', 'tea.localhost')).toBe(421);
  expect(await first('/api/v1/live', 'evil.example')).toBe(421);
});

it('the process can stop while pages are open', async () => {
  door.open(api.app.routing, null, api.upgrade);
  await first('/api/v1/live');
  api.drain();
  await door.close(1000);
  expect(door.server.listening).toBe(false);
});
