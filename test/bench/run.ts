import { mkdtemp, chmod, rm, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { startEmbedded } from '../../src/db/embedded.ts';
import { benchApi } from './api.ts';
import { benchDashboard } from './dashboard.ts';
import { benchGateway } from './gateway.ts';
import { benchKubernetes } from './kubernetes.ts';
import { benchLive } from './live.ts';
import { benchOrders } from './orders.ts';
import { markdown, type Figure } from './report.ts';
import { benchShops } from './shops.ts';
import { benchWooCommerce } from './woocommerce.ts';

/**
 * `npm run bench [-- api|gateway|orders|live|shops|woocommerce|dashboard|kubernetes] [-- --write]`: measures, prints a table, and with `--write` puts it on top of
 * docs/benchmarks.md. Each part gets a home and a PostgreSQL of its own, and removes them.
 */
const RESULTS = resolve(import.meta.dirname, '../../docs/benchmarks.md');
const MARK = '<!-- newest first -->\n';

const asked = process.argv.slice(2);
const PARTS = new Set(['api', 'gateway', 'orders', 'live', 'shops', 'woocommerce', 'dashboard', 'kubernetes']);
const only = asked.find((word) => PARTS.has(word));
const figures: Figure[] = [];

/** Says at once what was measured, so that a later part that fails takes nothing along. */
function report(measured: Figure[]): void {
  figures.push(...measured);
  for (const { name, value, beside = '' } of measured) process.stdout.write(`${name}: ${value} (${beside})\n`);
}

async function withDatabase(
  name: string,
  part: (home: string, server: Awaited<ReturnType<typeof startEmbedded>>) => Promise<Figure[]>,
) {
  if (only && only !== name) return;
  const base = await mkdtemp(join(tmpdir(), 'store-platform-bench-'));
  await chmod(base, 0o711);
  const server = await startEmbedded({ home: join(base, 'server'), log: pino({ level: 'warn' }) });
  try {
    report(await part(join(base, 'home'), server));
  } finally {
    await server.stop();
    await rm(base, { recursive: true, force: true });
  }
}

await withDatabase('api', (home, server) => benchApi(home, server.settings));
if (!only || only === 'gateway') report(await benchGateway());
await withDatabase('orders', (home, server) => benchOrders(home, server.settings));
await withDatabase('live', (home, server) => benchLive(home, server.settings));
await withDatabase('shops', (home, server) => benchShops(home, server.settings, server.superuser));
await withDatabase('woocommerce', (home) => benchWooCommerce(home));
await withDatabase('dashboard', (home) => benchDashboard(home));
if (!only || only === 'kubernetes') report(await benchKubernetes());

const section = markdown(figures);
process.stdout.write(`\n${section}\n`);
if (asked.includes('--write')) {
  const text = await readFile(RESULTS, 'utf8');
  await writeFile(RESULTS, text.replace(MARK, `${MARK}\n${section}`));
}
