import { need } from '../engine.ts';
import type { PurchaseResult, Secrets, ShopFetch } from '../engine.ts';
import { first, Shop } from '../shop.ts';

const STORE_API = '/wp-json/wc/store/v1';

/** Nobody's: names and addresses of example.com (RFC 2606). All of it is put back after the purchase. */
const ADDRESS = {
  first_name: 'Store',
  last_name: 'Platform',
  address_1: '1 Market Street',
  city: 'New York',
  state: 'NY',
  postcode: '10001',
  country: 'US',
  phone: '+12025550100',
};

interface Product {
  id: number;
  is_in_stock: boolean;
  is_purchasable: boolean;
}
interface Order {
  id: number;
  number: string;
  status: string;
  line_items: unknown[];
}

/**
 * Buys one thing as a shopper does, from the storefront's page to the order, paid in cash on delivery; then signs in to
 * the shop's admin and finds the order there. Rejects at the first leg that fails, with its name and the shop's answer.
 */
export async function purchase(fetch: ShopFetch, secrets: Secrets, signal: AbortSignal): Promise<PurchaseResult> {
  const shop = new Shop(fetch, signal);
  const orderId = await buy(shop);
  await shop.leg('admin login', () => signIn(shop, secrets));
  const order = await shop.leg('order in the admin', () => findOrder(shop, secrets, orderId));
  return { orderId: String(order.id), orderNumber: order.number, legs: shop.legs };
}

async function buy(shop: Shop): Promise<number> {
  await shop.leg('storefront', () => shop.page('/'));
  const token = await shop.leg('cart', () => openCart(shop));
  const productId = await shop.leg('product', () => findProduct(shop));
  const post = <T>(path: string, body: unknown): Promise<T> =>
    shop.json<T>(`${STORE_API}/${path}`, {
      method: 'POST',
      headers: { 'cart-token': token, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await shop.leg('line item', () => post('cart/add-item', { id: productId, quantity: 1 }));
  const addresses = { billing_address: { ...ADDRESS, email: 'proof@example.com' }, shipping_address: ADDRESS };
  await shop.leg('address', () => post('cart/update-customer', addresses));
  return shop.leg('order', async () => {
    const order = await post<{ order_id?: number; status?: string }>('checkout', {
      ...addresses,
      payment_method: 'cod',
    });
    if (order.order_id === undefined || order.status !== 'processing') {
      throw new Error(`the order is ${order.status ?? 'not there'}`);
    }
    return order.order_id;
  });
}

/** The token stands for the cart, so that neither cookies nor nonces are needed. */
async function openCart(shop: Shop): Promise<string> {
  const response = await shop.answer(`${STORE_API}/cart`, {});
  const token = response.headers.get('cart-token');
  await response.arrayBuffer();
  if (token === null) throw new Error('the shop gave no cart');
  return token;
}

async function findProduct(shop: Shop): Promise<number> {
  const products = await shop.json<Product[]>(`${STORE_API}/products?per_page=20`, {});
  const sold = products.filter((product) => product.is_in_stock && product.is_purchasable);
  return first(sold, `none of the shop's ${products.length} products is in stock`).id;
}

/** WordPress answers a good login with a redirect and its cookies, a bad one with the form again. */
async function signIn(shop: Shop, secrets: Secrets): Promise<void> {
  const form = { log: need(secrets, 'adminUser'), pwd: need(secrets, 'adminPassword'), testcookie: '1' };
  const response = await shop.ask('/wp-login.php', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: 'wordpress_test_cookie=WP%20Cookie%20check',
    },
    body: String(new URLSearchParams(form)),
  });
  await response.arrayBuffer();
  const cookies = response.headers.getSetCookie();
  if (response.status !== 302 || !cookies.some((cookie) => cookie.startsWith('wordpress_logged_in_'))) {
    throw new Error(`the login page answered ${response.status} without a session`);
  }
}

async function findOrder(shop: Shop, secrets: Secrets, orderId: number): Promise<Order> {
  const login = `${need(secrets, 'adminUser')}:${need(secrets, 'applicationPassword')}`;
  const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const order = await shop.json<Order>(`/wp-json/wc/v3/orders/${orderId}`, { headers });
  if (order.id !== orderId || order.line_items.length === 0) throw new Error('the admin shows another order');
  return order;
}
