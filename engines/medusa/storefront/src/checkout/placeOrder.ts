import { ApiError } from '../api/request.ts';
import type { StoreApi } from '../api/storeApi.ts';
import type { Cart, Completion, Order } from '../api/types.ts';
import { isFinished } from '../api/words.ts';
import { toCartChange, type Details } from './details.ts';

export const STEPS = ['Saving your details', 'Adding delivery', 'Preparing payment', 'Placing your order'] as const;

export const NO_DELIVERY = 'There is no delivery to this country yet. Please choose another one.';

export type OrderApi = Pick<
  StoreApi,
  'updateCart' | 'shippingOptions' | 'addShippingMethod' | 'preparePayment' | 'complete'
>;

export interface Wish {
  cartId: string;
  details: Details;
  /** Null when the button was faster than the list of options. */
  optionId: string | null;
  /** The last total the shopper has seen. */
  seenTotal: number | null;
}

export type Outcome = { order: Order } | { repriced: Cart };

/**
 * From a filled cart to an order. Each step may be repeated, so after any
 * failure the same button tries again and never orders twice.
 */
export async function placeOrder(api: OrderApi, wish: Wish, onStep: (step: number) => void): Promise<Outcome> {
  const { cartId, details, optionId, seenTotal } = wish;
  try {
    onStep(0);
    let cart = await api.updateCart(cartId, toCartChange(details));
    onStep(1);
    const delivery = optionId ?? (await firstOption(api, cartId));
    if (!hasMethod(cart, delivery)) cart = await api.addShippingMethod(cartId, delivery);
    // The address may change a tax: nobody orders at a price not seen.
    if (seenTotal !== null && cart.total > seenTotal + 0.001) return { repriced: cart };
    onStep(2);
    await api.preparePayment(cartId);
  } catch (error) {
    // The answer to an earlier try was lost on the way; the order exists.
    if (!isFinished(error)) throw error;
  }
  onStep(3);
  return { order: orderOf(await completeSurely(api, cartId)) };
}

export const hasMethod = (cart: Cart, optionId: string): boolean =>
  (cart.shipping_methods ?? []).some((method) => method.shipping_option_id === optionId);

async function firstOption(api: OrderApi, cartId: string): Promise<string> {
  const [option] = await api.shippingOptions(cartId);
  if (!option) throw new ApiError(409, 'no_delivery', NO_DELIVERY);
  return option.id;
}

/** An answer that got lost is asked for once more; completing twice gives the same order. */
async function completeSurely(api: OrderApi, cartId: string): Promise<Completion> {
  try {
    return await api.complete(cartId);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) return api.complete(cartId);
    throw error;
  }
}

function orderOf(completion: Completion): Order {
  if (completion.type === 'order') return completion.order;
  throw new ApiError(409, completion.error.type ?? 'not_completed', completion.error.message);
}
