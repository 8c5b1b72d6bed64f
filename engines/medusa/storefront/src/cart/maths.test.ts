import { describe, expect, it } from 'vitest';
import type { Cart, LineItem } from '../api/types.ts';
import { countItems, countOfProduct, lineTotal, subtotal, summarise, withQuantities } from './maths.ts';

const item = (id: string, unit_price: number, quantity: number): LineItem => ({
  id,
  title: id,
  product_id: `p-${id}`,
  unit_price,
  quantity,
});
const cart = { id: 'c', items: [item('mug', 18, 2), item('towel', 14.5, 1)] } as Cart;

describe('cart maths', () => {
  it('adds money without the dust of floating point', () => {
    expect(lineTotal(item('x', 0.1, 3))).toBe(0.3);
    expect(subtotal([item('x', 0.1, 1), item('y', 0.2, 1)])).toBe(0.3);
  });

  it('counts pieces, not lines', () => {
    expect(countItems(cart)).toBe(3);
    expect(countItems(null)).toBe(0);
    expect(countOfProduct(cart, 'p-mug')).toBe(2);
  });

  it('shows wished quantities before the shop has answered', () => {
    const wished = withQuantities(
      cart,
      new Map([
        ['mug', 5],
        ['towel', 0],
      ]),
    );
    expect(wished.items).toEqual([item('mug', 18, 5)]);
    expect(cart.items).toHaveLength(2);
    expect(withQuantities(cart, new Map())).toBe(cart);
  });

  it('explains the total line by line', () => {
    const totals = { currency_code: 'usd', item_subtotal: 50, shipping_subtotal: 5, tax_total: 3.3, total: 48.3 };
    expect(summarise(totals)).toEqual({ items: 50, delivery: 5, tax: 3.3, discount: 10, total: 48.3 });
    expect(summarise({ ...totals, total: 58.3 }).discount).toBe(0);
  });
});
