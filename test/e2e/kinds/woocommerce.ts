import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { purchase } from '../../../engines/woocommerce/purchase.ts';
import { noWooCommerce } from '../../support/assets.ts';
import { dumpFiles } from '../../support/dump.ts';
import { askShop, SHOPPER, type Kind, type ShopCredentials } from './kind.ts';

/** The block checkout's own names. */
const FIELDS = {
  'First name': SHOPPER.firstName,
  'Last name': SHOPPER.lastName,
  Address: SHOPPER.address,
  City: SHOPPER.city,
} as const;

export const woocommerce: Kind = {
  engine: 'woocommerce',
  missing: noWooCommerce,
  orders: 'database/store.sqlite',

  async buy(page, storefront, picture = async () => undefined) {
    await page.goto(storefront);
    await picture('home');
    await page.getByRole('main').getByRole('heading').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Add to cart', exact: true }).first().click();
    await page
      .getByText(/has been added to your cart|added to (your )?cart/i)
      .first()
      .waitFor();
    await picture('product');
    await page.goto(new URL('/cart/', page.url()).href);
    await page.getByRole('link', { name: 'Proceed to Checkout' }).waitFor();
    await picture('cart');
    await page.getByRole('link', { name: 'Proceed to Checkout' }).click();
    await page.getByLabel('Email address').fill(SHOPPER.email);
    await page.getByLabel('Country/Region').selectOption({ label: 'United Kingdom (UK)' });
    for (const [label, value] of Object.entries(FIELDS)) await page.getByLabel(label, { exact: true }).fill(value);
    // The checkout tells the shop what was typed a moment later, and takes no order before that has an answer.
    const told = page.waitForResponse(
      (response) => response.request().postData()?.includes(SHOPPER.postalCode) === true && response.ok(),
    );
    await page.getByLabel('Postal code').or(page.getByLabel('Postcode')).fill(SHOPPER.postalCode);
    await told;
    await page.getByLabel('Loading shipping options…').waitFor({ state: 'hidden' });
    await picture('checkout');
    await page.getByRole('button', { name: 'Place Order' }).click();
    await page.waitForURL(/order-received/, { timeout: 60_000 });
    await page
      .getByText(/Thank you/)
      .first()
      .waitFor();
    await picture('thank-you');
    const number = /order-received\/(\d+)/.exec(page.url())?.[1];
    if (number === undefined || !(await page.getByRole('main').textContent())?.includes(number))
      throw new Error('the confirmation shows no order number');
    return number;
  },

  async seeOrder(page, { admin }, orderNumber) {
    await page.goto(admin.url);
    await page.getByLabel('Username or Email Address').fill(admin.username);
    await page.getByLabel('Password', { exact: true }).fill(admin.password);
    await page.getByRole('button', { name: 'Log In' }).click();
    await page.waitForURL(/\/wp-admin\/$/);
    await page.goto(`${admin.url}admin.php?page=wc-orders`);
    await page
      .getByRole('link', { name: new RegExp(`#${orderNumber} ${SHOPPER.firstName} ${SHOPPER.lastName}`) })
      .waitFor();
  },

  async countOrders(direct, credentials) {
    const orders = await askShop(`${direct}/wp-json/wc/v3/orders`, basic(credentials));
    return orders.length;
  },

  async dump({ home }) {
    const [slug = ''] = await readdir(join(home, 'stores'));
    return dumpFiles(join(home, 'stores', slug, 'data'));
  },

  async buyByApi(direct, { admin, api }) {
    const secrets = {
      adminUser: admin.username,
      adminPassword: admin.password,
      applicationPassword: api.applicationPassword ?? '',
    };
    const fetchShop = (path: string, init?: RequestInit) => fetch(direct + path, { redirect: 'manual', ...init });
    return (await purchase(fetchShop, secrets, AbortSignal.timeout(120_000))).orderNumber;
  },

  async payAndRefundOne(direct, credentials, orderNumber) {
    const order = `${direct}/wp-json/wc/v3/orders/${orderNumber}`;
    await askShop(order, basic(credentials), { status: 'completed' }, 'PUT');
    await askShop(`${order}/refunds`, basic(credentials), { amount: '1.00', api_refund: false });
  },

  async cancel(direct, credentials, orderNumber) {
    const order = `${direct}/wp-json/wc/v3/orders/${orderNumber}`;
    await askShop(order, basic(credentials), { status: 'cancelled' }, 'PUT');
  },
};

/** The REST API takes the admin's name with the application password. */
export function basic({ admin, api }: ShopCredentials): Record<string, string> {
  const login = Buffer.from(`${admin.username}:${api.applicationPassword}`).toString('base64');
  return { authorization: `Basic ${login}` };
}
