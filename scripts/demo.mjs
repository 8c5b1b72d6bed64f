// `npm run demo`: the whole story, unattended. Starts the platform unless it runs already, makes a Medusa shop, buys in
// it as a shopper does, and shows the order from the shop's own admin and among the platform's live orders. The platform is
// left running: on a terminal until Ctrl-C, elsewhere in the background; with --exit the shop is deleted and what this has
// started is stopped.
import { setTimeout as sleep } from 'node:timers/promises';
import './lib/node-version.mjs';
import { say } from './lib/checkout.mjs';
import { ensureOrExit } from './lib/ensure.mjs';
import { cli, cliJson } from './lib/cli.mjs';
import { findPlatform, startPlatform } from './lib/platform.mjs';

const stopAtEnd = process.argv.includes('--exit');
const url = `http://127.0.0.1:${process.env['PORT'] || 3001}`;
/** A shop tells of an order within a second; at first it may still be busy with itself. */
const ORDER_LIMIT_MS = 30_000;

await ensureOrExit();
let platform = null;
try {
  platform = (await findPlatform(url)) ?? (await begin());
  await story();
  await leave();
} catch (error) {
  say(`\nThe demo has failed: ${error.message}`);
  process.exitCode = 1;
  await platform?.stop();
}

async function begin() {
  step('Starting the platform');
  return startPlatform(url);
}

async function story() {
  step('Making a Medusa shop; the first one prepares Medusa, which takes a few minutes');
  const store = await cliJson(url, ['create', 'Demo shop', '--engine', 'medusa', '--wait']);
  const { admin, api } = await cliJson(url, ['credentials', store.id]);

  step(`Buying something at ${store.urls.storefront}`);
  const shop = await shopAt(store.urls.storefront);
  const secrets = { publishableKey: api.publishableKey, adminEmail: admin.username, adminPassword: admin.password };
  const { purchase } = await import('../dist/engines/medusa/purchase.js');
  const bought = await purchase(shop, secrets, AbortSignal.timeout(120_000));
  for (const leg of bought.legs) say(`    ${leg.name.padEnd(20)} ${String(leg.ms).padStart(6)} ms`);

  step("The order, from the shop's own admin");
  show(await orderFromAdmin(shop, admin, bought.orderId));
  step('The same order, told to the platform by the shop');
  show(await liveOrder(store.id));
  step('All of it is yours');
  show({
    Shop: store.urls.storefront,
    Admin: admin.url,
    Username: admin.username,
    Password: admin.password,
    Platform: url,
    'Live orders': `${url.replace('127.0.0.1', 'localhost')}/live`,
  });
  if (platform.signInLink) show({ 'Sign in': platform.signInLink });
  if (stopAtEnd) await cli(url, ['delete', store.id, '--yes', '--wait']);
}

/** Requests to the shop's public address, as a browser on this machine would send them. */
async function shopAt(storefront) {
  const { shopFetch } = await import('../dist/src/orchestrator/shop-fetch.js');
  const { hostname, port } = new URL(url);
  return shopFetch({ host: hostname, port: Number(port) }, new URL(storefront).host);
}

async function orderFromAdmin(shop, admin, orderId) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email: admin.username, password: admin.password });
  const { token } = await (await shop('/auth/user/emailpass', { method: 'POST', headers, body })).json();
  const path = `/admin/orders/${orderId}?fields=display_id,email,currency_code,total,payment_status,created_at,*items`;
  const { order } = await (await shop(path, { headers: { authorization: `Bearer ${token}` } })).json();
  return {
    Order: `#${order.display_id} (${orderId})`,
    Customer: order.email,
    Items: order.items.map((item) => `${item.quantity} × ${item.product_title ?? item.title}`).join(', '),
    Total: `${order.total} ${order.currency_code.toUpperCase()}`,
    Payment: `${order.payment_status} (cash on delivery)`,
    Placed: order.created_at,
  };
}

/** Waits until the shop's first order is among the live ones. */
async function liveOrder(storeId) {
  const { readSettings } = await import('../dist/src/cli/settings.js');
  const { token } = readSettings({ ...process.env, STORE_PLATFORM_URL: url });
  const headers = { authorization: `Bearer ${token}` };
  for (const limit = Date.now() + ORDER_LIMIT_MS; Date.now() < limit; await sleep(200)) {
    const { orders } = await (await fetch(`${url}/api/v1/orders?storeId=${storeId}`, { headers })).json();
    const [order] = orders ?? [];
    if (order) return { Order: `#${order.number}`, Status: order.status, Total: `${order.total} (in cents)` };
  }
  throw new Error(`the order did not arrive among the live ones within ${ORDER_LIMIT_MS / 1000} s`);
}

async function leave() {
  if (stopAtEnd) return platform.stop();
  if (!platform.pid) return say('\nThe platform was running before, and runs on.');
  if (!process.stdout.isTTY) {
    say(`\nThe platform runs on as process ${platform.pid}; stop it with: kill ${platform.pid}`);
    return platform.leave();
  }
  say('\nThe platform runs on; Ctrl-C stops it.');
  await platform.ended;
}

function step(text) {
  process.stdout.write(`\n● ${text}\n`);
}

function show(fields) {
  for (const [name, value] of Object.entries(fields)) process.stdout.write(`    ${`${name}:`.padEnd(12)} ${value}\n`);
}
