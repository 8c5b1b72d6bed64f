import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, sendRaw } from '../../test/support/raw-http.ts';
import { loadConfig } from '../config.ts';
import { createFrontDoor, type FrontDoor } from '../http.ts';
import { createGateway, type Gateway } from './gateway.ts';
import type { Limits } from './proxy.ts';
import { createRoutes, type Route } from './routes.ts';

const log = pino({ level: 'silent' });
const SHOP = 'tea-house-7f3a.localhost';
const FAST: Limits = { connectMs: 500, answerMs: 400 };

let door: FrontDoor;
let gateway: Gateway;
let port: number;
let shop: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let seen: IncomingMessage[];
let route: Partial<Route>;
let closing: (() => Promise<void>)[];

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function openDoor(env: Record<string, string> = {}, limits: Limits = FAST): Promise<void> {
  const config = loadConfig(env);
  const endpoint = { host: '127.0.0.1', port: await listen(shop) };
  const known: Route = { storeId: 'store-1', status: 'ready', step: null, endpoint };
  const load = async (slug: string) => (slug === 'tea-house-7f3a' ? { ...known, ...route } : null);
  gateway = createGateway({ config, routes: createRoutes(load, log), log, limits });
  door = createFrontDoor(config, () => {});
  door.open((_request, response) => response.end('the platform'), gateway);
  port = await listen(door.server);
}

beforeEach(() => {
  seen = [];
  route = {};
  closing = [];
  answer = (_request, response) => response.end('hello from the shop');
  shop = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
});

afterEach(async () => {
  gateway.drain();
  await door.close(100);
  gateway.close();
  shop.closeAllConnections();
  shop.close();
  await Promise.all(closing.map((close) => close()));
});

