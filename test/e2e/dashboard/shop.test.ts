import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startPlatform, type TestPlatform } from '../../support/platform.ts';
import { untilGone } from '../../support/shops.ts';
import { launch, noBrowser } from '../browser.ts';
import { KINDS } from '../kinds/index.ts';
import { makeLink } from './support.ts';

for (const kind of KINDS) {
  const missing = kind.missing ?? noBrowser;
  describe.skipIf(missing)(
    `from the dashboard to an order in a real ${kind.engine} shop${missing ? ` (${missing})` : ''}`,
    () => {
      let platform: TestPlatform;
      let browser: Browser;
      let page: Page;

      beforeAll(async () => {
        platform = await startPlatform({ home: inject('home') });
        browser = await launch();
        page = await browser.newPage();
      });
      afterAll(async () => {
        await browser?.close();
        await platform?.stop();
      });

      it('STO-4: somebody makes a shop, opens it, buys in it, and finds its login', async () => {
        const { user } = (await platform.api('/api/v1/me')).body;
        await page.goto(await makeLink(platform, user));
        await page.getByRole('link', { name: /^Create (a|your first) store$/ }).click();
        await page.getByRole('textbox', { name: 'Name' }).fill('Mug Shop');
        await page.getByRole('radio', { name: new RegExp(kind.engine, 'i') }).check();
        await page.getByRole('button', { name: 'Create store' }).click();
        const open = page.getByRole('link', { name: 'Open the shop' });
        await open.waitFor({ timeout: 120_000 });
        const [shop] = await Promise.all([page.waitForEvent('popup'), open.click()]);
        const number = await kind.buy(shop, shop.url());
        await page.getByRole('button', { name: 'Show the login' }).click();
        const id =
          page
            .url()
            .split(/[/?]/)
            .at(page.url().includes('?') ? -2 : -1) ?? '';
        const { body: credentials } = await platform.api(`/api/v1/stores/${id}/credentials`);
        await page.getByText(credentials.admin.username, { exact: true }).waitFor();
        await kind.seeOrder(shop, credentials, number);
        expect((await platform.api(`/api/v1/stores/${id}`, { method: 'DELETE' })).status).toBe(202);
        await untilGone(platform, id);
      });
    },
  );
}
