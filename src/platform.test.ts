import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../test/support/platform.ts';
import { ask } from '../test/support/raw-http.ts';
import { silentLog, testDatabase, testUser, type TestDatabase } from '../test/support/database.ts';
import type { Engines } from '../engines/index.ts';
import { loadConfig } from './config.ts';
import type { PlatformOptions } from './core.ts';
import { leasePort } from './db/ports.ts';
import { changeStatus, insertStore } from './db/stores.ts';
import { startPlatform } from './platform.ts';

let database: TestDatabase;
let home: string;
let port: number;
let shown: string[];
let stops: (() => unknown)[];

beforeEach(async () => {
  database = await testDatabase();
  home = await mkdtemp(join(tmpdir(), 'store-platform-main-'));
  port = await freePort();
  shown = [];
  stops = [];
});

afterEach(async () => {
  await stop();
  await database.close();
  await rm(home, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  for (const part of stops.splice(0).toReversed()) await part();
}

/** Without the role `worker`, which would prepare engines. */
function options(env: Record<string, string> = {}): PlatformOptions {
  const { host, user, password = '', name, port: databasePort } = database.settings;
  const settings = {
    DB_HOST: host,
    DB_PORT: String(databasePort),
    DB_USER: user,
    DB_PASSWORD: password,
    DB_NAME: name,
  };
  return {
    config: loadConfig({ ...settings, STORE_PLATFORM_HOME: home, PORT: String(port), ROLES: 'api,gateway', ...env }),
    environment: {},
    log: silentLog,
    lifecycle: {
      signal: new AbortController().signal,
      onStop: (_name, part) => void stops.push(part),
      start: (work) => work(),
    },
    show: (text) => void shown.push(text),
    engines: {} as Engines,
  };
}

const health = async (path = '/health/ready') => {
  const { status, body } = await ask(port, { host: 'localhost', path });
  return { status, body: JSON.parse(body) };
};

const visit = (host: string) => ask(port, { host, headers: { accept: 'text/html' } });

describe('the platform as a whole', () => {
  it('shows one sign-in link at its first start, and writes the key of the command line', async () => {
    await startPlatform(options());
    expect(shown.join('\n')).toMatch(new RegExp(`http://localhost:${port}/sign-in#token=\\S+`));
    const key = (await readFile(join(home, 'token'), 'utf8')).trim();
    const me = await ask(port, { host: 'localhost', path: '/api/v1/me', headers: { authorization: `Bearer ${key}` } });
    expect(me.status).toBe(200);
    await stop();
    await expect(ask(port, { host: 'localhost' })).rejects.toThrow('ECONNREFUSED');
    shown = [];
    await startPlatform(options());
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain(`is ready: http://localhost:${port}`);
  });

  it('API-2: listens early and says what it waits for', async () => {
    const starting = startPlatform(options());
    await expect
      .poll(() => ask(port, { host: 'x', path: '/health/live' }).catch(() => ({ status: 0 })))
      .toMatchObject({ status: 200 });
    // Whether it is ready by now or not, it names the database.
    expect((await health()).body.checks).toHaveProperty('database.ok');
    await starting;
    expect(await health()).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('sends a shop’s host to the shop that the database names, and hears of its deletion at once', async () => {
    const shop = createServer((request, response) => response.end(`shop at ${request.headers.host}`));
    const shopPort = await freePort();
    shop.listen(shopPort, '127.0.0.1');
    await once(shop, 'listening');
    stops.push(() => shop.close());
    const { userId } = await testUser(database.db);
    const id = randomUUID();
    await database.db.asOrchestrator(async (tx) => {
      const texts = {
        name: 'Tea',
        slug: 'tea-1234',
        namespace: 'store-tea',
        correlationId: 'test',
        idempotencyKey: null,
      };
      await insertStore(tx, { id, userId, engine: 'medusa', ...texts });
      await leasePort(tx, id, { min: shopPort, max: shopPort });
    });
    await startPlatform(options());
    expect((await visit('tea-1234.localhost')).body).toContain('is starting');
    await database.db.asOrchestrator((tx) => changeStatus(tx, id, 'proven', {}));
    await expect.poll(async () => (await visit('tea-1234.localhost')).body).toBe('shop at tea-1234.localhost');
    await database.db.asOrchestrator((tx) => changeStatus(tx, id, 'delete', {}));
    await expect.poll(async () => (await visit('tea-1234.localhost')).status).toBe(410);
    expect((await visit('other-1234.localhost')).status).toBe(404);
  });

  it('without the role api it serves shops and health alone; metrics have a port of their own', async () => {
    const metricsPort = await freePort();
    await startPlatform(options({ ROLES: 'gateway', METRICS_PORT: String(metricsPort) }));
    expect(await health()).toMatchObject({ status: 200, body: { checks: { database: { ok: true } } } });
    expect((await health('/health')).body).toMatchObject({ status: 'ok' });
    expect((await ask(port, { host: 'localhost', path: '/api/v1/stores' })).status).toBe(404);
    expect((await ask(metricsPort, { host: 'localhost', path: '/metrics' })).status).toBe(200);
  });

  it('with the role orders alone it puts orders into the figures, and says how it is', async () => {
    await startPlatform(options({ ROLES: 'orders' }));
    expect(await health('/health')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { database: { ok: true }, orders: { ok: true } } },
    });
    const batches = () => database.db.asOrchestrator((tx) => tx.selectFrom('orderBatches').select('id').execute());
    await database.db.asOrchestrator((tx) => tx.insertInto('orderBatches').values({ orders: 1 }).execute());
    await expect.poll(batches).toEqual([]);
    await stop();
    await database.db.asOrchestrator((tx) => tx.insertInto('orderBatches').values({ orders: 1 }).execute());
    expect(await batches()).toHaveLength(1);
  });

  it('API-12: told to stop, it is not ready any more, but serves until load balancers have looked away', async () => {
    const ending = new AbortController();
    const given = options({ STOP_DELAY_SECONDS: '1' });
    await startPlatform({ ...given, lifecycle: { ...given.lifecycle, signal: ending.signal } });
    expect((await health()).status).toBe(200);
    ending.abort();
    const stopped = stop();
    expect(await health()).toMatchObject({ status: 503, body: { checks: { platform: { ok: false } } } });
    const served = await ask(port, { host: 'localhost', path: '/api/v1/me', headers: { connection: 'keep-alive' } });
    expect([served.status, served.headers.connection]).toEqual([401, 'close']);
    await stopped;
    await expect(ask(port, { host: 'localhost' })).rejects.toThrow('ECONNREFUSED');
  });

  it('a port that is taken is explained, with the remedy', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    stops.push(() => other.close());
    expect((other.address() as AddressInfo).port).toBe(port);
    await expect(startPlatform(options())).rejects.toThrow(`PORT=${port + 1} npm start`);
    await expect(startPlatform(options({ HOST: '192.0.2.1' }))).rejects.toThrow('no address of this machine');
  });
});
