import type { Cart, LineItem, Totals } from '../api/types.ts';

/** Money added in floating point is rounded where it is shown or compared. */
const cents = (amount: number): number => Math.round((amount + Number.EPSILON) * 1000) / 1000;

export const lineTotal = (item: LineItem): number => cents(item.unit_price * item.quantity);

export const countItems = (cart: Cart | null): number =>
  (cart?.items ?? []).reduce((sum, item) => sum + item.quantity, 0);

export const countOfProduct = (cart: Cart | null, productId: string): number =>
  (cart?.items ?? []).filter((item) => item.product_id === productId).reduce((sum, item) => sum + item.quantity, 0);

export const subtotal = (items: LineItem[]): number => cents(items.reduce((sum, item) => sum + lineTotal(item), 0));

/** The cart as it will be once the shop has answered; zero removes a line. */
export function withQuantities(cart: Cart, wanted: ReadonlyMap<string, number>): Cart {
  if (wanted.size === 0) return cart;
  const items = cart.items
    .map((item) => ({ ...item, quantity: wanted.get(item.id) ?? item.quantity }))
    .filter((item) => item.quantity > 0);
  return { ...cart, items };
}

export interface Summary {
  items: number;
  delivery: number;
  tax: number;
  discount: number;
  total: number;
}

/** Lines that add up to the total: what is missing between them is a discount. */
export function summarise(totals: Totals): Summary {
  const { item_subtotal: items, shipping_subtotal: delivery, tax_total: tax, total } = totals;
  return { items, delivery, tax, discount: Math.max(0, cents(items + delivery + tax - total)), total };
}
