import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { COFFEE_SHOP } from '../../../src/simulator/coffee-shop.ts';
import { simulatedDay } from '../../../src/simulator/day.ts';
import { dayAfter, dayOf } from '../../../src/simulator/zone.ts';
import { accessibilityProblems } from '../browser.ts';
import { openScene, type Scene } from './scene.ts';

/**
 * `npm run screenshots`: pictures of every page of the dashboard, light, dark and on a phone; empty, loading, failing and
 * full; in `screenshots/dashboard/`, which git ignores. On the way it looks for what no page may do: break its security
 * policy, and have what axe finds.
 */
const FOLDER = resolve(import.meta.dirname, '../../../screenshots/dashboard');
const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
const LOOKS = [
  { look: 'light', size: WIDE, colorScheme: 'light' },
  { look: 'dark', size: WIDE, colorScheme: 'dark' },
  { look: 'phone', size: PHONE, colorScheme: 'light' },
] as const;

const FAILURE = JSON.stringify({
  error: {
    code: 'INTERNAL',
    message: 'Something went wrong on our side. The correlation id leads to it in the log.',
    details: {},
    timestamp: '2026-01-31T14:05:09.000Z',
    correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  },
});

const problems: string[] = [];
const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Pages of somebody who is signed in, and the name of their pictures. */
const PAGES = {
  stores: '/',
  'new-store': '/stores/new',
  live: '/live',
  account: '/account',
  people: '/people',
  system: '/system',
};

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const scene = await openScene();
const { browser } = scene;
try {
  await show(await newPage(await browser.newContext()), 'sign-in', '/sign-in');
  const context = await browser.newContext();
  const page = await newPage(context);
  await scene.signIn(page);
  for (const [name, path] of Object.entries(PAGES)) await show(page, `${name}-empty`, path);
  const ids = await fill(scene);
  for (const [name, path] of Object.entries(PAGES)) await show(page, name, path);
  await show(page, 'live-wall', '/live?wall=true');
  for (const [name, id] of Object.entries(ids)) await showStore(page, name, id);
  await showTrouble(context, { ...PAGES, store: `/stores/${ids['ready']}` });
} finally {
  await scene.stop();
}
say(problems.length === 0 ? `Pictures are in ${FOLDER}` : problems.join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;

async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
  return page;
}

/** Stores in each status, people, keys, and all that is left in the audit log by making them. */
async function fill({ platform, store, person }: Scene): Promise<Record<string, string>> {
  const failed = await store('Candle Works', 'medusa', 'failed');
  const ready = await store('Tea House', 'medusa', 'ready');
  await store('Blue Pottery', 'woocommerce', 'ready');
  await store('North Sea Books', 'medusa', 'ready');
  for (const email of ['ada@example.com', 'grace@example.com', 'a.very.long.name.of.somebody@subsidiary.example.com'])
    await person(email);
  for (const name of ['laptop', 'continuous integration'])
    await platform.api('/api/v1/api-keys', { method: 'POST', body: { name } });
  await sell(platform);
  const provisioning = await store('Second Hand Synths', 'woocommerce', 'provisioning');
  return { provisioning, ready, failed };
}

/** What a coffee shop sells yesterday and today, where it is late in the afternoon. */
async function sell(platform: Scene['platform']): Promise<void> {
  const ahead = ((17 - new Date().getUTCHours() + 12) % 24) - 12;
  const timeZone = ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const { name } = COFFEE_SHOP;
  const made = await platform.api('/api/v1/order-sources', { method: 'POST', body: { name, timeZone } });
  const today = dayOf(new Date(), timeZone);
  for (const day of [dayAfter(today, -1), today]) {
    const options = { storeId: made.body.id, day, timeZone, orders: 400, until: new Date() };
    await platform.api('/api/v1/orders', { method: 'POST', body: { orders: simulatedDay(COFFEE_SHOP, options) } });
  }
}

async function showStore(page: Page, name: string, id: string): Promise<void> {
  await show(page, `store-${name}`, `/stores/${id}`);
  if (name !== 'ready') return;
  for (const tab of await page.getByRole('tab').allInnerTexts()) {
    await page.getByRole('tab', { name: tab }).click();
    await photograph(page, `store-${name}-${tab.toLowerCase().replaceAll(' ', '-')}`);
  }
}

/** What the API's own trouble looks like. Only for pictures: that it is survived is tested with real trouble. */
async function showTrouble(context: BrowserContext, pages: Record<string, string>): Promise<void> {
  const held: Route[] = [];
  const answers = {
    loading: (route: Route) => void held.push(route),
    error: (route: Route) => route.fulfill({ status: 500, contentType: 'application/json', body: FAILURE }),
  };
  for (const [state, answer] of Object.entries(answers)) {
    const page = await newPage(context);
    // Who one is, is known: the frame around the pages stands.
    await page.route(/\/(health$|api\/v1\/(?!me$))/, answer);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(scene.url + path);
      // Failures are asked for again a few times before they are shown.
      await page.waitForTimeout(state === 'error' ? 8000 : 1000);
      await photograph(page, `${name}-${state}`);
      for (const problem of await accessibilityProblems(page)) problems.push(`${name}-${state}: ${problem}`);
    }
    await Promise.all(held.map((route) => route.abort().catch(() => undefined)));
    await page.close();
  }
}

async function show(page: Page, name: string, path: string): Promise<void> {
  await page.goto(scene.url + path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  // What comes and goes while a page loads has come and gone.
  await page.waitForTimeout(1000);
  await photograph(page, name);
  for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`);
}

async function photograph(page: Page, name: string): Promise<void> {
  for (const { look, size, colorScheme } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(200);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    if (Number(wide) > size.width) problems.push(`${name}-${look}: ${wide} px wide`);
    await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), fullPage: true });
  }
  await page.setViewportSize(WIDE);
  say(name);
}
