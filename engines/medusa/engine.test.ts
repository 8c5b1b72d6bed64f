import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSecret } from '../../src/orchestrator/actions/reserve.ts';
import type { ShopFetch } from '../engine.ts';
import { hashFolder } from '../hash-folder.ts';
import { openEngines } from '../index.ts';
import { medusa } from './engine.ts';
import { purchase } from './purchase.ts';

const engine = medusa({
  app: { folder: '/p/app', hash: 'aaa' },
  storefront: { folder: '/p/front', hash: 'fff' },
  image: 'iii',
});
const about = {
  id: '1',
  name: 'Tea House',
  slug: 'tea-house-7f3a',
  publicUrl: 'http://tea-house-7f3a.localhost:3001',
  userId: '2',
  createdAt: new Date(0),
  open: false,
  ordersUrl: 'http://127.0.0.1:3001/api/v1/orders',
};
const makeSecrets = (): Record<string, string> =>
  Object.fromEntries(Object.entries(engine.secrets(about)).map(([name, spec]) => [name, makeSecret(spec)]));

const buy = (fetch: ShopFetch, signal = AbortSignal.timeout(5000)) => purchase(fetch, makeSecrets(), signal);

describe('the Medusa engine', () => {
  it('ORC-6: has secrets of at least 256 random bits, different for each store', () => {
    const secrets = makeSecrets();
    const others = makeSecrets();
    for (const name of ['databasePassword', 'jwtSecret', 'cookieSecret'])
      expect(secrets[name]).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets['publishableKey']).toMatch(/^pk_[0-9a-f]{64}$/);
    expect(secrets['adminPassword']).toMatch(/^[A-Za-z0-9]{43}$/); // 43 × log2(62) > 256
    expect(secrets['adminEmail']).toBe('admin@tea-house-7f3a.store');
    for (const [name, value] of Object.entries(secrets)) expect(others[name] === value).toBe(name === 'adminEmail');
  });

  it('ORC-6: keeps them out of the command line', () => {
    const secrets = makeSecrets();
    const plan = engine.plan(about, secrets, '1');
    const command = plan.process.command.join(' ');
    for (const value of Object.values(secrets)) expect(command).not.toContain(value);
    expect(plan.process.env['PUBLISHABLE_KEY']).toBe(secrets['publishableKey']);
    expect(plan.process.env['STOREFRONT_DIR']).toBe('{{engineDir}}/../storefront-fff');
  });

  it('is a plan only with all secrets', () => {
    expect(() => engine.plan(about, {}, '1')).toThrow('no secret named');
  });

  it('ORC-6: gives its chart the same passwords each time, a different one for each purpose', () => {
    const secrets = makeSecrets();
    const { secret } = engine.plan(about, secrets, '1').release;
    expect(engine.plan(about, secrets, '2').release.secret).toEqual(secret);
    expect(secret['redis-password']).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(Object.values(secret)).size).toBe(Object.keys(secret).length);
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
  });

  it('STO-6: tells the login of the shop as one types it', () => {
    const secrets = makeSecrets();
    expect(engine.credentials(about, secrets)).toEqual({
      admin: { url: `${about.publicUrl}/app`, username: secrets['adminEmail'], password: secrets['adminPassword'] },
      api: { publishableKey: secrets['publishableKey'] },
    });
  });

  it('is prepared anew when the application changes, and not for its storefront', () => {
    const other = medusa({
      app: { folder: '/p/app', hash: 'bbb' },
      storefront: { folder: '/p/front', hash: 'fff' },
      image: 'iii',
    });
    const front = medusa({
      app: { folder: '/p/app', hash: 'aaa' },
      storefront: { folder: '/p/front', hash: 'ggg' },
      image: 'iii',
    });
    expect(other.preparation.version).not.toBe(engine.preparation.version);
    expect(front.preparation.version).toBe(engine.preparation.version);
    expect(front.preparation.parts[0]).not.toEqual(engine.preparation.parts[0]);
    const phases = engine.preparation.parts.flatMap((part) => part.phases);
    expect(phases.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
  });
});

