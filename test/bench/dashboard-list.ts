/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { withClient } from '../../src/db/connect.ts';
import type { TestPlatform } from '../support/platform.ts';
import { embeddedSuperuser } from '../support/shops.ts';
import { ms, type Figure } from './report.ts';

const STORES = 1000;

/** Runs in the page before its own scripts: notes how long frames took, and what moved by itself. */
const WATCH = `
  window.seen = { frames: [], shift: 0 };
  new PerformanceObserver((list) => window.seen.frames.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: 'long-animation-frame' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });`;

/** The list with a thousand stores: what the longest frame took while somebody scrolls and searches. */
export async function benchList(platform: TestPlatform, page: Page): Promise<Figure[]> {
  await fill(platform);
  await page.addInitScript({ content: WATCH });
  await page.goto(`http://localhost:${platform.port}/`);
  await page.getByText('1,000 stores').waitFor();
  await page.waitForLoadState('networkidle');
  const shift = await page.evaluate(() => (globalThis as unknown as Watched).seen.shift);
  const scrolling = await longest(page, () => scroll(page));
  const searching = await longest(page, () => search(page));
  return [
    { name: `${STORES} stores in the list: shift of the layout while it loads`, value: shift.toFixed(3), aim: '0' },
    {
      name: `${STORES} stores in the list: the longest frame while scrolling`,
      value: atMost(scrolling),
      aim: '≤ 50 ms',
    },
    {
      name: `${STORES} stores in the list: the longest frame while searching and filtering`,
      value: atMost(searching),
      aim: '≤ 50 ms',
    },
  ];
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(300, 500);
  for (let n = 0; n < 150; n += 1) await page.mouse.wheel(0, 500);
  for (let n = 0; n < 30; n += 1) await page.evaluate((y) => window.scrollTo(0, y), (n * 7919) % 60_000);
}

async function search(page: Page): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, 0));
  const box = page.getByRole('searchbox');
  await box.pressSequentially('tea house 5', { delay: 60 });
  await box.fill('');
  await page.getByLabel('Status', { exact: true }).selectOption('failed');
  await page.getByLabel('Status', { exact: true }).selectOption('');
}

/** In milliseconds; 0 where no frame was long enough (50 ms) for the browser to report it. */
async function longest(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => ((globalThis as unknown as Watched).seen.frames.length = 0));
  await work();
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as Watched).seen.frames));
}

function atMost(duration: number): string {
  return duration === 0 ? 'none above 50 ms' : ms(duration);
}

interface Watched {
  seen: { frames: number[]; shift: number };
}

/** As many rows as there could be, without a shop behind them. */
async function fill(platform: TestPlatform): Promise<void> {
  const { user } = (await platform.api('/api/v1/me')).body;
  const superuser = await embeddedSuperuser(platform.home);
  await withClient({ ...superuser, name: 'store_platform' }, async (client) => {
    await client.query(
      `INSERT INTO stores (user_id, name, slug, engine, status, namespace, error_message, correlation_id, created_at, ready_at)
       SELECT $1::uuid, (ARRAY['Tea House', 'Bike Shop', 'Plant Lovers'])[1 + n % 3] || ' ' || n, 'bench-' || n,
         CASE WHEN n % 3 = 0 THEN 'woocommerce' ELSE 'medusa' END, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'stopped' END,
         'bench-' || n, CASE WHEN n % 10 = 0 THEN 'Starting the shop failed.' END, 'bench', now() - n * interval '1 hour', now()
       FROM generate_series(1, ${STORES}) n`,
      [user.id],
    );
  });
}
