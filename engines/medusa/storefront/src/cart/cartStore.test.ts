import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/request.ts';
import type { Cart } from '../api/types.ts';
import { CART_KEY, CartStore, type CartApi } from './cartStore.ts';

const cartOf = (id: string, quantity = 1, rest: Partial<Cart> = {}): Cart =>
  ({ id, items: [{ id: 'line', title: 'Mug', unit_price: 18, quantity }], ...rest }) as Cart;
const missing = new ApiError(404, 'not_found', 'Cart not found');
const item = { variant_id: 'v', quantity: 1 };

let kept: Map<string, string>;
let api: { [Name in keyof CartApi]: ReturnType<typeof vi.fn<CartApi[Name]>> };

const open = (id?: string) => {
  if (id) kept.set(CART_KEY, id);
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return new CartStore({ api, regionId: 'reg', country: 'de', storage });
};

beforeEach(() => {
  kept = new Map();
  api = {
    cart: vi.fn<CartApi['cart']>(async (id) => cartOf(id)),
    createCart: vi.fn<CartApi['createCart']>(async () => cartOf('new')),
    addItem: vi.fn<CartApi['addItem']>(async (id) => cartOf(id, 2)),
    setQuantity: vi.fn<CartApi['setQuantity']>(async (id, _item, quantity) => cartOf(id, quantity)),
    removeItem: vi.fn<CartApi['removeItem']>(async (id) => ({ ...cartOf(id), items: [] })),
  };
});

describe('the cart', () => {
  it('begins with the first item, in the likely country, and is remembered', async () => {
    const store = open();
    await store.add(item);
    expect(api.createCart).toHaveBeenCalledWith('reg', [item], 'de');
    expect(kept.get(CART_KEY)).toBe('new');
  });

  it('begins without a country where the shop does not sell', async () => {
    api.createCart.mockRejectedValueOnce(
      new ApiError(400, 'invalid_data', 'Country with code xk is not within region'),
    );
    await open().add(item);
    expect(api.createCart).toHaveBeenLastCalledWith('reg', [item]);
  });

  it('comes back after a reload', async () => {
    const store = open('old');
    await store.refresh();
    expect(store.snapshot()).toMatchObject({ status: 'ready', cart: { id: 'old' } });
  });

  it('is dropped silently when it was ordered or lost', async () => {
    api.cart.mockResolvedValueOnce(cartOf('old', 1, { completed_at: '2026-01-01' })).mockRejectedValueOnce(missing);
    for (const id of ['ordered', 'lost']) {
      const store = open(id);
      await store.refresh();
      expect(store.snapshot()).toEqual({ status: 'ready', cart: null });
      expect(kept.has(CART_KEY)).toBe(false);
    }
  });

  it('is kept when the shop cannot be reached', async () => {
    api.cart.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
    const store = open('old');
    await store.refresh();
    expect(store.snapshot().status).toBe('failed');
    expect(kept.get(CART_KEY)).toBe('old');
  });

  it('is replaced when it vanished while shopping', async () => {
    api.addItem.mockRejectedValueOnce(missing);
    api.cart.mockRejectedValueOnce(missing);
    await open('lost').add(item);
    expect(kept.get(CART_KEY)).toBe('new');
  });

  it('is not thrown away because a product is gone', async () => {
    api.addItem.mockRejectedValueOnce(missing);
    await expect(open('old').add(item)).rejects.toBe(missing);
    expect(kept.get(CART_KEY)).toBe('old');
  });

  it('shows a new quantity at once and sends quick clicks as one', async () => {
    const store = open('old');
    await store.refresh();
    const clicks = [2, 3, 4].map((quantity) => store.setQuantity('line', quantity));
    expect(store.snapshot().cart?.items[0]?.quantity).toBe(4);
    await Promise.all(clicks);
    expect(api.setQuantity.mock.calls).toEqual([['old', 'line', 4]]);
  });

  it('goes back to what the shop has when that refuses', async () => {
    const refusal = new ApiError(400, 'insufficient_inventory', 'no');
    api.setQuantity.mockRejectedValueOnce(refusal);
    const store = open('old');
    await store.refresh();
    await expect(store.setQuantity('line', 99)).rejects.toBe(refusal);
    expect(store.snapshot().cart?.items[0]?.quantity).toBe(1);
  });
});