describe('the purchase', () => {
  const PATHS: [RegExp, unknown][] = [
    [/^\/$/, '<!doctype html><html></html>'],
    [/^\/store\/regions/, { regions: [{ id: 'reg_1' }] }],
    [
      /^\/store\/products/,
      { products: [{ variants: [{ id: 'out', manage_inventory: true, inventory_quantity: 0 }, { id: 'var_1' }] }] },
    ],
    [/^\/store\/carts$/, { cart: { id: 'cart_1' } }],
    [/^\/store\/carts\/cart_1\/complete/, { type: 'order', order: { id: 'order_1', display_id: 1 } }],
    [/^\/store\/shipping-options/, { shipping_options: [{ id: 'so_1' }] }],
    [/^\/store\/payment-collections/, { payment_collection: { id: 'pc_1' } }],
    [/^\/auth\/user\/emailpass/, { token: 'jwt' }],
    [/^\/admin\/orders\/order_1/, { order: { id: 'order_1', display_id: 1, items: [{}] } }],
    [/./, {}],
  ];
  /** A shop that answers as Medusa does, with something else at one path. The real one is bought from in test:e2e. */
  const shop =
    (path: RegExp = /$^/, answer: Response = new Response()): ShopFetch =>
    async (asked) => {
      if (path.test(asked)) return answer;
      const [, body] = PATHS.find(([pattern]) => pattern.test(asked)) ?? [];
      return new Response(typeof body === 'string' ? body : JSON.stringify(body));
    };

  it('STO-4: goes from the storefront to the order in the admin, and times each leg', async () => {
    const result = await buy(shop());
    expect(result).toMatchObject({ orderId: 'order_1', orderNumber: '1' });
    expect(result.legs.map(({ name }) => name)).toEqual([
      'storefront',
      'region',
      'product',
      'cart',
      'line item',
      'address',
      'shipping',
      'payment',
      'order',
      'admin login',
      'order in the admin',
    ]);
  });

  it.each([
    [/^\/$/, new Response('{}'), '"storefront": the storefront is no HTML page'],
    [/regions/, new Response('{"regions":[]}'), '"region": the shop has no region'],
    [/products/, new Response('{"products":[]}'), '"product": none of the shop\'s 0 products is in stock'],
    [/shipping-options/, new Response('{"shipping_options":[]}'), '"shipping": the shop ships nothing'],
    [/complete/, new Response('{"type":"cart","error":{"message":"No stock"}}'), '"order": No stock'],
    [/complete/, new Response('{"type":"cart"}'), '"order": the shop answered with a cart'],
    [
      /emailpass/,
      new Response('{"message":"Invalid\\n email"}', { status: 401 }),
      '"admin login": the shop answered 401: {"message":"Invalid',
    ],
    [/emailpass/, new Response('{}'), '"admin login": the admin gave no token'],
    [
      /admin\/orders/,
      new Response('{"order":{"id":"order_2","items":[{}]}}'),
      '"order in the admin": the admin shows another',
    ],
  ])('STO-7: at %s names the leg that failed and quotes the shop', async (path, answer, message) => {
    await expect(buy(shop(path, answer))).rejects.toThrow(`The test purchase failed at ${message}`);
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    const hanging: ShopFetch = () => {
      controller.abort(new Error('deleted'));
      return Promise.reject(new Error('socket hang up'));
    };
    await expect(buy(hanging, controller.signal)).rejects.toThrow('deleted');
  });
});

describe('the source of an engine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-platform-hash-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.ts'), 'a');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a hash of its names and contents alone', () => {
    const before = hashFolder(folder);
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/x.js'), 'x');
    expect(hashFolder(folder)).toBe(before);
    writeFileSync(join(folder, 'src/a.ts'), 'b');
    expect(hashFolder(folder)).not.toBe(before);
  });

  it('is found, and says what to do where it is not built', async () => {
    const wish = { php: 'npm', path: undefined };
    await expect(openEngines(folder, wish)).rejects.toThrow('npm run build');
    for (const source of ['engines/medusa/app', 'dist/medusa-storefront'])
      mkdirSync(join(folder, source), { recursive: true });
    for (const source of ['wordpress', 'php', 'image'])
      mkdirSync(join(folder, 'engines/woocommerce', source), { recursive: true });
    for (const source of ['storefront', 'image'])
      mkdirSync(join(folder, 'engines/medusa', source), { recursive: true });
    for (const chart of ['medusa-store', 'woocommerce-store'])
      mkdirSync(join(folder, 'charts', chart), { recursive: true });
    const { medusa: found } = await openEngines(folder, wish);
    expect(found.preparation.parts.at(-1)?.from).toBe(join(folder, 'engines/medusa/app'));
  });
});
