import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shopFetch } from '../src/orchestrator/shop-fetch.ts';
import type { Secrets } from './engine.ts';
import { purchase as medusa } from './medusa/purchase.ts';
import { purchase as woocommerce } from './woocommerce/purchase.ts';

/**
 * What `helm test` runs in a store's namespace: buys one thing with cash on delivery and finds the order in the shop's
 * admin. The order stays. `node buy.js ENGINE URL [HOST]`, where URL is the shop's Service and HOST the name that
 * shoppers use; the shop's Secret is mounted at SECRETS_DIR (default /secrets), a file an entry.
 */
const LIMIT_MS = 120_000;
const PURCHASES = { medusa, woocommerce };

const [engine = '', url = '', host] = process.argv.slice(2);
if (!isEngine(engine) || !URL.canParse(url)) {
  process.stderr.write(`Usage: node buy.js ${Object.keys(PURCHASES).join('|')} URL [HOST]\n`);
  process.exit(2);
}
const { hostname, port, host: ownHost } = new URL(url);
const fetch = shopFetch({ host: hostname, port: Number(port || 80) }, host ?? ownHost);
try {
  const secrets = readSecrets(process.env['SECRETS_DIR'] ?? '/secrets');
  const { orderNumber, legs } = await PURCHASES[engine](fetch, secrets, AbortSignal.timeout(LIMIT_MS));
  process.stdout.write(
    `Bought: order ${orderNumber}.\n${legs.map(({ name, ms }) => `  ${name}: ${ms} ms\n`).join('')}`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function isEngine(name: string): name is keyof typeof PURCHASES {
  return Object.hasOwn(PURCHASES, name);
}

/** Entries such as `admin-password`, under the names that engines know them by: `adminPassword`. */
function readSecrets(folder: string): Secrets {
  const files = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    files.map((name) => [
      name.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      readFileSync(join(folder, name), 'utf8'),
    ]),
  );
}
