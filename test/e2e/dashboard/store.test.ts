import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../../engines/woocommerce/needs.ts';
import { HOOKED_MAIN, startPlatform, type TestPlatform } from '../../support/platform.ts';
import { createShop, untilReady, type Shop } from '../../support/shops.ts';
import { accessibilityProblems, noBrowser } from '../browser.ts';
import { startDashboard } from './support.ts';

type Dashboard = Awaited<ReturnType<typeof startDashboard>>;

const LONG = { timeout: 60_000 };
const TABS = ['Overview', 'Timeline', 'Logs', 'Usage', 'Settings'];

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  const made: { resolve?: () => void } = {};
  const promise = new Promise<void>((resolve) => (made.resolve = resolve));
  return { promise, resolve: () => made.resolve?.() };
}

describe.skipIf(noBrowser)("a store's page", () => {
  let dashboard: Dashboard;
  let page: Page;
  let id: string;
  let again: TestPlatform | null = null;
  /** While it is not settled, no shop is started. */
  let held: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    dashboard = await startDashboard({}, { onBoundary: (boundary) => (boundary === 'process:before' ? held : null) });
    page = await (await dashboard.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await dashboard.signIn(page);
  });
  afterAll(async () => {
    await again?.stop();
    await dashboard?.stop();
  });

  const context = () => page.context();
  const platform = () => again ?? dashboard.platform;
  const store = async () => (await platform().api<Shop>(`/api/v1/stores/${id}`)).body;
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const openShop = () => page.getByRole('link', { name: 'Open the shop' });
  const log = () => page.getByRole('log');
  /** Has the shop write a line into its log for each. */
  async function say(word: string, times: number): Promise<void> {
    const { direct } = (await store()).urls;
    for (let n = 0; n < times; n += 1) await fetch(`${direct}/${word}`);
  }
  const said = async (word: string) =>
    (await log().innerText()).split('\n').filter((line) => line.endsWith(word)).length;

  it('tells what happens while the shop is made, and how long it took, without a reload', async () => {
    await page.goto(`${dashboard.url}/stores/new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Tea House');
    await page.getByRole('radio', { name: 'Medusa' }).check();
    await page.getByRole('button', { name: 'Create store' }).click();
    await page.getByRole('heading', { name: 'Your shop is being made' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Buying something to see that it sells' }).waitFor();
    expect(await button('Open the shop').isDisabled()).toBe(true);
    await openShop().waitFor(LONG);
    await page.getByText(/^Made in \d/).waitFor();
    id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  });

  it('cancels the making of a shop when asked to twice', async () => {
    const { promise, resolve: release } = withResolvers();
    held = promise;
    const other = await context().newPage();
    await other.goto(`${dashboard.url}/stores/${await createShop(platform(), 'woocommerce', 'Wool Corner')}`);
    const current = other.locator('[aria-current="step"]');
    await current.filter({ hasText: 'Starting the shop' }).waitFor(LONG);
    await other.getByRole('button', { name: 'Cancel' }).click();
    const dialog = other.getByRole('dialog', { name: 'Stop making this shop?' });
    await dialog.getByRole('button', { name: 'Stop and remove it' }).click();
    await other.getByText('deleting', { exact: true }).waitFor();
    release();
    await other.getByText('Wool Corner is gone.').waitFor(LONG);
    expect(new URL(other.url()).pathname).toBe('/');
    await other.close();
  });

  it('opens the shop, in which one can buy', async () => {
    const [shop] = await Promise.all([page.waitForEvent('popup'), openShop().click()]);
    const { storefront } = (await store()).urls;
    expect(new URL(shop.url()).origin).toBe(storefront);
    await shop.goto(`${storefront}/buy`);
    expect(JSON.parse(await shop.locator('body').innerText())).toHaveProperty('id');
    await shop.goto(`${storefront}/orders`);
    expect(JSON.parse(await shop.locator('body').innerText()).orders).toHaveLength(1);
    await shop.close();
  });

  it('gives the login only when asked for it, the password hidden', async () => {
    const { password } = (await platform().api(`/api/v1/stores/${id}/credentials`)).body.admin;
    expect(await page.getByText(password).count()).toBe(0);
    await button('Show the login').click();
    await page.getByText('admin', { exact: true }).waitFor();
    expect(await page.getByText(password).count()).toBe(0);
    await button('Show: Password').click();
    await page.getByText(password).waitFor();
    await button('Hide the login').click();
    await button('Show the login').waitFor();
    expect(await page.getByText(password).count()).toBe(0);
  });

  it('has a timeline with the time of each step and the parts of the purchase', async () => {
    await tab('Timeline');
    await page.getByRole('heading', { name: 'Attempt 1' }).waitFor();
    const step = (title: string) => page.getByRole('listitem').filter({ hasText: title }).first();
    expect(await step('Starting the shop').innerText()).toMatch(/\d+(\.\d)? m?s/);
    const legs = page.getByRole('list', { name: 'Parts of the test purchase' });
    expect(await legs.getByRole('listitem').innerText()).toContain('order');
  });

  it('follows the log, pauses without losing a line, and searches in it', async () => {
    await tab('Logs');
    await page.getByText('Following:').waitFor();
    await say('first', 3);
    await expect.poll(() => said('/first')).toBe(3);
    await button('Pause').click();
    await say('second', 4);
    await page.getByText('Paused. 4 new lines wait.').waitFor();
    expect(await said('/second')).toBe(0);
    await button('Resume').click();
    await expect.poll(() => said('/second')).toBe(4);
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('SECOND');
    await page.getByText('4 of 4').waitFor();
    expect(await log().locator('mark').allInnerTexts()).toEqual(Array.from({ length: 4 }, () => 'second'));
    await page.keyboard.press('Enter');
    await page.getByText('3 of 4').waitFor();
    await page.keyboard.press('Escape');
  });

  it('catches up after a look at another tab, without a line twice', async () => {
    await tab('Timeline');
    await say('third', 5);
    await tab('Logs');
    await expect.poll(() => said('/third')).toBe(5);
    expect([await said('/first'), await said('/second')]).toEqual([3, 4]);
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()]);
    expect(download.suggestedFilename()).toMatch(/^tea-house-.*\.log$/);
  });

  it('says when the server is lost, and goes on by itself when it is back', async () => {
    const { home, port } = dashboard.platform;
    await dashboard.platform.stop();
    await page.getByText('Reconnecting…').waitFor();
    await page.getByText('The connection was lost.').first().waitFor();
    expect(await page.getByRole('heading', { level: 1, name: 'Tea House' }).isVisible()).toBe(true);
    again = await startPlatform({ home, port, main: HOOKED_MAIN, env: { TEST_ENGINE: 'tiny' } });
    await untilReady(again, id);
    await page.getByText('Following:').waitFor(LONG);
    await expect.poll(() => page.getByText('Reconnecting…').count(), LONG).toBe(0);
    await say('fourth', 2);
    await expect.poll(() => said('/fourth'), LONG).toBe(2);
    expect([await said('/first'), await said('/second'), await said('/third')]).toEqual([3, 4, 5]);
    await openShop().waitFor();
  });

  it('tells why a shop has failed and what to do, and brings it back when told to', async () => {
    await tab('Overview');
    const { direct } = (await store()).urls;
    for (let tries = 0; tries < 200 && (await store()).status !== 'failed'; tries += 1) {
      await fetch(`${direct}/crash`).catch(() => undefined);
      await page.waitForTimeout(200);
    }
    const alert = page.getByRole('alert').filter({ hasText: 'The shop has stopped working' });
    await alert.getByText('exit code 3').waitFor(LONG);
    await alert.getByText('Look at its log, then retry').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Retry' }).click();
    await openShop().waitFor(LONG);
    await tab('Timeline');
    await page.getByRole('heading', { name: 'Attempt 2' }).waitFor();
  });

  it('has a use of the machine over time', async () => {
    await tab('Usage');
    const memory = page.getByRole('img', { name: /^Memory over the last / });
    await memory.waitFor(LONG);
    expect(await memory.getAttribute('aria-label')).toMatch(/\d MB now, \d+ MB on average/);
    await page.getByText('for its database and files').waitFor();
  });

  it('can be read on a phone, in light and dark, by everybody', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of TABS) {
      await tab(name);
      expect(await accessibilityProblems(page), name).toEqual([]);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(tooWide, name).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('is deleted by typing its name, and leads back to the list when it is gone', async () => {
    await page.goto(`${dashboard.url}/stores/${id}?tab=settings`);
    const confirm = page.getByLabel('Type “Tea House” to confirm');
    await confirm.fill('Tea');
    expect(await button('Delete this store').isDisabled()).toBe(true);
    await confirm.fill('Tea House');
    await button('Delete this store').click();
    await page.getByText('Tea House is gone.').waitFor(LONG);
    expect(new URL(page.url()).pathname).toBe('/');
    await page.goto(`${dashboard.url}/stores/${id}`);
    await page.getByRole('heading', { level: 1, name: 'This store is not there' }).waitFor();
    await page.getByRole('link', { name: 'Back to the stores' }).click();
    await page.getByRole('heading', { level: 1, name: 'Stores' }).waitFor();
  });
});

describe.skipIf(noBrowser)("the page of a store whose software can't be had", () => {
  let dashboard: Dashboard;
  let assets: string;

  beforeAll(async () => {
    assets = await mkdtemp(join(tmpdir(), 'store-platform-no-assets-'));
    dashboard = await startDashboard({ TEST_ENGINE: 'tiny-medusa', STORE_PLATFORM_ASSETS: assets });
  });
  afterAll(async () => {
    await dashboard?.stop();
    await rm(assets, { recursive: true, force: true });
  });

  it('says which files to put where, and tries again when told to', async () => {
    const page = await (await dashboard.browser.newContext()).newPage();
    await dashboard.signIn(page);
    const id = await createShop(dashboard.platform, 'woocommerce', 'Wool Corner');
    await page.goto(`${dashboard.url}/stores/${id}`);
    const alert = page.getByRole('alert').filter({ hasText: 'The shop could not be made' });
    await alert.waitFor(LONG);
    const told = await alert.innerText();
    for (const part of [WORDPRESS_ASSET.file, WOOCOMMERCE_ASSET.file, assets]) expect(told).toContain(part);
    expect(await page.getByRole('button', { name: 'Show the login' }).isDisabled()).toBe(true);
    await alert.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('heading', { name: 'Attempt 2' }).waitFor();
    await page.getByText('failed', { exact: true }).waitFor(LONG);
  });
});
