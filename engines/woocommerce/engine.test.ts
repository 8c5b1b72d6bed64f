import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSecret } from '../../src/orchestrator/actions/reserve.ts';
import type { ShopFetch } from '../engine.ts';
import { woocommerce } from './engine.ts';
import { choosePhp } from './php.ts';
import { purchase } from './purchase.ts';

const sources = {
  wordpress: { folder: '/p/wordpress', hash: 'aaa' },
  php: { folder: '/p/php', hash: 'ppp' },
  image: 'iii',
};
const engine = woocommerce(sources, { program: '/usr/bin/php', advice: null });
const byNpm = woocommerce(sources, { program: null, advice: 'Install PHP.' });
const about = {
  id: '1',
  name: 'Mug Shop',
  slug: 'mug-shop-7f3a',
  publicUrl: 'http://mug-shop-7f3a.localhost:3001',
  userId: '2',
  createdAt: new Date(0),
  open: false,
  ordersUrl: 'http://127.0.0.1:3001/api/v1/orders',
};
const makeSecrets = (): Record<string, string> =>
  Object.fromEntries(Object.entries(engine.secrets(about)).map(([name, spec]) => [name, makeSecret(spec)]));

describe('the WooCommerce engine', () => {
  it('ORC-6: has secrets of at least 256 random bits, different for each store, and none on the command line', () => {
    const [secrets, others] = [makeSecrets(), makeSecrets()];
    expect(secrets['salt']).toMatch(/^[0-9a-f]{64}$/);
    for (const name of ['adminPassword', 'applicationPassword']) expect(secrets[name]).toMatch(/^[A-Za-z0-9]{43}$/); // 43 × log2(62) > 256
    for (const name of ['salt', 'adminPassword', 'applicationPassword']) {
      expect(others[name]).not.toBe(secrets[name]);
      expect(engine.plan(about, secrets, '1').process.command.join(' ')).not.toContain(secrets[name]);
    }
  });

  it('STO-6: tells the login of the shop and of its API as one types it', () => {
    const secrets = makeSecrets();
    expect(engine.credentials(about, secrets)).toEqual({
      admin: { url: `${about.publicUrl}/wp-admin/`, username: 'admin', password: secrets['adminPassword'] },
      api: { applicationPassword: secrets['applicationPassword'] },
    });
  });

  it('trap 4: lets PHP start no programs and send no mail', () => {
    const { command } = engine.plan(about, makeSecrets(), '1').process;
    const disabled = command.find((word) => word.startsWith('disable_functions='))?.split(/[=,]/);
    expect(disabled).toEqual(expect.arrayContaining(['exec', 'system', 'proc_open', 'popen', 'mail']));
  });

  it('ORD-2: is told where its orders go and what it signs them with, on a machine as on Kubernetes', () => {
    const secrets = makeSecrets();
    expect(secrets['ordersSecret']).toMatch(/^whsec_[0-9a-f]{64}$/);
    const { process, release } = engine.plan(about, secrets, '1');
    expect(process.env).toMatchObject({
      STORE_ID: about.id,
      ORDERS_URL: about.ordersUrl,
      ORDERS_SECRET: secrets['ordersSecret'],
    });
    expect(release.values).toEqual({ orders: { url: about.ordersUrl } });
    expect(release.secret['orders-secret']).toBe(secrets['ordersSecret']);
    const npm = byNpm.plan(about, secrets, '1').process.command;
    expect(npm.join(' ')).not.toContain(secrets['ordersSecret']);
  });

  it("runs the same shop on this machine's PHP and on npm's, which is a part of its own", () => {
    const [plan, other] = [engine, byNpm].map((one) => one.plan(about, makeSecrets(), '1').process.command);
    expect(plan?.[0]).toBe('/usr/bin/php');
    expect(other?.slice(0, 2)).toEqual(['{{node}}', '{{engineDir}}/../php-ppp/php.mjs']);
    const server = ['-S', '{{host}}:{{port}}', '-t', '{{engineDir}}/wordpress', '{{engineDir}}/router.php'];
    for (const command of [plan, other]) expect(command?.slice(-5)).toEqual(server);
    expect(other, 'its folders are those that it is given').toContain('open_basedir={{engineDir}}:{{storeDir}}');
    expect(byNpm.preparation.version).toBe(engine.preparation.version);
    expect(byNpm.preparation.parts.map((part) => part.folder)).toEqual(['php-ppp', engine.preparation.version]);
    expect([engine.advice, byNpm.advice]).toEqual([null, 'Install PHP.']);
  });

  it('has phases that make a whole', () => {
    for (const { preparation } of [engine, byNpm]) {
      const phases = preparation.parts.flatMap((part) => part.phases);
      expect(phases.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    }
  });
});

describe('the choice of a PHP', () => {
  const GOOD = [
    'pdo_sqlite',
    'sqlite3',
    'ctype',
    'curl',
    'dom',
    'fileinfo',
    'gd',
    'mbstring',
    'simplexml',
    'xml',
  ].concat(['xmlreader', 'zip', 'intl', 'exif', 'Zend OPcache']);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'store-platform-php-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that says of itself what PHP would. */
  function put(name: string, version: string, extensions: string[]): string {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho 'Warning: something'\necho '${JSON.stringify([version, extensions])}'\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it("takes this machine's where it is good enough", async () => {
    const php = put('php', '8.2.1', GOOD);
    expect(await choosePhp({ php: undefined, path: `/nowhere:${folder}` })).toEqual({ program: php, advice: null });
  });

  it.each([
    ['8.0.30', GOOD, 'older than 8.1'],
    ['8.3.0', GOOD.filter((name) => name !== 'gd' && name !== 'sqlite3'), 'lacks sqlite3, gd'],
  ])("takes npm's instead of version %s, and says what to install", async (version, extensions, reason) => {
    put('php', version, extensions);
    const { program, advice } = await choosePhp({ php: undefined, path: folder });
    expect(program).toBeNull();
    expect(advice).toContain(reason);
    expect(advice).toContain('apt-get install php-cli');
  });

  it("takes npm's where there is none, and where it is asked for", async () => {
    expect(await choosePhp({ php: undefined, path: folder })).toMatchObject({ program: null });
    put('php', '8.2.1', GOOD);
    expect(await choosePhp({ php: 'npm', path: folder })).toEqual({ program: null, advice: null });
  });

  it('API-13: refuses a program that was asked for and can not be used', async () => {
    const old = put('php7', '7.4.0', GOOD);
    await expect(choosePhp({ php: old, path: '' })).rejects.toThrow(/STORE_PLATFORM_PHP: .*php7 can't be used.*older/);
    await expect(choosePhp({ php: '/nowhere/php', path: '' })).rejects.toThrow('STORE_PLATFORM_PHP');
  });
});

const json = (body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { headers });

describe('the purchase', () => {
  const secrets = makeSecrets();
  const ANSWERS: [RegExp, () => Response][] = [
    [/^\/$/, () => new Response('<!doctype html><html></html>')],
    [/\/cart$/, () => json({}, { 'cart-token': 'token' })],
    [
      /\/products/,
      () =>
        json([
          { id: 9, is_in_stock: false, is_purchasable: true },
          { id: 10, is_in_stock: true, is_purchasable: true },
        ]),
    ],
    [/\/checkout$/, () => json({ order_id: 24, status: 'processing' })],
    [/wp-login/, () => new Response('', { status: 302, headers: { 'set-cookie': 'wordpress_logged_in_abc=1' } })],
    [/wc\/v3\/orders\/24$/, () => json({ id: 24, number: '24', status: 'processing', line_items: [{}] })],
    [/./, () => json({})],
  ];
  /** A shop that answers as WooCommerce does, with something else at one path. The real one is bought from in test:e2e. */
  const shop =
    (path: RegExp = /$^/, answer: Response = new Response()): ShopFetch =>
    async (asked) => {
      if (path.test(asked)) return answer;
      const [, found] = ANSWERS.find(([pattern]) => pattern.test(asked)) ?? [];
      return found?.() ?? new Response('', { status: 404 });
    };
  const buy = (fetch: ShopFetch) => purchase(fetch, secrets, AbortSignal.timeout(5000));

  it('STO-4: goes from the storefront to the order in the admin, and times each leg', async () => {
    const result = await buy(shop());
    expect(result).toMatchObject({ orderId: '24', orderNumber: '24' });
    expect(result.legs.map(({ name }) => name)).toEqual([
      'storefront',
      'cart',
      'product',
      'line item',
      'address',
      'order',
      'admin login',
      'order in the admin',
    ]);
  });

  it.each([
    [/^\/$/, new Response('', { status: 301 }), '"storefront": the shop answered 301'],
    [/\/cart$/, json({}), '"cart": the shop gave no cart'],
    [/\/products/, json([]), '"product": none of the shop\'s 0 products is in stock'],
    [/\/checkout$/, json({ order_id: 24, status: 'failed' }), '"order": the order is failed'],
    [/\/checkout$/, json({}), '"order": the order is not there'],
    [/wp-login/, new Response('<form>'), '"admin login": the login page answered 200 without a session'],
    [/orders\/24/, new Response('{"code":"no"}', { status: 401 }), '"order in the admin": the shop answered 401'],
    [/orders\/24/, json({ id: 25, line_items: [{}] }), '"order in the admin": the admin shows another order'],
  ])('STO-7: at %s names the leg that failed and quotes the shop', async (path, answer, message) => {
    await expect(buy(shop(path, answer))).rejects.toThrow(`The test purchase failed at ${message}`);
  });
});
