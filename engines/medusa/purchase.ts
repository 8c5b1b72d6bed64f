import { need } from '../engine.ts';
import type { PurchaseResult, Secrets, ShopFetch } from '../engine.ts';
import { first, Shop } from '../shop.ts';

const PAYMENT = 'pp_system_default';

/** Nobody's: names and addresses of example.com (RFC 2606). All of it is put back after the purchase. */
const SHOPPER = {
  email: 'proof@example.com',
  address: {
    first_name: 'Store',
    last_name: 'Platform',
    address_1: '1 Market Street',
    city: 'New York',
    province: 'ny',
    postal_code: '10001',
    country_code: 'us',
    phone: '+12025550100',
  },
};

interface Region {
  id: string;
}
interface Product {
  variants: { id: string; inventory_quantity?: number; manage_inventory?: boolean }[];
}
interface Order {
  id: string;
  display_id: number;
  items?: unknown[];
}

/**
 * Buys one thing as a shopper does, from the storefront's page to the order, paid on delivery; then signs in to the
 * shop's admin and finds the order there. Rejects at the first leg that fails, with its name and the shop's answer.
 */
export async function purchase(fetch: ShopFetch, secrets: Secrets, signal: AbortSignal): Promise<PurchaseResult> {
  const shop = new MedusaShop(fetch, signal, need(secrets, 'publishableKey'));
  const order = await buy(shop);
  const token = await signIn(shop, secrets);
  const seen = await shop.leg('order in the admin', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await shop.json<{ order: Order }>(`/admin/orders/${order.id}?fields=id,display_id,*items`, {
      headers,
    });
    if (answer.order.id !== order.id || !answer.order.items?.length) throw new Error('the admin shows another order');
    return answer.order;
  });
  return { orderId: seen.id, orderNumber: String(seen.display_id), legs: shop.legs };
}

async function buy(shop: MedusaShop): Promise<Order> {
  await shop.leg('storefront', () => shop.page('/'));
  const region = await shop.leg('region', async () => {
    const { regions } = await shop.get<{ regions: Region[] }>('regions?limit=1&fields=id');
    return first(regions, 'the shop has no region');
  });
  const variantId = await shop.leg('product', () => findVariant(shop, region.id));
  const cartId = await shop.leg('cart', async () => {
    const { cart } = await shop.post<{ cart: { id: string } }>('carts', { region_id: region.id });
    return cart.id;
  });
  await shop.leg('line item', () => shop.post(`carts/${cartId}/line-items`, { variant_id: variantId, quantity: 1 }));
  await shop.leg('address', () => {
    const { email, address } = SHOPPER;
    return shop.post(`carts/${cartId}`, { email, shipping_address: address, billing_address: address });
  });
  await shop.leg('shipping', () => chooseShipping(shop, cartId));
  await shop.leg('payment', () => choosePayment(shop, cartId));
  return shop.leg('order', () => complete(shop, cartId));
}

async function findVariant(shop: MedusaShop, regionId: string): Promise<string> {
  const fields = '*variants.calculated_price,+variants.inventory_quantity';
  const query = new URLSearchParams({ region_id: regionId, limit: '20', fields });
  const { products } = await shop.get<{ products: Product[] }>(`products?${query}`);
  const variants = products.flatMap((product) => product.variants);
  const inStock = variants.filter((variant) => !variant.manage_inventory || (variant.inventory_quantity ?? 0) > 0);
  return first(inStock, `none of the shop's ${products.length} products is in stock`).id;
}

async function chooseShipping(shop: MedusaShop, cartId: string): Promise<void> {
  const query = new URLSearchParams({ cart_id: cartId });
  const { shipping_options } = await shop.get<{ shipping_options: { id: string }[] }>(`shipping-options?${query}`);
  const option = first(shipping_options, 'the shop ships nothing to this address');
  await shop.post(`carts/${cartId}/shipping-methods`, { option_id: option.id });
}

async function choosePayment(shop: MedusaShop, cartId: string): Promise<void> {
  const answer = await shop.post<{ payment_collection: { id: string } }>('payment-collections', { cart_id: cartId });
  const path = `payment-collections/${answer.payment_collection.id}/payment-sessions`;
  await shop.post(path, { provider_id: PAYMENT });
}

async function complete(shop: MedusaShop, cartId: string): Promise<Order> {
  const answer = await shop.post<{ type: string; order?: Order; error?: { message?: string } }>(
    `carts/${cartId}/complete`,
    {},
  );
  if (answer.order === undefined) throw new Error(answer.error?.message ?? `the shop answered with a ${answer.type}`);
  return answer.order;
}

function signIn(shop: MedusaShop, secrets: Secrets): Promise<string> {
  return shop.leg('admin login', async () => {
    const body = JSON.stringify({ email: need(secrets, 'adminEmail'), password: need(secrets, 'adminPassword') });
    const headers = { 'content-type': 'application/json' };
    const { token } = await shop.json<{ token?: string }>('/auth/user/emailpass', { method: 'POST', headers, body });
    if (token === undefined) throw new Error('the admin gave no token');
    return token;
  });
}

/** Medusa's Store API, which a shop's own key opens. */
class MedusaShop extends Shop {
  readonly #key: string;

  constructor(fetch: ShopFetch, signal: AbortSignal, key: string) {
    super(fetch, signal);
    this.#key = key;
  }

  get<T>(path: string): Promise<T> {
    return this.json<T>(`/store/${path}`, { headers: { 'x-publishable-api-key': this.#key } });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'x-publishable-api-key': this.#key, 'content-type': 'application/json' };
    return this.json<T>(`/store/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}
