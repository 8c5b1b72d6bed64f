import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../../support/platform.ts';
import { accessibilityProblems, noBrowser } from '../browser.ts';
import { startDashboard, type Dashboard } from './support.ts';

const LONG = { timeout: 60_000 };

/** A zone in which it is about noon, so that no day ends while this goes on. */
function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

describe.skipIf(noBrowser)('the live page', () => {
  let dashboard: Dashboard;
  let again: TestPlatform | null = null;
  let page: Page;
  let tea: string;
  let till: string;

  const platform = () => again ?? dashboard.platform;

  beforeAll(async () => {
    dashboard = await startDashboard();
    [tea, till] = [await source('Tea stall'), await source('Book till')];
    page = await (await dashboard.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await dashboard.signIn(page);
  });
  afterAll(async () => {
    await again?.stop();
    await dashboard?.stop();
  });

  async function source(name: string): Promise<string> {
    const body = { name, timeZone: zoneAtNoon() };
    const made = await platform().api('/api/v1/order-sources', { method: 'POST', body });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id;
  }

  /** Tells the platform of an order, as any program with a key may: again while the platform is too busy. */
  async function tell(storeId: string, name: string, unitPrice: number, more: object = {}): Promise<void> {
    const items = [{ name: `Tea ${name}`, quantity: 1, unitPrice }];
    const placedAt = new Date().toISOString();
    const body = { storeId, externalId: name, number: `#${name}`, currency: 'USD', placedAt, items, ...more };
    const told = async () => {
      const { status } = await platform().api('/api/v1/orders', { method: 'POST', body });
      return status === 503 ? null : status;
    };
    expect(await until(`order ${name} is taken`, told, LONG.timeout)).toBe(202);
  }

  const figure = async (name: string) =>
    page.locator('dl > div').filter({ hasText: name }).locator('dd > :first-child').first().innerText();
  const today = async () => [await figure('Orders today'), await figure('Revenue today')];
  const order = (name: string) => page.getByRole('listitem').filter({ hasText: `#${name}` });
  const sign = (text: string) => page.getByRole('status', { name: 'Connection' }).getByText(text);
  const choose = (label: string) => page.getByLabel('Store').selectOption({ label });

  it('says how to get orders, before there are any', async () => {
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Live orders' }).waitFor();
    await page.getByText('npx store-platform simulate --shop coffee --rate 50').waitFor();
    await sign('Live').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('shows an order the moment it is placed', async () => {
    await tell(tea, '1001', 450);
    await order('1001').getByText('$4.50').waitFor({ timeout: 5000 });
    await order('1001').getByText('Tea stall').waitFor();
    expect(await today()).toEqual(['1', '$4.50']);
    await tell(till, '1002', 1250, { event: 'paid' });
    await tell(tea, '1003', 300);
    await order('1003').waitFor();
    await expect.poll(today).toEqual(['3', '$20.00']);
    const newest = await page.getByRole('listitem').filter({ hasText: '#' }).allInnerTexts();
    expect(newest.map((text) => /#\d+/.exec(text)?.[0])).toEqual(['#1003', '#1002', '#1001']);
    await page.getByText('none yesterday by now').first().waitFor();
    // What sells most, and what an order is worth, come within a second.
    await page.getByRole('region', { name: 'Most sold today' }).getByText('Tea 1002').waitFor();
    await page.getByText('$6.67').waitFor();
  });

  it('takes a cancelled order out of the figures, and a refund', async () => {
    await tell(tea, '1003', 300, { event: 'cancelled' });
    await order('1003').getByText('cancelled').waitFor();
    await expect.poll(today).toEqual(['2', '$17.00']);
    await tell(till, '1002', 1250, { event: 'refunded', refunded: 250 });
    await order('1002').getByText('refunded').waitFor();
    await expect.poll(today).toEqual(['2', '$14.50']);
  });

  it('shows one store alone, and its address says which', async () => {
    await choose('Book till');
    await order('1001').waitFor({ state: 'detached' });
    expect(await today()).toEqual(['1', '$10.00']);
    expect(new URL(page.url()).searchParams.get('store')).toBe(till);
    await page.reload();
    await order('1002').waitFor();
    await tell(tea, '1004', 500);
    await tell(till, '1005', 900);
    await order('1005').waitFor();
    expect([await today(), await order('1004').count()]).toEqual([['2', '$19.00'], 0]);
    await choose('All stores');
    await order('1004').waitFor();
    expect(await today()).toEqual(['4', '$28.50']);
  });

  it('adds up each currency by itself', async () => {
    await tell(tea, '1006', 1300, { currency: 'JPY' });
    await order('1006').getByText('¥1,300').waitFor();
    const revenue = page.locator('dl > div').filter({ hasText: 'Revenue today' });
    await revenue.getByText('¥1,300').waitFor();
    await revenue.getByText('$28.50').waitFor();
    await tell(tea, '1006', 1300, { currency: 'JPY', event: 'cancelled' });
    await expect.poll(() => revenue.getByText('¥1,300').count()).toBe(0);
  });

  it('says when the platform is lost; when it is back, nothing is missing and nothing there twice', async () => {
    const { home, port } = dashboard.platform;
    await dashboard.platform.stop();
    await sign('Reconnecting').waitFor(LONG);
    expect(await today()).toEqual(['4', '$28.50']);
    again = await startPlatform({ home, port, main: HOOKED_MAIN, env: { TEST_ENGINE: 'tiny' } });
    await tell(till, '1007', 700);
    await sign('Live').waitFor(LONG);
    await tell(tea, '1008', 100);
    await order('1008').waitFor();
    await expect.poll(today).toEqual(['6', '$36.50']);
    for (const name of ['1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008']) {
      expect([name, await order(name).count()]).toEqual([name, 1]);
    }
    await page.reload();
    await order('1008').waitFor();
    expect(await today()).toEqual(['6', '$36.50']);
  });

  it('fills the window for a screen on a wall, and comes back by Escape', async () => {
    await page.getByRole('button', { name: 'Show on a wall' }).click();
    const wall = page.getByRole('dialog', { name: 'Live orders' });
    await wall.getByRole('heading', { level: 1, name: 'All stores' }).waitFor();
    await wall.getByText('$36.50').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const behind = page.locator('#root');
    expect(await behind.getAttribute('inert')).toBe('');
    await tell(tea, '1009', 50);
    await wall.getByText('$37.00').first().waitFor();
    await page.keyboard.press('Escape');
    await wall.waitFor({ state: 'detached' });
    expect(await behind.getAttribute('inert')).toBeNull();
    await page.goto(`${dashboard.url}/live?wall=true`);
    await wall.getByRole('button', { name: 'Leave' }).click();
    await wall.waitFor({ state: 'detached' });
  });

  it('can be read on a phone, in light and dark, by everybody', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await order('1009').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(tooWide).toBeLessThanOrEqual(0);
  });

  it('leads whoever is not signed in any more to sign in', async () => {
    await page.context().clearCookies();
    await page.reload();
    await page.waitForURL(/\/sign-in/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toContain('/live');
  });
});
