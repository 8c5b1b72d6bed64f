import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopFetch } from './shop-fetch.ts';

describe('HTTP to a shop', () => {
  let server: Server;
  let port: number;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      if (request.url === '/hang') return;
      if (request.url === '/nothing') return void response.writeHead(204).end();
      let body = '';
      for await (const chunk of request) body += chunk;
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(
        JSON.stringify({
          host: request.headers.host,
          method: request.method,
          type: request.headers['content-type'],
          body,
        }),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("dials the address and says the shop's own name", async () => {
    const shop = shopFetch({ host: '127.0.0.1', port }, 'tea.localhost:3001');
    const response = await shop('/x', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toEqual({
      host: 'tea.localhost:3001',
      method: 'POST',
      type: 'text/plain',
      body: 'hello',
    });
    expect((await shop('/nothing')).status).toBe(204);
  });

  it('ends when it is aborted, and rejects when nobody answers', async () => {
    const shop = shopFetch({ host: '127.0.0.1', port }, 'tea.localhost');
    await expect(shop('/hang', { signal: AbortSignal.timeout(50) })).rejects.toThrow('aborted');
    const nobody = shopFetch({ host: '127.0.0.1', port: 1 }, 'tea.localhost');
    await expect(nobody('/')).rejects.toThrow('ECONNREFUSED');
    await expect(shop('/', { method: 'POST', body: new Uint8Array(1) })).rejects.toThrow('text');
  });
});
