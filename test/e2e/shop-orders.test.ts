import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OrderView } from '../../src/orders/order.ts';
import type { Summary } from '../../src/orders/summary.ts';
import { startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { createShop, deleteShop, untilGone, untilReady, type Shop } from '../support/shops.ts';
import { KINDS } from './kinds/index.ts';
import type { ShopCredentials } from './kinds/kind.ts';

/** From the shop's answer to the platform's figures, and back to us, on a machine that is busy with tests. */
const LIVE_MS = 5000;
/** A shop that found nobody tries again after half a minute, at its next chores. */
const AGAIN_MS = 180_000;

for (const kind of KINDS) {
  describe.skipIf(kind.missing)(
    `ORD-2: the orders of a ${kind.engine} shop${kind.missing ? ` (${kind.missing})` : ''}`,
    () => {
      let platform: TestPlatform;
      let shop: Shop;
      let credentials: ShopCredentials;

      beforeAll(async () => {
        platform = await startPlatform({ home: inject('home') });
        shop = await untilReady(platform, await createShop(platform, kind.engine));
        credentials = (await platform.api(`/api/v1/stores/${shop.id}/credentials`)).body;
      });
      afterAll(async () => {
        if (shop) {
          await deleteShop(platform, shop.id);
          await untilGone(platform, shop.id);
        }
        await platform?.stop();
      });

      const buy = () => kind.buyByApi(shop.urls.direct, credentials);
      const orders = async () =>
        (await platform.api<{ orders: OrderView[] }>(`/api/v1/orders?storeId=${shop.id}`)).body.orders;
      const figures = async () => {
        const { hours } = (await platform.api<Summary>(`/api/v1/orders/summary?storeId=${shop.id}`)).body;
        const usd = hours.reduce((sum, { revenue }) => sum + (revenue['USD'] ?? 0), 0);
        return { orders: hours.reduce((sum, hour) => sum + hour.orders, 0), usd };
      };
      const untilTold = (number: string, status: OrderView['status'], limitMs = LIVE_MS) =>
        until(
          `order ${number} is ${status}`,
          async () => (await orders()).find((one) => one.number === number && one.status === status) ?? null,
          limitMs,
        );
      const untilFigures = (wanted: { orders: number; usd: number }) =>
        until(
          `the figures are ${JSON.stringify(wanted)}`,
          async () => (JSON.stringify(await figures()) === JSON.stringify(wanted) ? true : null),
          LIVE_MS,
        );

      it('arrive by themselves, and the purchase that has proven the shop is not among them', async () => {
        const number = await buy();
        const order = await untilTold(number, 'placed');
        expect(await orders()).toHaveLength(1);
        const paidForGoods = order.items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
        expect(order).toMatchObject({ currency: 'USD', refunded: 0, storeId: shop.id });
        expect(order.total, 'with 5 dollars for shipping').toBe(paidForGoods + 500);
        await untilFigures({ orders: 1, usd: order.total ?? 0 });
      });

      it('are told when they are paid, refunded in part, and cancelled, and then count for less', async () => {
        const [first] = await orders();
        const total = first?.total ?? 0;
        await kind.payAndRefundOne(shop.urls.direct, credentials, first?.number ?? '');
        expect(await untilTold(first?.number ?? '', 'refunded')).toMatchObject({ refunded: 100, total });
        await untilFigures({ orders: 1, usd: total - 100 });
        const second = await buy();
        await untilTold(second, 'placed');
        await untilFigures({ orders: 2, usd: 2 * total - 100 });
        await kind.cancel(shop.urls.direct, credentials, second);
        await untilTold(second, 'cancelled');
        await untilFigures({ orders: 1, usd: total - 100 });
      });

      it('arrive later when the platform was away', async () => {
        await platform.kill();
        const number = await buy();
        platform = await startPlatform({ home: platform.home, port: platform.port });
        await untilTold(number, 'placed', AGAIN_MS);
        expect(await orders()).toHaveLength(3);
      });
    },
  );
}
