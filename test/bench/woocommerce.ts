import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noWooCommerce } from '../support/assets.ts';
import { freePort, HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { ask } from '../support/raw-http.ts';
import { untilPrepared, untilReady } from '../support/shops.ts';
import { makeShop, memoryOf, removeShop } from './life.ts';
import { ms, percentile, type Figure } from './report.ts';

const PAGE = '/shop/';
const PAGES = 60;

/** WooCommerce shops on this machine's PHP and on npm's. Medusa is a tiny one meanwhile, so that none is prepared beside. */
export async function benchWooCommerce(home: string): Promise<Figure[]> {
  if (noWooCommerce !== null) return [{ name: 'WooCommerce', value: `not measured: ${noWooCommerce}` }];
  const figures: Figure[] = [];
  for (const { php, rounds, pages } of [
    { php: '', rounds: 5, pages: PAGES },
    { php: 'npm', rounds: 3, pages: 10 },
  ]) {
    const env = { TEST_ENGINE: 'tiny-medusa', LOG_LEVEL: 'info', STORE_PLATFORM_PHP: php };
    const platform = await startPlatform({ home, main: HOOKED_MAIN, env });
    try {
      figures.push(...(await benchPhp(platform, php === '' ? "this machine's PHP" : 'PHP by npm', rounds, pages)));
    } finally {
      await platform.stop();
    }
  }
  return figures;
}

async function benchPhp(platform: TestPlatform, php: string, rounds: number, pages: number): Promise<Figure[]> {
  const phases = await untilPrepared(platform, 'woocommerce');
  const preparation = phases.reduce((sum, phase) => sum + phase.ms, 0);
  const made: Awaited<ReturnType<typeof makeShop>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [last] = made.slice(-1);
    if (last) await removeShop(platform, last.id);
    made.push(await makeShop(platform, 'woocommerce'));
  }
  const total = percentile(
    made.map(({ totalMs }) => totalMs),
    0.5,
  );
  const purchase = percentile(
    made.map(({ purchaseMs }) => purchaseMs),
    0.5,
  );
  const { id } = made.at(-1) ?? { id: '' };
  const page = await benchPage(platform, id, php, pages);
  const memory = await memoryOf(platform, id);
  await removeShop(platform, id);
  const parts = phases.map(({ phase, ms: took }) => `${phase} ${ms(took)}`).join(', ');
  return [
    { name: `WooCommerce, ${php}: preparation, once a version`, value: `${ms(preparation)} (${parts})` },
    {
      name: `WooCommerce, ${php}: cold create to ready, median of ${rounds}`,
      value: ms(total),
      beside: `purchase ${ms(purchase)}; without it ${ms(total - purchase)}`,
      aim: php === 'PHP by npm' ? '' : '≤ 3 s + purchase',
    },
    page,
    {
      name: `WooCommerce, ${php}: memory per store, after its pages were seen`,
      value: `${Math.round(memory / 2 ** 20)} MiB`,
    },
  ];
}

/** One page after the other by the gateway and, by turns, by PHP's own server alone on the same files and data. */
async function benchPage(platform: TestPlatform, id: string, php: string, pages: number): Promise<Figure> {
  const shop = await untilReady(platform, id);
  const { host } = new URL(shop.urls.storefront);
  const name = `WooCommerce, ${php}: ${PAGE}, warm, through the gateway`;
  if (php === 'PHP by npm') {
    const sample = await pagesOf(() => load(platform.port, host), pages);
    return { name, value: `p50 ${ms(percentile(sample, 0.5))}` };
  }
  const bare = await startBare(platform.home, shop.slug);
  try {
    const [through, alone]: [number[], number[]] = [[], []];
    await pagesOf(() => load(platform.port, host), 8);
    await pagesOf(() => load(bare.port, bare.host), 8);
    for (let n = 0; n < pages; n += 1) {
      through.push(await load(platform.port, host));
      alone.push(await load(bare.port, bare.host));
    }
    const [a, b] = [percentile(through, 0.5), percentile(alone, 0.5)];
    return {
      name,
      value: `p50 ${ms(a)}, p90 ${ms(percentile(through, 0.9))}`,
      beside: `bare php -S with opcache: p50 ${ms(b)}, p90 ${ms(percentile(alone, 0.9))}; ratio ${(a / b).toFixed(2)}`,
      aim: '≤ 1.1 ×',
    };
  } finally {
    await bare.stop();
  }
}

async function pagesOf(one: () => Promise<number>, count: number): Promise<number[]> {
  const sample: number[] = [];
  for (let n = 0; n < count; n += 1) sample.push(await one());
  return sample;
}

async function load(port: number, host: string): Promise<number> {
  const begin = performance.now();
  const page = await ask(port, { host, path: PAGE });
  if (page.status !== 200 || !page.body.includes('Stoneware Mug')) throw new Error(`${host}${PAGE}: ${page.status}`);
  return performance.now() - begin;
}

/** `php -S` on WordPress's folder with nothing of ours on its command line, on a copy of the shop's data. */
async function startBare(home: string, slug: string): Promise<{ port: number; host: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-php-'));
  await cp(join(home, 'stores', slug, 'data'), join(folder, 'data'), { recursive: true });
  const { pid } = JSON.parse(await readFile(join(home, 'stores', slug, 'process.json'), 'utf8')) as { pid: number };
  const [command, environment] = await Promise.all(
    ['cmdline', 'environ'].map((name) => wordsOf(`/proc/${pid}/${name}`)),
  );
  const env = Object.fromEntries((environment ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
  const [program = 'php'] = command ?? [];
  const root = command?.[command.indexOf('-t') + 1] ?? '';
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const child = spawn(program, ['-d', 'opcache.enable_cli=1', '-S', host, '-t', root], {
    env: { ...env, STORE_DIR: join(folder, 'data'), PORT: String(port), PUBLIC_URL: `http://${host}` },
    stdio: 'ignore',
    detached: true,
  });
  const exited = once(child, 'exit');
  await until(
    'php -S answers',
    () =>
      load(port, host).then(
        () => true,
        () => null,
      ),
    30_000,
  );
  return {
    port,
    host,
    async stop() {
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function wordsOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\0').filter((word) => word !== '');
}
