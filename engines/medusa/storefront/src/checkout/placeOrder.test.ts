import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/request.ts';
import type { Cart, Order } from '../api/types.ts';
import type { Details } from './details.ts';
import { placeOrder, type OrderApi, type Wish } from './placeOrder.ts';

const cart = (total: number, option?: string): Cart =>
  ({ id: 'cart', total, shipping_methods: option ? [{ shipping_option_id: option }] : [] }) as Cart;
const order = { id: 'order', display_id: 1 } as Order;
const wish = { cartId: 'cart', details: {} as Details, optionId: 'flat', seenTotal: 23 };

let api: { [Name in keyof OrderApi]: ReturnType<typeof vi.fn<OrderApi[Name]>> };
const steps: number[] = [];
const place = (change: Partial<Wish> = {}) => placeOrder(api, { ...wish, ...change }, (step) => steps.push(step));

beforeEach(() => {
  steps.length = 0;
  api = {
    updateCart: vi.fn<OrderApi['updateCart']>(async () => cart(23, 'flat')),
    shippingOptions: vi.fn<OrderApi['shippingOptions']>(async () => [{ id: 'first', name: 'Flat', amount: 5 }]),
    addShippingMethod: vi.fn<OrderApi['addShippingMethod']>(async () => cart(23, 'flat')),
    preparePayment: vi.fn<OrderApi['preparePayment']>(async () => undefined),
    complete: vi.fn<OrderApi['complete']>(async () => ({ type: 'order' as const, order })),
  };
});

describe('placing an order', () => {
  it('goes step by step to the order', async () => {
    expect(await place()).toEqual({ order });
    expect(steps).toEqual([0, 1, 2, 3]);
    expect(api.addShippingMethod).not.toHaveBeenCalled();
  });

  it('adds the delivery that an address change took away', async () => {
    api.updateCart.mockResolvedValueOnce(cart(18));
    await place();
    expect(api.addShippingMethod).toHaveBeenCalledWith('cart', 'flat');
  });

  it('finds a delivery for who was faster than the list', async () => {
    await place({ optionId: null });
    expect(api.addShippingMethod).toHaveBeenCalledWith('cart', 'first');
    api.shippingOptions.mockResolvedValueOnce([]);
    await expect(place({ optionId: null })).rejects.toMatchObject({ code: 'no_delivery' });
  });

  it('never orders at a price that was not seen', async () => {
    api.updateCart.mockResolvedValueOnce(cart(25, 'flat'));
    expect(await place()).toMatchObject({ repriced: { total: 25 } });
    expect(api.complete).not.toHaveBeenCalled();
  });

  it('asks again when the last answer was lost', async () => {
    api.complete.mockRejectedValueOnce(new ApiError(0, 'unreachable', ''));
    expect(await place()).toEqual({ order });
    expect(api.complete).toHaveBeenCalledTimes(2);
  });

  it('finds the order of an earlier try', async () => {
    api.updateCart.mockRejectedValueOnce(new ApiError(400, 'invalid_data', 'Cart cart is already completed.'));
    expect(await place()).toEqual({ order });
  });

  it('tells why the shop handed the cart back', async () => {
    api.complete.mockResolvedValueOnce({
      type: 'cart',
      cart: cart(23),
      error: { message: 'Payment failed', type: 'payment' },
    });
    await expect(place()).rejects.toMatchObject({ status: 409, message: 'Payment failed' });
  });
});
