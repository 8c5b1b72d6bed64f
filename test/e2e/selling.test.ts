import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { accessibilityProblems, buy, launch, noBrowser, photograph } from './browser.ts';
import { cli } from './cli.ts';

describe.skipIf(noBrowser)(
  `a Medusa shop, from the first command to the last${noBrowser ? ` (${noBrowser})` : ''}`,
  () => {
    let platform: TestPlatform;
    let browser: Browser;
    let store: { id: string; slug: string; urls: { storefront: string; admin: string; direct: string } };
    let credentials: { admin: { url: string; username: string; password: string } };

    beforeAll(async () => {
      platform = await startPlatform({ home: inject('home') });
      browser = await launch();
    });
    afterAll(async () => {
      await browser?.close();
      await platform?.stop();
    });

    it('STO-2: is made by one command that waits', async () => {
      const made = await cli(platform, 'create', 'Tea House', '--engine', 'medusa', '--wait', '--json');
      expect(made.code, made.stderr).toBe(0);
      store = JSON.parse(made.stdout);
      expect(store).toMatchObject({ name: 'Tea House', engine: 'medusa', status: 'ready', errorMessage: null });
    });

    it('STO-4: sells in a browser, and its first order is number 1', async () => {
      const page = await browser.newPage();
      const outside: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(store.urls.storefront)) outside.push(request.url());
      });
      const number = await buy(page, store.urls.storefront, async (name) => {
        expect(await accessibilityProblems(page), name).toEqual([]);
        await photograph(page, `medusa-${name}`);
      });
      expect(number).toBe('1');
      expect(outside, 'no request leaves the shop').toEqual([]);
      await page.close();
    });

    it('STO-6: shows the order in its own admin, with the credentials made for it', async () => {
      const shown = await cli(platform, 'credentials', store.slug, '--json');
      expect(shown.code, shown.stderr).toBe(0);
      credentials = JSON.parse(shown.stdout);
      const page = await browser.newPage();
      await page.goto(credentials.admin.url);
      await page.getByLabel('Email').or(page.getByPlaceholder('Email')).fill(credentials.admin.username);
      await page.getByLabel('Password').or(page.getByPlaceholder('Password')).fill(credentials.admin.password);
      await page.getByRole('button', { name: /continue with email|sign in|log in/i }).click();
      await page.waitForURL(/\/app\/orders/);
      await page.getByText('#1', { exact: true }).first().waitFor();
      await photograph(page, 'medusa-admin-orders');
      await page.close();
    });

    it('sells on its direct address as well', async () => {
      const page = await browser.newPage();
      expect(await buy(page, `${store.urls.direct}/`)).toBe('2');
      expect(new URL(page.url()).origin, 'nobody was redirected').toBe(store.urls.direct);
      await page.close();
    });

    it('STO-5: is gone after its deletion, and its addresses refuse', async () => {
      const gone = await cli(platform, 'delete', store.slug, '--yes', '--wait', '--json');
      expect(gone.code, gone.stderr).toBe(0);
      expect(JSON.parse(gone.stdout)).toEqual({ id: store.id, deleted: true });
      expect((await platform.api(`/api/v1/stores/${store.id}`)).status).toBe(404);
      await expect(fetch(store.urls.direct)).rejects.toThrow();
    });
  },
);
