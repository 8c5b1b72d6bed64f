// A script by somebody who has read the README and openapi.json and nothing else: makes a shop, buys in it, deletes it.
// Usage: STORE_PLATFORM_URL=… STORE_PLATFORM_TOKEN=… node stranger.mjs. Prints one JSON document.
import { setTimeout as delay } from 'node:timers/promises';

const { STORE_PLATFORM_URL: platform, STORE_PLATFORM_TOKEN: token } = process.env;

async function call(url, { method = 'GET', headers = {}, body, expect = [200] } = {}) {
  const answer = await fetch(url, {
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!expect.includes(answer.status)) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
}

const api = (path, options = {}) =>
  call(`${platform}/api/v1${path}`, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });

async function create() {
  const body = { name: 'Shop of a Stranger', engine: 'medusa' };
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const made = await api('/stores', { method: 'POST', body, headers, expect: [202] });
  const location = new URL(made.headers.get('location'), platform).href;
  for (;;) {
    const { body: store } = await call(location, { headers: { authorization: `Bearer ${token}` } });
    if (store.status === 'ready') return store;
    if (store.status === 'failed') throw new Error(store.errorMessage);
    await delay(1000);
  }
}

async function buy(shop, publishableKey) {
  const post = (path, body) =>
    call(`${shop}/store${path}`, { method: 'POST', body, headers: { 'x-publishable-api-key': publishableKey } });
  const get = (path) => call(`${shop}/store${path}`, { headers: { 'x-publishable-api-key': publishableKey } });
  const region = (await get('/regions')).body.regions[0];
  const products = (await get(`/products?region_id=${region.id}&fields=*variants.calculated_price`)).body.products;
  const cart = (await post('/carts', { region_id: region.id })).body.cart;
  await post(`/carts/${cart.id}/line-items`, { variant_id: products[0].variants[0].id, quantity: 1 });
  const address = {
    first_name: 'Grace',
    last_name: 'Hopper',
    address_1: '1 Navy Yard',
    city: 'Arlington',
    postal_code: '22202',
    country_code: 'us',
  };
  await post(`/carts/${cart.id}`, { email: 'grace@example.com', shipping_address: address, billing_address: address });
  const options = (await get(`/shipping-options?cart_id=${cart.id}`)).body.shipping_options;
  await post(`/carts/${cart.id}/shipping-methods`, { option_id: options[0].id });
  const payment = (await post('/payment-collections', { cart_id: cart.id })).body.payment_collection;
  await post(`/payment-collections/${payment.id}/payment-sessions`, { provider_id: 'pp_system_default' });
  const done = (await post(`/carts/${cart.id}/complete`, {})).body;
  if (done.type !== 'order') throw new Error(`no order: ${JSON.stringify(done)}`);
  return { order: done.order, currency: region.currency_code, products: products.length };
}

async function seenByAdmin(shop, { username, password }, orderId) {
  const signedIn = await call(`${shop}/auth/user/emailpass`, { method: 'POST', body: { email: username, password } });
  const headers = { authorization: `Bearer ${signedIn.body.token}` };
  return (await call(`${shop}/admin/orders/${orderId}`, { headers })).body.order.display_id;
}

async function remove(id) {
  await api(`/stores/${id}`, { method: 'DELETE', expect: [202] });
  while ((await api(`/stores/${id}`, { expect: [200, 404] })).status === 200) await delay(1000);
}

const store = await create();
const credentials = (await api(`/stores/${store.id}/credentials`)).body;
const bought = await buy(store.urls.direct, credentials.api.publishableKey);
const number = await seenByAdmin(store.urls.direct, credentials.admin, bought.order.id);
await remove(store.id);
const refused = await fetch(store.urls.direct).then(
  () => false,
  () => true,
);
console.log(
  JSON.stringify({
    orderNumber: number,
    products: bought.products,
    currency: bought.currency,
    refusedAfterDeletion: refused,
  }),
);
