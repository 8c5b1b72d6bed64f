import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '../support/platform.ts';
import { accessibilityProblems, launch, noBrowser, photograph } from './browser.ts';
import { cli } from './cli.ts';
import type { Kind, ShopCredentials } from './kinds/kind.ts';

/** A shop's life as its owner and a shopper see it. `name` tells apart the ways in which one kind can run. */
export function describeSelling(kind: Kind, name: string, start: () => Promise<TestPlatform>): void {
  const { engine } = kind;
  const missing = kind.missing ?? noBrowser;

  describe.skipIf(missing)(
    `a ${name} shop, from the first command to the last${missing ? ` (${missing})` : ''}`,
    () => {
      let platform: TestPlatform;
      let browser: Browser;
      let store: { id: string; slug: string; urls: { storefront: string; admin: string; direct: string } };
      let credentials: ShopCredentials;
      let number: string;

      beforeAll(async () => {
        platform = await start();
        browser = await launch();
      });
      afterAll(async () => {
        await browser?.close();
        await platform?.stop();
      });

      it('STO-2: is made by one command that waits', async () => {
        const made = await cli(platform, 'create', 'Tea House', '--engine', engine, '--wait', '--json');
        expect(made.code, made.stderr).toBe(0);
        store = JSON.parse(made.stdout);
        expect(store).toMatchObject({ name: 'Tea House', engine, status: 'ready', errorMessage: null });
        const shown = await cli(platform, 'credentials', store.slug, '--json');
        expect(shown.code, shown.stderr).toBe(0);
        credentials = JSON.parse(shown.stdout);
        expect(await kind.countOrders(store.urls.direct, credentials), 'orders in a new shop').toBe(0);
      });

      it('STO-4: sells in a browser', async () => {
        const page = await browser.newPage();
        const outside: string[] = [];
        page.on('request', (request) => {
          if (!request.url().startsWith(store.urls.storefront)) outside.push(request.url());
        });
        number = await kind.buy(page, store.urls.storefront, async (place) => {
          expect(await accessibilityProblems(page), place).toEqual([]);
          await photograph(page, `${name}-${place}`);
        });
        expect(outside, 'no request leaves the shop').toEqual([]);
        expect(await kind.countOrders(store.urls.direct, credentials)).toBe(1);
        await page.close();
      });

      it('STO-6: shows the order in its own admin, with the credentials made for it', async () => {
        const page = await browser.newPage();
        const outside: string[] = [];
        page.on('request', (request) => {
          const { origin, protocol } = new URL(request.url());
          if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(credentials.admin.url).origin)
            outside.push(request.url());
        });
        await kind.seeOrder(page, credentials, number);
        await photograph(page, `${name}-admin-orders`);
        expect(outside, 'no request leaves the shop').toEqual([]);
        await page.close();
      });

      it('trap 12: sells on its direct address as well', async () => {
        const page = await browser.newPage();
        await kind.buy(page, `${store.urls.direct}/`);
        expect(new URL(page.url()).origin, 'nobody was redirected').toBe(store.urls.direct);
        expect(await kind.countOrders(store.urls.direct, credentials)).toBe(2);
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
}
