import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { purchase } from '../../../engines/medusa/purchase.ts';
import type { DatabaseSettings } from '../../../src/config.ts';
import { withClient } from '../../../src/db/connect.ts';
import { dumpDatabase } from '../../support/dump.ts';
import { embeddedSuperuser } from '../../support/shops.ts';
import { askShop, SHOPPER, type Kind, type ShopCredentials } from './kind.ts';

/** The shopper's address, typed into the fields that the contract names. */
const FIELDS = {
  Email: SHOPPER.email,
  'First name': SHOPPER.firstName,
  'Last name': SHOPPER.lastName,
  Address: SHOPPER.address,
  City: SHOPPER.city,
  'Postal code': SHOPPER.postalCode,
} as const;

export const medusa: Kind = {
  engine: 'medusa',
  missing: null,
  orders: 'public."order"',

  async buy(page, storefront, picture = async () => undefined) {
    await page.goto(storefront);
    const product = page.getByRole('main').getByRole('listitem').getByRole('link').first();
    await product.waitFor();
    await picture('home');
    await product.click();
    await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
    await picture('product');
    await page.getByRole('link', { name: /cart/i }).first().click();
    await page.getByRole('button', { name: 'Checkout', exact: true }).waitFor();
    await picture('cart');
    await page.getByRole('button', { name: 'Checkout', exact: true }).click();
    for (const [label, value] of Object.entries(FIELDS)) await page.getByLabel(label, { exact: true }).fill(value);
    await picture('checkout');
    await page.getByRole('button', { name: 'Place order', exact: true }).click();
    await page.getByRole('heading', { name: /Thank you/ }).waitFor({ timeout: 60_000 });
    await picture('thank-you');
    const number = /#(\d+)/.exec((await page.getByRole('main').textContent()) ?? '')?.[1];
    if (number === undefined) throw new Error('the confirmation shows no order number');
    return number;
  },

  async seeOrder(page, { admin }, orderNumber) {
    await page.goto(admin.url);
    await page.getByLabel('Email').or(page.getByPlaceholder('Email')).fill(admin.username);
    await page.getByLabel('Password').or(page.getByPlaceholder('Password')).fill(admin.password);
    await page.getByRole('button', { name: /continue with email|sign in|log in/i }).click();
    await page.waitForURL(/\/app\/orders/);
    await page.getByText(`#${orderNumber}`, { exact: true }).first().waitFor();
  },

  async countOrders(direct, credentials) {
    return (await askShop(`${direct}/admin/orders`, await signedIn(direct, credentials))).count;
  },

  async dump({ home }) {
    const superuser = await embeddedSuperuser(home);
    const [slug = ''] = await readdir(join(home, 'stores'));
    const name = await onlyShopDatabase(superuser);
    return dumpDatabase({ ...superuser, name }, join(home, 'stores', slug, 'data'));
  },

  async buyByApi(direct, { admin, api }) {
    const secrets = {
      adminEmail: admin.username,
      adminPassword: admin.password,
      publishableKey: api.publishableKey ?? '',
    };
    const fetchShop = (path: string, init?: RequestInit) => fetch(direct + path, init);
    return (await purchase(fetchShop, secrets, AbortSignal.timeout(60_000))).orderNumber;
  },

  async payAndRefundOne(direct, credentials, orderNumber) {
    const headers = await signedIn(direct, credentials);
    const { payment } = await findOrder(direct, headers, orderNumber);
    await askShop(`${direct}/admin/payments/${payment}/capture`, headers, {});
    await askShop(`${direct}/admin/payments/${payment}/refund`, headers, { amount: 1 });
  },

  async cancel(direct, credentials, orderNumber) {
    const headers = await signedIn(direct, credentials);
    const { id } = await findOrder(direct, headers, orderNumber);
    await askShop(`${direct}/admin/orders/${id}/cancel`, headers, {});
  },
};

async function signedIn(direct: string, { admin }: ShopCredentials): Promise<Record<string, string>> {
  const login = { email: admin.username, password: admin.password };
  const { token } = await askShop(`${direct}/auth/user/emailpass`, {}, login);
  return { authorization: `Bearer ${token}` };
}

async function findOrder(
  direct: string,
  headers: Record<string, string>,
  orderNumber: string,
): Promise<{ id: string; payment: string }> {
  const fields = 'fields=id,display_id,*payment_collections.payments';
  const { orders } = await askShop(`${direct}/admin/orders?limit=100&${fields}`, headers);
  const order = orders.find((one: { display_id: number }) => String(one.display_id) === orderNumber);
  return { id: order.id, payment: order.payment_collections[0].payments[0].id };
}

/** The shop's own database, by what it says of itself; neither template, checkpoint nor a shop that is being replaced. */
async function onlyShopDatabase(superuser: DatabaseSettings): Promise<string> {
  return withClient(superuser, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname LIKE 'sp\\_%' AND NOT datistemplate AND datname !~ '_(checkpoint|dirty)$'`,
    );
    if (rows.length !== 1 || !rows[0])
      throw new Error(`expected one shop's database, found ${rows.map((row) => row.datname).join(', ')}`);
    return rows[0].datname;
  });
}
