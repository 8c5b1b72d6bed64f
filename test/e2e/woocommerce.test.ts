import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { noWooCommerce } from '../support/assets.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { ask } from '../support/raw-http.ts';
import { createShop, deleteShop, untilGone, untilReady, type Shop } from '../support/shops.ts';
import type { ShopCredentials } from './kinds/kind.ts';
import { basic, woocommerce } from './kinds/woocommerce.ts';

/** What only WooCommerce has: WordPress's doors, its API, its mail. */
describe.skipIf(noWooCommerce)(`a WooCommerce shop${noWooCommerce ? ` (${noWooCommerce})` : ''}`, () => {
  let platform: TestPlatform;
  let shop: Shop;
  let credentials: ShopCredentials;
  let host: string;

  beforeAll(async () => {
    platform = await startPlatform({ home: inject('home') });
    shop = await untilReady(platform, await createShop(platform, 'woocommerce', 'Mug Shop'));
    credentials = (await platform.api(`/api/v1/stores/${shop.id}/credentials`)).body;
    host = new URL(shop.urls.storefront).host;
  });
  afterAll(async () => {
    if (shop) {
      await deleteShop(platform, shop.id);
      await untilGone(platform, shop.id);
    }
    await platform?.stop();
  });

  /** Through the gateway, as people come. */
  const visit = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
    ask(platform.port, { host, path, ...init });
  const port = () => Number(new URL(shop.urls.direct).port);
  const login = (name: string, password: string) =>
    visit('/wp-login.php', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: 'wordpress_test_cookie=WP%20Cookie%20check',
      },
      body: String(new URLSearchParams({ log: name, pwd: password, testcookie: '1' })),
    });

  const complaint = async (name: string) =>
    /<div id="login_error"[^]*?<\/div>/.exec((await login(name, 'wrong')).body)?.[0];

  it('trap 12: shows its first page without a redirect on every address that is its own', async () => {
    const direct = `127.0.0.1:${port()}`;
    for (const [to, name] of [
      [platform.port, host],
      [port(), direct],
      [port(), `localhost:${port()}`],
    ] as const) {
      const page = await ask(to, { host: name });
      expect([name, page.status]).toEqual([name, 200]);
      expect(page.body).toContain('Mug Shop');
      const links = [...page.body.matchAll(/(?:href|src)="(https?:\/\/[^/"]+)/g)].map(([, origin]) => origin);
      expect(new Set(links), 'links stay on the address that was asked').toEqual(new Set([`http://${name}`]));
    }
    const foreign = await ask(port(), { host: 'evil.example' });
    expect(foreign.body).not.toContain('evil.example');
  });

  it('STO-4: has at least three goods with price, picture and stock, in dollars', async () => {
    const products = await (
      await fetch(`${shop.urls.direct}/wp-json/wc/v3/products`, { headers: basic(credentials) })
    ).json();
    expect(products.length).toBeGreaterThanOrEqual(3);
    for (const { type, price, images, stock_quantity: stock } of products) {
      expect(type).toBe('simple');
      expect(Number(price)).toBeGreaterThan(0);
      expect(stock).toBeGreaterThanOrEqual(10);
      const picture = await fetch(images[0].src);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    }
    const [settings] = (await (await fetch(`${shop.urls.direct}/wp-json/wc/store/v1/products`)).json()) as {
      prices: { currency_code: string };
    }[];
    expect(settings?.prices.currency_code).toBe('USD');
  });

  it('shows the order in WC REST v3 with the application password, and to nobody else', async () => {
    const number = await woocommerce.buyByApi(shop.urls.direct, credentials);
    const order = await fetch(`${shop.urls.direct}/wp-json/wc/v3/orders/${number}`, { headers: basic(credentials) });
    expect(await order.json()).toMatchObject({ number, status: 'processing', payment_method: 'cod', currency: 'USD' });
    const stranger = await fetch(`${shop.urls.direct}/wp-json/wc/v3/orders/${number}`);
    expect(stranger.status).toBe(401);
  });

  it('DAY-7: keeps the mail of an order where its owner can read it, and nobody else', async () => {
    const folder = join(platform.home, 'stores', shop.slug, 'data/mail');
    const mails = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(mails.filter((mail) => /^To: .*proof@example\.com/m.test(mail)).length).toBeGreaterThanOrEqual(1);
    for (const name of await readdir(folder)) expect((await visit(`/mail/${name}`)).status).toBe(404);
  });

  it('trap 4: serves nothing that is not meant to be seen', async () => {
    const closed = [
      '/wp-config.php',
      '/router.php',
      '/.htaccess',
      '/.git/config',
      '/database/store.sqlite',
      '/wp-content/database/store.sqlite',
      '/wp-content/uploads/../database/store.sqlite',
      '/wp-content/uploads/%2e%2e/database/store.sqlite',
      '/wp-content/uploads/..%2fdatabase%2fstore.sqlite',
      '/wp-content/uploads/shell.php',
      '/wp-content/plugins/woocommerce/woocommerce.php',
      '/wp-content/db.php',
      '/wp-includes/version.php',
      '/wp-admin/install.php',
      '/wp-admin/setup-config.php',
      '/wp-admin/plugin-editor.php',
      '/readme.html',
      '/wp-content/uploads/wc-logs/',
      '/wp-cron.php',
      '/xmlrpc.php',
      '/wp-trackback.php',
    ];
    for (const path of closed) {
      const { status, body } = await visit(path);
      expect([path, status >= 400], body.slice(0, 200)).toEqual([path, true]);
      expect(body).not.toMatch(/SQLite format|<\?php|define\(/);
    }
    const call = '<?xml version="1.0"?><methodCall><methodName>system.listMethods</methodName></methodCall>';
    expect((await visit('/xmlrpc.php', { method: 'POST', body: call })).status).toBeGreaterThanOrEqual(400);
  });

  it('tells no stranger who has an account', async () => {
    for (const path of ['/?author=1', '/author/admin/', '/wp-json/wp/v2/users', '/wp-json/wp/v2/users/1']) {
      const { status, headers, body } = await visit(path);
      expect([path, status >= 400]).toEqual([path, true]);
      expect(`${headers.location} ${body}`).not.toMatch(/author\/admin|"slug":"admin"/);
    }
    const known = await complaint('admin');
    expect(known).toBeDefined();
    expect(await complaint('nobody')).toBe(known);
  });

  it('throttles guesses at a password, says so with a 429, and lets nobody in meanwhile from there', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 30 && statuses.at(-1) !== 429; guess += 1)
      statuses.push((await login('admin', `guess ${guess}`)).status);
    expect(statuses.at(-1)).toBe(429);
    const refused = await login(credentials.admin.username, credentials.admin.password);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.body).toContain('Too many failed logins');
  });
});
