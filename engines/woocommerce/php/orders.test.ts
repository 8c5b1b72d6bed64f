import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// What runs in the interpreter's thread has no types.
const { ordersMessenger } = await import(join(import.meta.dirname, 'orders.mjs'));

describe('the one way out of the PHP that npm brings', () => {
  const heard: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    heard.push(`${request.method} ${request.url} ${request.headers['webhook-id']} ${body}`);
    if (body === 'slow') return;
    response.writeHead(body === 'away' ? 302 : 202, { location: '/elsewhere' }).end('x'.repeat(5000));
  });
  let send: (message: object) => Promise<{ status: number; body: string }>;

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const messenger = ordersMessenger(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`);
    send = async (message) =>
      JSON.parse(await messenger(JSON.stringify({ headers: { 'webhook-id': 'one' }, seconds: 5, ...message })));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('leads to the platform alone', async () => {
    const answer = await send({ body: 'order', url: 'http://elsewhere.example/' });
    expect(answer).toEqual({ status: 202, body: 'x'.repeat(2000) });
    expect(heard).toEqual(['POST /orders one order']);
    expect((await send({ body: 'away' })).status, 'a redirect is not followed').toBe(302);
  });

  it('says when nobody has answered in time', async () => {
    expect((await send({ body: 'slow', seconds: 0.05 })).status).toBe(0);
  });
});
