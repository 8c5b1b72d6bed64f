import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { ask, type Ask } from '../support/raw-http.ts';
import { createShop, deleteShop, untilGone, untilReady, type Shop } from '../support/shops.ts';
import { woocommerce } from './kinds/woocommerce.ts';

/*
 * A program: the life of a WooCommerce shop in a network namespace that has nothing but its loopback. Its only argument
 * is a prepared home. Prints as JSON how many packets the kernel has dropped for want of a route, which is what becomes
 * of every request that would leave the machine, and of every question to a name server.
 */
const PAGES = [
  '/',
  '/shop/',
  '/product/stoneware-mug/',
  '/cart/',
  '/checkout/',
  '/my-account/',
  '/?s=mug',
  '/nothing/',
];
const ADMIN_PAGES = [
  ...['index', 'edit', 'upload', 'plugins', 'themes', 'users', 'profile', 'tools', 'options-general', 'post-new'].map(
    (name) => `${name}.php`,
  ),
  ...['wc-orders', 'wc-admin', 'wc-settings', 'wc-status', 'wc-reports'].map((page) => `admin.php?page=${page}`),
  'edit.php?post_type=product',
  'post-new.php?post_type=product',
];

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const before = packetsWithoutRoute();
const platform = await startPlatform({ home: process.argv[2] ?? '' });
const shop = await untilReady(platform, await createShop(platform, 'woocommerce'));
const statuses = await liveIn(platform, shop);
await deleteShop(platform, shop.id);
await untilGone(platform, shop.id);
await platform.stop();
const dropped = packetsWithoutRoute() - before;
await leaveTheMachine();
const counts = packetsWithoutRoute() - before > dropped;
process.stdout.write(`${JSON.stringify({ dropped, counts, statuses })}\n`);

async function liveIn(on: TestPlatform, { id, urls }: Shop): Promise<Record<string, number>> {
  const { body: credentials } = await on.api(`/api/v1/stores/${id}/credentials`);
  await woocommerce.buyByApi(urls.direct, credentials);
  const { host } = new URL(urls.storefront);
  const seen: Record<string, number> = {};
  const visit = async (path: string, more: Partial<Ask> = {}) => {
    const answer = await ask(on.port, { host, path, ...more });
    seen[path] = answer.status;
    return answer;
  };
  for (const path of PAGES) await visit(path);
  const form = { log: credentials.admin.username, pwd: credentials.admin.password, testcookie: '1' };
  const signedIn = await visit('/wp-login.php', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: 'wordpress_test_cookie=WP%20Cookie%20check',
    },
    body: String(new URLSearchParams(form)),
  });
  const cookie = (signedIn.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  for (const page of ADMIN_PAGES) await visit(`/wp-admin/${page}`, { headers: { cookie } });
  const chores = await ask(Number(new URL(urls.direct).port), { host, path: '/wp-cron.php?doing_wp_cron' });
  return { ...seen, '/wp-cron.php': chores.status };
}

/** RFC 1213, ipOutNoRoutes, of this namespace alone. */
function packetsWithoutRoute(): number {
  const [names, values] = readFileSync('/proc/self/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '));
  return Number(values?.[names?.indexOf('OutNoRoutes') ?? -1]);
}

/** To an address that is nobody's (RFC 5737), to see that it is counted here. */
async function leaveTheMachine(): Promise<void> {
  const socket = connect(80, '192.0.2.1');
  await once(socket, 'error');
}
