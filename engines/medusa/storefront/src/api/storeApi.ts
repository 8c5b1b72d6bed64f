import { request } from './request.ts';
import type {
  Address,
  Cart,
  Completion,
  Country,
  Order,
  Product,
  ProductPage,
  Region,
  Shop,
  ShippingOption,
} from './types.ts';

const CARD_FIELDS = [
  'id,handle,title,subtitle,thumbnail',
  'variants.id,variants.manage_inventory,variants.allow_backorder',
  '*variants.calculated_price,+variants.inventory_quantity',
].join(',');
const PRODUCT_FIELDS = '*variants.calculated_price,+variants.inventory_quantity';
const PAYMENT_PROVIDER = 'pp_system_default';

export const PAGE_SIZE = 24;

export interface NewItem {
  variant_id: string;
  quantity: number;
}

export interface CartChange {
  email?: string;
  shipping_address?: Address;
  billing_address?: Address;
}

export type StoreApi = ReturnType<typeof createStoreApi>;

export const fetchShop = (signal?: AbortSignal) => request<Shop>('/shop.json', { signal });

/** Thin and typed: one function a call, no state. */
export function createStoreApi(key: string) {
  const get = <T>(path: string, signal?: AbortSignal) => request<T>(`/store/${path}`, { key, signal });
  const post = <T>(path: string, body: unknown = {}) => request<T>(`/store/${path}`, { key, method: 'POST', body });

  return {
    region: async (signal?: AbortSignal) => {
      const { regions } = await get<{ regions: Region[] }>('regions?limit=1&fields=id,currency_code', signal);
      return regions[0];
    },

    countries: async (regionId: string, signal?: AbortSignal) => {
      const path = `regions/${regionId}?fields=id,countries.iso_2,countries.display_name`;
      return (await get<{ region: { countries: Country[] } }>(path, signal)).region.countries;
    },

    products: (regionId: string, limit: number, signal?: AbortSignal) =>
      get<ProductPage>(`products?${query({ region_id: regionId, limit, fields: CARD_FIELDS })}`, signal),

    product: async (regionId: string, handle: string, signal?: AbortSignal): Promise<Product | null> => {
      const search = query({ region_id: regionId, handle, limit: 1, fields: PRODUCT_FIELDS });
      return (await get<ProductPage>(`products?${search}`, signal)).products[0] ?? null;
    },

    cart: (id: string) => get<{ cart: Cart }>(`carts/${id}`).then(cartOf),

    createCart: (regionId: string, items: NewItem[], country?: string) => {
      const address = country && { shipping_address: { country_code: country } };
      return post<{ cart: Cart }>('carts', { region_id: regionId, items, ...address }).then(cartOf);
    },

    updateCart: (id: string, change: CartChange) => post<{ cart: Cart }>(`carts/${id}`, change).then(cartOf),

    addItem: (id: string, item: NewItem) => post<{ cart: Cart }>(`carts/${id}/line-items`, item).then(cartOf),

    setQuantity: (id: string, itemId: string, quantity: number) =>
      post<{ cart: Cart }>(`carts/${id}/line-items/${itemId}`, { quantity }).then(cartOf),

    removeItem: (id: string, itemId: string) =>
      request<{ parent: Cart }>(`/store/carts/${id}/line-items/${itemId}`, { key, method: 'DELETE' }).then(
        ({ parent }) => parent,
      ),

    shippingOptions: async (cartId: string, signal?: AbortSignal) =>
      (await get<{ shipping_options: ShippingOption[] }>(`shipping-options?${query({ cart_id: cartId })}`, signal))
        .shipping_options,

    addShippingMethod: (id: string, optionId: string) =>
      post<{ cart: Cart }>(`carts/${id}/shipping-methods`, { option_id: optionId }).then(cartOf),

    /** Both calls may be repeated: the cart keeps one collection, a new session replaces the old. */
    preparePayment: async (cartId: string) => {
      const answer = await post<{ payment_collection: { id: string } }>('payment-collections', { cart_id: cartId });
      await post(`payment-collections/${answer.payment_collection.id}/payment-sessions`, {
        provider_id: PAYMENT_PROVIDER,
      });
    },

    /** May be repeated: a finished cart answers with its order. */
    complete: (id: string) => post<Completion>(`carts/${id}/complete`),

    order: (id: string, signal?: AbortSignal) =>
      get<{ order: Order }>(`orders/${encodeURIComponent(id)}`, signal).then(({ order }) => order),
  };
}

function query(fields: Record<string, string | number>): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString();
}

const cartOf = ({ cart }: { cart: Cart }): Cart => cart;
