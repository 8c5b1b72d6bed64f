import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { freePort } from '../../test/support/platform.ts';
import { loggerOptions } from '../logger.ts';
import { startMetricsServer } from './metrics-server.ts';
import { clientOf } from './plugins/observability.ts';

let api: TestApi;
const lines: string[] = [];

beforeAll(async () => {
  const output = new PassThrough().on('data', (piece: Buffer) => lines.push(...piece.toString().trim().split('\n')));
  api = await testApi({ log: pino(loggerOptions({ LOG_LEVEL: 'info' }), output) });
});
afterAll(() => api.close());

describe('API-2: health', () => {
  it('says what is well and what is not', async () => {
    expect((await api.as(null, 'GET', '/health')).body).toMatchObject({
      status: 'ok',
      version: '0.0.0-test',
      checks: { database: { ok: true } },
    });
    api.checks['orchestrator'] = { ok: false, message: 'It does not run.' };
    const ready = await api.as(null, 'GET', '/health/ready');
    expect([ready.status, ready.body.checks.orchestrator.message]).toEqual([503, 'It does not run.']);
    expect((await api.as(null, 'GET', '/health')).body.status).toBe('degraded');
    expect((await api.as(null, 'GET', '/health/live')).status).toBe(200);
    delete api.checks['orchestrator'];
    expect((await api.as(null, 'GET', '/health/ready')).status).toBe(200);
  });

  it('API-11: without its database the API answers fast with the standard error, and lives', async () => {
    const cut = await testApi();
    await cut.db.close();
    const began = Date.now();
    const ready = await cut.as(null, 'GET', '/health/ready');
    expect([ready.status, ready.body.checks.database.ok]).toEqual([503, false]);
    expect((await cut.as(null, 'GET', '/health/live')).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(3000);
    await cut.app.close();
  });

  it('API-11: a full pool is a 503 with Retry-After, and no hang', async () => {
    const small = await testApi({ poolSize: 2 });
    const free = new EventEmitter();
    const busy = [1, 2].map(() => small.db.asOrchestrator(() => once(free, 'now')));
    const answer = await small.as(small.owner, 'GET', '/api/v1/stores');
    expect([answer.status, answer.body.error.code, answer.headers['retry-after']]).toEqual([503, 'OVERLOADED', '1']);
    free.emit('now');
    await Promise.all(busy);
    expect((await small.as(small.owner, 'GET', '/api/v1/stores')).status).toBe(200);
    await small.close();
  });
});

describe('API-9: metrics', () => {
  it('count requests by method, route and status, and stores by status and engine', async () => {
    await api.as(api.owner, 'POST', '/api/v1/stores', { body: { name: 'Tea House', engine: 'medusa' } });
    await api.as(api.owner, 'GET', '/api/v1/stores/00000000-0000-4000-8000-000000000000');
    const { text, headers } = await api.as(api.admin, 'GET', '/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/stores",status_code="202"\} 1/,
    );
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/stores\/:id",status_code="404"\} 1/,
    );
    expect(text).toMatch(/stores\{status="provisioning",engine="medusa"\} 1/);
  });

  it('are open at METRICS_HOST and METRICS_PORT', async () => {
    const at = { host: '127.0.0.1', port: await freePort() };
    const server = await startMetricsServer(api.deps.metrics, at, api.deps.log);
    const { address, port } = server.address() as AddressInfo;
    expect({ host: address, port }).toEqual(at);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('http_request_duration_seconds');
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/stores`)).status).toBe(404);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
});

describe('API-10: logs', () => {
  it('one line a request, with its correlation id and client, and none of its secrets', async () => {
    lines.length = 0;
    const password = 'hunter2-hunter2';
    await api.as(api.owner, 'GET', '/api/v1/me', {
      headers: { 'x-correlation-id': 'find-me', 'user-agent': 'curl/8.4.0' },
    });
    await api.as(null, 'POST', '/api/v1/session', {
      headers: { host: 'localhost' },
      body: { email: api.owner.email, password },
    });
    const { body } = await api.as(api.owner, 'POST', '/api/v1/api-keys', { body: { name: 'ci' } });
    await api.as(api.owner, 'GET', '/api/v1/stores?q=private');
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.find((line) => line['correlationId'] === 'find-me')).toMatchObject({
      level: 'info',
      method: 'GET',
      route: '/api/v1/me',
      status: 200,
      client: 'script',
      userId: api.owner.userId,
    });
    for (const secret of [api.owner.key, password, body.key, 'private']) expect(lines.join('\n')).not.toContain(secret);
  });

  it('the client is told from its User-Agent', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    expect(
      [
        firefox,
        'store-platform-cli/0.1',
        'Googlebot/2.1 (+http://www.google.com/bot.html)',
        'python-requests/2',
        '?',
        undefined,
      ].map(clientOf),
    ).toEqual(['firefox', 'cli', 'bot', 'script', 'other', 'none']);
  });
});

describe('API-8: the document', () => {
  it('is OpenAPI 3.1, begins each path with /api/v1, and marks what is open', async () => {
    const { body } = await api.as(api.owner, 'GET', '/openapi.json');
    expect(body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(body.paths).every((path) => path.startsWith('/api/v1/'))).toBe(true);
    expect(body.paths['/api/v1/session'].post.security).toEqual([]);
    expect(body.security).toEqual([{ apiKey: [] }, { session: [] }]);
    expect(JSON.stringify(body)).not.toContain('Input"');
  });

  it('has pages that load nothing from elsewhere, and strangers are shown the way in', async () => {
    const page = await api.as(api.owner, 'GET', '/api-docs/', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    expect(page.text).not.toMatch(/<script>|<style>/);
    const stranger = await api.as(null, 'GET', '/api-docs/', { headers: { accept: 'text/html', host: 'localhost' } });
    expect([stranger.status, stranger.headers.location]).toEqual([302, '/sign-in?from=%2Fapi-docs%2F']);
    expect((await api.as(null, 'GET', '/api-docs/')).status).toBe(401);
  });
});
