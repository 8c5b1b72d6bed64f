import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityProblems, noBrowser } from '../browser.ts';
import { startDashboard, type Dashboard, type Person } from './support.ts';

const PASSWORD = 'correct horse battery';
const A_STORE = /\/stores\/[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe.skipIf(noBrowser)('stores in the dashboard', () => {
  let dashboard: Dashboard;
  let page: Page;
  let people = 0;

  beforeAll(async () => {
    dashboard = await startDashboard({ MAX_STORES_PER_USER: '2' });
  });
  afterAll(() => dashboard?.stop());
  beforeEach(async () => {
    page = await (await dashboard.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  });
  afterEach(() => page?.context().close());

  /** Somebody new, signed in. */
  async function comeIn(): Promise<Person> {
    const person = await dashboard.person(`owner-${(people += 1)}@example.com`);
    await dashboard.signIn(page, person);
    return person;
  }

  async function storesOf(owner: string): Promise<{ id: string; name: string; status: string }[]> {
    const { body } = await dashboard.platform.api('/api/v1/stores?limit=100');
    return body.stores.filter(({ ownerId }: { ownerId: string }) => ownerId === owner);
  }

  const open = (path: string) => page.goto(dashboard.url + path);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });
  const nameField = () => page.getByRole('textbox', { name: 'Name' });
  const create = () => page.getByRole('button', { name: 'Create store' });
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  const names = async () => {
    const found = await page.getByRole('rowheader').getByRole('link').allInnerTexts();
    return found.filter((text) => !text.includes('localhost'));
  };

  async function order(name: string, engine: 'Medusa' | 'WooCommerce' = 'Medusa'): Promise<void> {
    await open('/stores/new');
    await nameField().fill(name);
    await page.getByRole('radio', { name: engine }).check();
    await create().click();
    await page.waitForURL(A_STORE);
  }

  it('leads from nothing to a first store, and shows it getting ready by itself', async () => {
    await comeIn();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Create your first store' }).click();
    await heading('Create a store').waitFor();
    await page.getByText('0 of 2 stores used').waitFor();
    expect(await page.getByText('Ready to use').count()).toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    await nameField().fill('  Tea House ');
    await page.getByRole('radio', { name: 'WooCommerce' }).check();
    await create().click();
    await page.waitForURL(A_STORE);
    await heading('Tea House').waitFor();
    await page.getByRole('link', { name: 'Stores', exact: true }).click();
    await row('Tea House').getByText('ready', { exact: true }).waitFor({ timeout: 60_000 });
    await row('Tea House').getByText('WooCommerce').waitFor();
    const shop = row('Tea House').getByRole('link', { name: /^Open tea-house-/ });
    expect(await shop.getAttribute('href')).toMatch(/^http:\/\/tea-house-[0-9a-f]{4}\.localhost/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await row('Tea House').getByRole('link', { name: 'Tea House', exact: true }).click();
    await page.waitForURL(A_STORE);
  });

  it('makes one store of a double click, and none again after an answer that was lost', async () => {
    const { id } = await comeIn();
    await open('/stores/new');
    await nameField().fill('Bike Shop');
    await create().dblclick();
    await page.waitForURL(A_STORE);
    expect((await storesOf(id)).map(({ name }) => name)).toEqual(['Bike Shop']);
    await open('/stores/new');
    await nameField().fill('Book Corner');
    // The page is loaded again in the very task that sends the order, so that its answer can't be read.
    await create().evaluate((button: HTMLButtonElement) => {
      button.click();
      location.reload();
    });
    await page.getByText('Was it created?').waitFor();
    expect(await nameField().inputValue()).toBe('Book Corner');
    await create().click();
    await page.waitForURL(A_STORE);
    expect((await storesOf(id)).map(({ name }) => name).toSorted()).toEqual(['Bike Shop', 'Book Corner']);
  });

  it('says when there is no room for another store, and sees when there is again', async () => {
    const { id } = await comeIn();
    await order('First');
    await order('Second');
    await open('/stores/new');
    await page.getByText('2 of 2 stores used').waitFor();
    await page.getByText('You have 2 stores, which is the limit.').waitFor();
    expect(await create().isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    const [last] = await storesOf(id);
    await dashboard.platform.api(`/api/v1/stores/${last?.id}`, { method: 'DELETE' });
    await page.getByText('1 of 2 stores used').waitFor({ timeout: 60_000 });
    expect(await create().isEnabled()).toBe(true);
  });

  it('refuses names in words, while they are typed or when they are done', async () => {
    const { id } = await comeIn();
    await open('/stores/new');
    await create().click();
    await page.getByText('Give your store a name.').waitFor();
    expect(await nameField().evaluate((field) => field === document.activeElement)).toBe(true);
    await nameField().fill('Café');
    await page.getByText('“é” can’t be part of a name.').waitFor();
    await nameField().fill('ab');
    await nameField().blur();
    await page.getByText('Use at least 3 characters.').waitFor();
    await nameField().fill('- _ -');
    await create().click();
    await page.getByText('Use at least one letter or digit.').waitFor();
    await nameField().fill('x'.repeat(256));
    await page.getByText('That is 256 characters').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await storesOf(id)).toEqual([]);
    // What was typed outlives a reload.
    await nameField().fill('Tea House!');
    await page.reload();
    expect(await nameField().inputValue()).toBe('Tea House!');
  });

  it('finds, filters and sorts, keeps that in the address, and tells admins whose a store is', async () => {
    const { email } = await comeIn();
    await order('Zebra 9');
    await order('Zebra 10', 'WooCommerce');
    await open('/');
    await page.getByText('2 stores').waitFor();
    expect(await names()).toEqual(['Zebra 10', 'Zebra 9']);
    await page.getByRole('button', { name: 'Sort by Name' }).click();
    await expect.poll(names).toEqual(['Zebra 9', 'Zebra 10']);
    await page.getByLabel('Engine').selectOption('woocommerce');
    await expect.poll(names).toEqual(['Zebra 10']);
    await expect.poll(() => page.url()).toMatch(/\?(?=.*engine=woocommerce)(?=.*sort=name)/);
    await page.reload();
    await page.getByText('1 of 2 stores').waitFor();
    await page.getByRole('searchbox', { name: 'Search stores' }).fill('zebra 9');
    await page.getByText('No store matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(names).toEqual(['Zebra 9', 'Zebra 10']);
    await page.getByRole('searchbox', { name: 'Search stores' }).fill('EBRA-9');
    await expect.poll(names).toEqual(['Zebra 9']);
    await page.context().clearCookies();
    await dashboard.signIn(page, dashboard.admin);
    await open('/?q=zebra');
    await row('Zebra 10').getByText(email).waitFor();
  });

  it('can be used with the keyboard alone, from the sign-in to a store', async () => {
    const { email, id } = await comeIn();
    const { request } = page;
    const api = `${dashboard.url}/api/v1`;
    expect((await request.put(`${api}/me/password`, { data: { password: PASSWORD } })).status()).toBe(204);
    await request.delete(`${api}/session`);
    await open('/sign-in');
    await tabTo(page.getByLabel('E-mail'));
    await page.keyboard.type(email);
    await tabTo(page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await tabTo(page.getByRole('link', { name: 'Create your first store' }));
    await page.keyboard.press('Enter');
    await heading('Create a store').waitFor();
    await tabTo(nameField());
    await page.keyboard.type('Key House');
    await tabTo(page.getByRole('radio', { name: 'Medusa' }));
    await page.keyboard.press('ArrowRight');
    await tabTo(create());
    await page.keyboard.press('Enter');
    await page.waitForURL(A_STORE);
    expect((await storesOf(id)).map(({ name }) => name)).toEqual(['Key House']);
  });

  it('fits a phone, without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await comeIn();
    expect(await misfits()).toEqual([]);
    await order('A shop with a very long name that goes on and on until it ends');
    await open('/');
    await page.getByRole('list', { name: 'Stores' }).getByRole('listitem').waitFor();
    await page.getByLabel('Order').selectOption('name');
    expect(await misfits()).toEqual([]);
    await open('/stores/new');
    await nameField().fill('x'.repeat(300));
    expect(await misfits()).toEqual([]);
  });

  /** What is wrong with the page on a phone. */
  async function misfits(): Promise<string[]> {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    return [...(width > 390 ? [`${width} px wide`] : []), ...(await accessibilityProblems(page))];
  }

  /** As people do who have no mouse: Tab until one is there. */
  async function tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 40; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`not reached by Tab: ${target}`);
  }
});

describe.skipIf(noBrowser)('stores in the dashboard, ordered too fast', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard({ RATE_LIMIT_CREATES_PER_MINUTE: '1' });
  });
  afterAll(() => dashboard?.stop());

  it('are taken when it is time, which is said, and nothing typed is lost', async () => {
    const page = await dashboard.browser.newPage();
    await dashboard.signIn(page, dashboard.admin);
    for (const name of ['First', 'Second']) {
      await page.goto(`${dashboard.url}/stores/new`);
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('radio', { name: 'Medusa' }).check();
      await page.getByRole('button', { name: 'Create store' }).click();
      if (name === 'First') await page.waitForURL(A_STORE);
    }
    await page
      .getByRole('alert')
      .getByText(/try again at \d/)
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Second');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