describe('who answers', () => {
  it('trap 3: a shop by its host name, the platform by its own names, nobody else', async () => {
    await openDoor({ PUBLIC_URL: 'https://shops.example.com' });
    expect((await ask(port, { host: `${SHOP}:3001` })).body).toBe('hello from the shop');
    for (const host of ['localhost:3001', '127.0.0.1:9', '[::1]:3001', 'LOCALHOST', 'shops.example.com']) {
      expect([host, (await ask(port, { host })).body]).toEqual([host, 'the platform']);
    }
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      'a.b.localhost',
      '-a.localhost',
      'x_y.localhost',
      '10.0.0.1',
    ]) {
      const { status, body } = await ask(port, { host });
      expect([host, status]).toEqual([host, 421]);
      expect(JSON.parse(body).error).toMatchObject({ code: 'UNKNOWN_HOST', details: {} });
    }
    expect(seen).toHaveLength(1);
  });

  it('a shop never serves the API: even those paths go to the shop', async () => {
    await openDoor();
    expect((await ask(port, { host: SHOP, path: '/api/v1/stores' })).body).toBe('hello from the shop');
    expect(seen[0]?.url).toBe('/api/v1/stores');
  });

  it('health checks are answered under any name, since kubelets and balancers ask by address', async () => {
    await openDoor();
    expect((await ask(port, { host: '10.1.2.3:3001', path: '/health/ready' })).body).toBe('the platform');
    expect((await ask(port, { host: '10.1.2.3:3001', path: '/healthy' })).status).toBe(421);
  });

  it('is no open proxy: absolute addresses, CONNECT and a second Host are refused', async () => {
    await openDoor();
    const refused = /^HTTP\/1.1 4(00|21) /;
    expect(
      await sendRaw(port, `GET http://127.0.0.1:22/ HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close\r\n\r\n`),
    ).toMatch(refused);
    expect(await sendRaw(port, `CONNECT ${SHOP}:80 HTTP/1.1\r\nHost: ${SHOP}:80\r\n\r\n`)).toMatch(refused);
    expect(
      await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${SHOP}\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    ).toMatch(refused);
    expect(await sendRaw(port, `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`)).toMatch(refused);
    expect(await sendRaw(port, `GET / HTTP/1.0\r\n\r\n`)).toMatch(refused);
    expect(await sendRaw(port, `OPTIONS * HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close\r\n\r\n`)).toMatch(refused);
    expect(seen).toHaveLength(0);
  });

  it('smuggling: two framings, a bare line feed, a header named in Connection', async () => {
    await openDoor();
    const head = `POST / HTTP/1.1\r\nHost: ${SHOP}\r\n`;
    expect(
      await sendRaw(port, `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x`),
    ).toContain('400 Bad Request');
    expect(await sendRaw(port, `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`)).toContain(
      '400 Bad Request',
    );
    expect(await sendRaw(port, `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`)).toContain('400 Bad Request');
    expect(seen).toHaveLength(0);

    answer = (request, response) => request.pipe(response);
    const smuggled = 'GET /admin HTTP/1.1\r\nHost: x\r\n\r\n';
    const text = await sendRaw(
      port,
      `GET / HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close, content-length\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    expect(text).toContain(smuggled);
    expect(seen.map((request) => request.url)).toEqual(['/']);
  });
});

describe('headers', () => {
  it('tells the shop who asks, and believes no client about it', async () => {
    await openDoor();
    const lies = {
      'x-forwarded-for': '8.8.8.8',
      'x-forwarded-proto': 'https',
      'x-real-ip': '8.8.8.8',
      forwarded: 'for=8.8.8.8',
    };
    await ask(port, {
      host: `${SHOP}:3001`,
      headers: { ...lies, 'x-forwarded-prefix': '/evil', proxy: 'http://evil', 'x-mine': 'kept' },
    });
    expect(seen[0]?.headers).toMatchObject({
      host: `${SHOP}:3001`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `${SHOP}:3001`,
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '3001',
      'x-mine': 'kept',
    });
    for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-prefix', 'proxy'])
      expect(seen[0]?.headers).not.toHaveProperty(name);
  });

  it('believes a trusted proxy up to the first address that is not one', async () => {
    await openDoor({ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8', STORE_DOMAIN: 'shops.example.com' });
    const headers = {
      'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.0.0.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
    };
    await ask(port, { host: 'tea-house-7f3a.shops.example.com', headers });
    expect(seen[0]?.headers).toMatchObject({
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
    });
  });

  it('ends what concerns one connection at that connection', async () => {
    answer = (_request, response) => {
      response.writeHead(200, {
        'keep-alive': 'timeout=5',
        connection: 'x-private',
        'x-private': '1',
        'proxy-authenticate': 'no',
        'x-shop': 'yes',
      });
      response.end();
    };
    await openDoor();
    const { headers } = await ask(port, {
      host: SHOP,
      headers: { te: 'trailers', connection: 'close, x-secret', 'x-secret': '1', expect: '100-continue' },
    });
    expect(headers).toMatchObject({ 'x-shop': 'yes', connection: 'close' });
    for (const name of ['keep-alive', 'x-private', 'proxy-authenticate']) expect(headers).not.toHaveProperty(name);
    for (const name of ['te', 'x-secret', 'expect']) expect(seen[0]?.headers).not.toHaveProperty(name);
    expect(seen[0]?.headers.connection).toBe('keep-alive');
  });

  it('trap 3: the platform’s cookies reach no shop, and no shop sets them', async () => {
    answer = (_request, response) => {
      response.setHeader('set-cookie', [
        'store_platform_session=evil; Path=/',
        '__Host-store_platform_session=evil; Secure; Path=/',
        'basket=1; Domain=localhost; Path=/; HttpOnly',
      ]);
      response.end();
    };
    await openDoor();
    const cookie = 'a=1; store_platform_session=secret; b=2; __Host-store_platform_session=secret';
    const { headers } = await ask(port, { host: SHOP, headers: { cookie } });
    expect(seen[0]?.headers.cookie).toBe('a=1; b=2');
    expect(headers['set-cookie']).toEqual(['basket=1; Path=/; HttpOnly']);
    await ask(port, { host: SHOP, headers: { cookie: 'store_platform_session=secret' } });
    expect(seen[1]?.headers).not.toHaveProperty('cookie');
  });
});

const hello = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

describe('streams', () => {
  it('passes events on as they come, for longer than the wait for an answer may take', async () => {
    let push: ServerResponse | undefined;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      push = response;
    };
    await openDoor();
    const outgoing = httpRequest({ host: '127.0.0.1', port, headers: { host: SHOP } }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const [first] = await once(incoming, 'data');
    expect(String(first)).toBe('data: 1\n\n');
    await new Promise((resolve) => setTimeout(resolve, FAST.answerMs + 100));
    push?.write('data: 2\n\n');
    const [second] = await once(incoming, 'data');
    expect(String(second)).toBe('data: 2\n\n');

    const ended = once(incoming, 'error');
    gateway.drain();
    expect(String(await ended)).toContain('aborted');
  });

  it('carries a large body both ways unchanged, without holding it in memory', async () => {
    answer = (request, response) => request.pipe(response);
    await openDoor({}, { connectMs: 500, answerMs: 5000 });
    const block = Buffer.alloc(1 << 20, 'store platform ');
    const blocks = 384; // far more than what waits for the garbage collector at any time
    const before = process.memoryUsage().rss;
    const outgoing = httpRequest({ host: '127.0.0.1', port, method: 'POST', headers: { host: SHOP } });
    const [sent, received] = [createHash('sha256'), createHash('sha256')];
    const arrived = once(outgoing, 'response').then(async ([incoming]) => {
      for await (const chunk of incoming as IncomingMessage) received.update(chunk as Buffer);
      return received.digest('hex');
    });
    for (let index = 0; index < blocks; index += 1) {
      sent.update(block);
      if (!outgoing.write(block)) await once(outgoing, 'drain');
    }
    outgoing.end();
    expect(await arrived).toBe(sent.digest('hex'));
    expect(process.memoryUsage().rss - before).toBeLessThan((blocks << 20) / 2);
  });

  it('speaks WebSocket both ways, and either side’s end is the other’s', async () => {
    const opened: IncomingMessage[] = [];
    shop.on('upgrade', (request, socket, head) => {
      opened.push(request);
      socket.on('error', () => {});
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSet-Cookie: store_platform_session=x\r\n\r\n',
      );
      if (head.length > 0) socket.write(head);
      socket.pipe(socket);
    });
    await openDoor();
    const client = connect(port, '127.0.0.1').setEncoding('latin1');
    let text = '';
    client.on('data', (chunk: string) => (text += chunk));
    client.write(
      `GET /live?x=1 HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nX-Forwarded-For: 8.8.8.8\r\nCookie: store_platform_session=s\r\n\r\n`,
    );
    await expect.poll(() => text).toContain('\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    expect(text).not.toContain('store_platform_session');
    client.write('frame one');
    await expect.poll(() => text).toContain('frame one');
    expect(opened[0]?.headers).toMatchObject({
      upgrade: 'websocket',
      'sec-websocket-key': 'k',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(opened[0]?.headers).not.toHaveProperty('cookie');
    const shopSide = once(opened[0]!.socket, 'close');
    client.destroy();
    await shopSide;
  });

  it('a WebSocket to a shop that is not there gets an answer, not silence', async () => {
    route = { status: 'provisioning' };
    await openDoor();
    expect(await sendRaw(port, hello(SHOP))).toMatch(/^HTTP\/1.1 503 .*Retry-After: 3/s);
    expect(await sendRaw(port, hello('evil.example'))).toMatch(/^HTTP\/1.1 421 /);
    expect(await sendRaw(port, hello('localhost'))).toMatch(/^HTTP\/1.1 404 /);
    route = { endpoint: { host: '127.0.0.1', port: 1 } };
    gateway.close();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await sendRaw(port, hello(SHOP))).toMatch(/^HTTP\/1.1 503 /);
  });

  it('an offer of HTTP/2 (Upgrade: h2c) is ignored, as it should be', async () => {
    await openDoor();
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n';
    expect(await sendRaw(port, `GET /x HTTP/1.1\r\nHost: ${SHOP}\r\n${offer}`)).toMatch(
      /^HTTP\/1.1 200 OK.*hello from the shop/s,
    );
    expect(seen[0]?.headers).not.toHaveProperty('upgrade');
  });
});

describe('connections', () => {
  it('answers HTTP/1.0 without chunks and hangs up', async () => {
    answer = (_request, response) => {
      response.write('two ');
      response.end('parts');
    };
    await openDoor();
    const text = await sendRaw(port, `GET / HTTP/1.0\r\nHost: ${SHOP}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 200 OK/);
    expect(text).not.toMatch(/transfer-encoding/i);
    expect(text.endsWith('\r\n\r\ntwo parts')).toBe(true);
  });

  it('uses one connection to the shop, and one from the client, for many requests', async () => {
    await openDoor();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const clientPorts = new Set<number | undefined>();
    for (let index = 0; index < 3; index += 1) {
      const outgoing = httpRequest({ host: '127.0.0.1', port, agent, headers: { host: SHOP } }).end();
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      clientPorts.add(outgoing.socket?.localPort);
      await incoming.toArray();
    }
    agent.destroy();
    expect(clientPorts.size).toBe(1);
    expect(new Set(seen.map((request) => request.socket.remotePort)).size).toBe(1);
  });

  it('a shop that dies in mid-answer leaves a broken answer, not a hanging or a seemingly whole one', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half', () => response.destroy());
    };
    await openDoor();
    await expect(ask(port, { host: SHOP })).rejects.toThrow('aborted');
    answer = (_request, response) => response.end('alive');
    expect((await ask(port, { host: SHOP })).body).toBe('alive');
  });

  it('a shop that does not answer: refused, mute, or talking nonsense', async () => {
    const mute = createTcpServer((socket) => socket.on('error', () => {}).resume());
    const nonsense = createTcpServer((socket) => socket.on('error', () => {}).end('SMTP ready\r\n'));
    const [mutePort, nonsensePort] = [await listen(mute), await listen(nonsense)];
    closing.push(
      async () => void mute.close(),
      async () => void nonsense.close(),
    );
    await openDoor();
    for (const [target, words] of [
      [1, 'restarting'],
      [nonsensePort, 'restarting'],
      [mutePort, 'too long'],
    ] as const) {
      route = { endpoint: { host: '127.0.0.1', port: target } };
      const { status, headers, body } = await freshAsk({ accept: 'text/html' });
      expect(status).toBe(503);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(body).toContain(words);
    }
  });

  it('lets requests under way end when the platform stops, and takes no new ones', async () => {
    const arrived = new Promise<ServerResponse>((resolve) => {
      answer = (_request, response) => resolve(response);
    });
    await openDoor({}, { connectMs: 500, answerMs: 5000 });
    const pending = ask(port, { host: SHOP });
    const response = await arrived;
    gateway.drain();
    const closed = door.close(5000);
    await expect(ask(port, { host: SHOP })).rejects.toThrow('ECONNREFUSED');
    response.end('finished');
    expect((await pending).body).toBe('finished');
    await closed;
  });
});

