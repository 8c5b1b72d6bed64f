import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../../test/support/api.ts';
import { ROUTES } from '../../auth/matrix.ts';
import { root } from '../../root.ts';
import { errors } from '../plugins/errors.ts';
import { dashboard } from './dashboard.ts';

let api: TestApi;
let assets: string[];
beforeAll(async () => {
  api = await testApi();
  assets = [...(await get('/')).text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
});
afterAll(() => api.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  api.as(null, 'GET', url, { headers: { host: 'localhost', ...headers } });

/** The values of a policy's rule. */
const rule = (headers: Record<string, unknown>, name: string) =>
  String(headers['content-security-policy'])
    .split('; ')
    .find((one) => one.startsWith(`${name} `));

describe('STO-1: the dashboard', () => {
  it('is the same page at each of its addresses, for everybody, and asked for each time', async () => {
    const home = await get('/');
    expect(home.text).toContain('<div id="root">');
    for (const path of ['/sign-in', '/stores/new', '/stores/some-id', '/account', '/people', '/system']) {
      expect(await get(path)).toMatchObject({ status: 200, text: home.text });
    }
    expect(home.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
    const unchanged = await get('/', { 'if-none-match': String(home.headers.etag) });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
  });

  it('sends what has a hash in its name for ever, and compressed', async () => {
    expect([...new Set(assets.map((path) => path.split('.').at(-1)))].toSorted()).toEqual(['css', 'js', 'svg']);
    for (const path of assets) {
      for (const [asked, sent] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
      ] as const) {
        const { status, headers } = await get(path, { 'accept-encoding': asked });
        expect([path, status, headers['content-encoding']]).toEqual([path, 200, sent]);
        expect(headers).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'accept-encoding',
          'x-content-type-options': 'nosniff',
        });
      }
    }
    const script = assets.find((path) => path.endsWith('.js')) ?? '';
    expect((await get(script, { 'accept-encoding': 'br' })).headers['content-type']).toMatch(
      /^(text|application)\/javascript/,
    );
  });

  it('runs only scripts of its own files, and lets no other page have styles inside it', async () => {
    const page = await get('/');
    expect(page.text).not.toMatch(/<script>|<style>| on[a-z]+=|(src|href)="https?:/);
    expect(rule(page.headers, 'script-src')).toBe("script-src 'self'");
    expect(rule(page.headers, 'connect-src')).toBe("connect-src 'self'");
    expect(rule(page.headers, 'style-src')).toBe("style-src 'self' 'unsafe-inline'");
    expect(rule((await get('/health')).headers, 'style-src')).toBe("style-src 'self'");
  });

  it('leaves what it does not know to the API', async () => {
    for (const path of [
      '/nothing',
      '/stores',
      '/stores/a/b',
      '/assets/',
      '/assets/nothing.js',
      '/assets/..%2findex.html',
    ]) {
      expect(await get(path, { accept: 'text/html' })).toMatchObject({
        status: 404,
        headers: { 'cache-control': 'no-store' },
        body: { error: { code: 'NOT_FOUND' } },
      });
    }
    expect((await api.as(null, 'POST', '/account')).status).toBe(405);
  });

  it('sends a browser at 127.0.0.1 to the name where its cookie counts', async () => {
    const answer = await get('/stores/new', { accept: 'text/html', host: '127.0.0.1:3001' });
    expect([answer.status, answer.headers.location]).toEqual([302, 'http://localhost:3001/stores/new']);
  });

  it('is served with the same headers, at the same addresses, by the nginx that serves it apart', async () => {
    const [headers, server] = await Promise.all(
      ['headers.conf', 'nginx.conf.template'].map((file) => readFile(join(root, 'dashboard/image', file), 'utf8')),
    );
    const served = (await get('/')).headers;
    const written = [...(headers ?? '').matchAll(/^add_header (\S+) "?([^"]*?)"? always;$/gm)];
    expect(written.length).toBe(7);
    for (const [, name = '', value] of written.filter((one) => one[2] !== '$hsts'))
      expect([name, served[name.toLowerCase()]]).toEqual([name, value]);
    const pages = new RegExp(/location ~ (\S+stores\S+) /.exec(server ?? '')?.[1] ?? '$^');
    for (const path of ROUTES.map((route) => route.replace('GET ', '')).filter((one) => one.startsWith('/'))) {
      const isPage = (await get(path)).text.includes('<div id="root">');
      expect([path, pages.test(path)]).toEqual([path, isPage]);
    }
  });

  it('says so where it is not built', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'no-dashboard-'));
    const app = Fastify();
    errors(app);
    await app.register(dashboard, { files: empty });
    const answer = await app.inject('/');
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      503,
      'The dashboard is not built: npm run build',
    ]);
    expect((await app.inject('/assets/index.js')).statusCode).toBe(404);
    await app.close();
    await rm(empty, { recursive: true });
  });
});
