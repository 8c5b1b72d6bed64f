import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../../test/support/platform.ts';
import { ask, sendRaw, type Ask } from '../../test/support/raw-http.ts';

const noPhp = spawnSync('php', ['-v']).status === 0 ? null : 'no php on this machine';

/** Says what PHP may do when a page of the shop is run. */
const PAGE = `<?php
ini_set('open_basedir', '/');
header('Content-Type: application/json');
echo json_encode([
  'page' => $_SERVER['SCRIPT_NAME'],
  'secret' => @file_get_contents(getenv('STORE_DIR') . '/../secret'),
  'own' => @file_get_contents(getenv('STORE_DIR') . '/database/store.sqlite'),
  'address' => $_SERVER['REMOTE_ADDR'],
  'host' => $_SERVER['HTTP_HOST'],
  'https' => $_SERVER['HTTPS'] ?? null,
]);`;

/** What is served is decided by one script, which needs neither WordPress nor a shop to be tested. */
describe.skipIf(noPhp)(`the router of a WooCommerce shop${noPhp ? ` (${noPhp})` : ''}`, () => {
  let folder: string;
  let php: ChildProcess;
  let port: number;
  let host: string;
  let log = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'store-platform-router-'));
    const files: Record<string, string> = {
      'site/wordpress/index.php': PAGE,
      'site/wordpress/wp-login.php': PAGE,
      'site/wordpress/wp-cron.php': PAGE,
      'site/wordpress/xmlrpc.php': PAGE,
      'site/wordpress/wp-admin/index.php': PAGE,
      'site/wordpress/wp-admin/install.php': PAGE,
      'site/wordpress/wp-includes/a.js': 'let a;',
      'site/wordpress/wp-includes/version.php': PAGE,
      'site/wordpress/wp-content/plugins/p/p.php': PAGE,
      'data/.claimed': '',
      'data/database/store.sqlite': 'the orders',
      'data/uploads/mug.webp': 'a mug',
      'data/uploads/shell.php': PAGE,
      'data/uploads/evil.svg': '<svg/>',
      'data/mail/1.eml': 'Subject: order',
      secret: 'the secret',
    };
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    for (const name of ['router.php', 'health.php', 'serve'])
      cpSync(join(import.meta.dirname, 'wordpress', name), join(folder, 'site', name), { recursive: true });
    symlinkSync(join(folder, 'secret'), join(folder, 'data/uploads/link.webp'));
    port = await freePort();
    host = `127.0.0.1:${port}`;
    const command = ['-S', host, '-t', join(folder, 'site/wordpress'), join(folder, 'site/router.php')];
    const env = { PATH: process.env['PATH'], STORE_DIR: join(folder, 'data'), PORT: String(port), HOST: '127.0.0.1' };
    php = spawn('php', command, {
      env: { ...env, PUBLIC_URL: 'http://mug.localhost:3001' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    php.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
    await until('php answers', () => get('/').catch(() => null), 10_000);
  });
  afterAll(async () => {
    const ended = once(php, 'exit');
    php.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  const get = (path: string, more: Partial<Ask> = {}) => ask(port, { host, path, ...more });
  const page = async (path: string, more?: Partial<Ask>) => JSON.parse((await get(path, more)).body);

  it('runs the pages of the shop and the scripts on its list, each under its own name', async () => {
    expect(await page('/product/mug/')).toMatchObject({ page: '/index.php' });
    expect(await page('/wp-login.php')).toMatchObject({ page: '/wp-login.php' });
    expect(await page('/wp-admin/')).toMatchObject({ page: '/wp-admin/index.php' });
  });

  it('trap 4: lets a page read the shop and nothing beside it, whatever the page asks for', async () => {
    expect(await page('/')).toMatchObject({ own: 'the orders', secret: false });
  });

  it.each([
    '/xmlrpc.php',
    '/wp-admin/install.php',
    '/wp-includes/version.php',
    '/wp-content/plugins/p/p.php',
    '/wp-content/uploads/shell.php',
    '/wp-content/uploads/evil.svg',
    '/wp-content/uploads/link.webp',
    '/wp-content/uploads/../database/store.sqlite',
    '/wp-content/uploads/%2e%2e/mail/1.eml',
    '/wp-content/uploads/..%5cmail%5c1.eml',
    '/wp-content/uploads/mug.webp%00.php',
    '/.claimed',
    '/wp-content/.htaccess',
  ])('trap 4: has nothing at %s', async (path) => {
    // As it is written: an HTTP client would tidy it up.
    const answer = await sendRaw(port, `GET ${path} HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.\d (404|400) /);
    expect(answer).not.toMatch(/the orders|the secret|Subject|SCRIPT_NAME|svg/);
  });

  it('sends files with what a browser needs to keep them, and says when they have not changed', async () => {
    const mug = await get('/wp-content/uploads/mug.webp');
    expect([mug.status, mug.body, mug.headers['content-type']]).toEqual([200, 'a mug', 'image/webp']);
    expect((await get('/wp-includes/a.js?ver=1')).headers['cache-control']).toContain('immutable');
    const again = await get('/wp-content/uploads/mug.webp', { headers: { 'if-none-match': mug.headers.etag ?? '' } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('knows the visitor by the gateway, and is led astray by nobody else', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    expect(await page('/', { headers: forwarded })).toMatchObject({ address: '203.0.113.9', https: 'on' });
    const hearsay = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    expect(await page('/', { headers: hearsay }), 'the last is what our neighbour saw').toMatchObject({
      address: '203.0.113.9',
    });
    expect(await page('/', { headers: { 'x-forwarded-proto': 'https' } })).toMatchObject({ https: null });
    expect(await page('/', { host: 'evil.example' })).toMatchObject({ host: 'mug.localhost:3001' });
  });

  it('DAY-4: has a line in the log for each page, without what may be secret in it', async () => {
    await get('/cart/?key=secret');
    await until('the line is there', async () => (/GET \/cart\/ 200 \d+ ms/.test(log) ? true : null), 5000);
    expect(log).not.toContain('key=secret');
  });

  it('opens the chores to the platform, and not to those who come by the gateway', async () => {
    expect((await get('/wp-cron.php')).status).toBe(200);
    expect((await get('/wp-cron.php', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
  });

  it('has nothing for anybody before it was given to its owner, and yet is alive', async () => {
    rmSync(join(folder, 'data/.claimed'));
    expect(await get('/')).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect((await get('/store-platform/live')).status).toBe(200);
    writeFileSync(join(folder, 'data/.claimed'), '');
  });
});