/** Routes are remembered for a while: another status needs another look. */
async function freshAsk(headers: Record<string, string>) {
  gateway = createGateway({
    config: { TRUSTED_PROXIES: [] },
    routes: createRoutes(
      async () => ({ storeId: 'store-1', status: 'ready', step: null, endpoint: null, ...route }),
      log,
    ),
    log,
    limits: FAST,
  });
  door.open(() => {}, gateway);
  return ask(port, { host: SHOP, headers });
}

describe('pages', () => {
  it.each([
    ['provisioning', 503, 'starting'],
    ['failed', 503, 'out of order'],
    ['stopped', 503, 'closed'],
    ['deleting', 410, 'deleted'],
  ] as const)('a shop that is %s says so, as a page or as JSON', async (status, code, words) => {
    route = { status, step: 'database' };
    await openDoor();
    const page = await ask(port, { host: SHOP, headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(page.status).toBe(code);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(page.body).toContain(words);
    expect(page.body.includes('http-equiv="refresh"')).toBe(status === 'provisioning');
    expect(page.body).not.toMatch(/<script|src=|https?:/);
    expect(page.headers['retry-after'] !== undefined).toBe(code === 503);
    const json = await ask(port, { host: SHOP, headers: { accept: 'application/json' } });
    expect(json.status).toBe(code);
    expect(JSON.parse(json.body).error.message).toContain(words);
    expect(json.headers['x-correlation-id']).toBe(JSON.parse(json.body).error.correlationId);
    expect((await ask(port, { host: SHOP, method: 'HEAD', headers: { accept: 'text/html' } })).body).toBe('');
    expect(seen).toHaveLength(0);
  });

  it('a shop that does not exist is a 404, and one under way tells its step', async () => {
    route = { status: 'provisioning', step: 'database' };
    await openDoor();
    expect((await ask(port, { host: 'nothing-0000.localhost', headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await ask(port, { host: SHOP, headers: { accept: 'text/html' } })).body).toContain('Making its database');
  });
});
