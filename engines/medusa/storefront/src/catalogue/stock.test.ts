import { describe, expect, it } from 'vitest';
import type { Product, Variant } from '../api/types.ts';
import { productStock, stockOf } from './stock.ts';

const variant = (rest: Partial<Variant>): Variant => ({ id: 'v', title: 'V', manage_inventory: true, ...rest });

const product = (...quantities: number[]) =>
  ({ variants: quantities.map((inventory_quantity) => variant({ inventory_quantity })) }) as Product;

describe('stockOf', () => {
  it.each([
    [50, 'in', 'In stock'],
    [5, 'few', 'Only 5 left'],
    [1, 'few', 'Only 1 left'],
    [0, 'out', 'Sold out'],
    [-2, 'out', 'Sold out'],
  ])('%i pieces: %s', (inventory_quantity, state, words) => {
    expect(stockOf(variant({ inventory_quantity }))).toMatchObject({ state, words });
  });

  it('never sells out what is not counted or may be back-ordered', () => {
    expect(stockOf(variant({ manage_inventory: false, inventory_quantity: 0 })).available).toBe(Infinity);
    expect(stockOf(variant({ allow_backorder: true, inventory_quantity: 0 })).state).toBe('in');
  });
});

describe('productStock', () => {
  it('adds its variants up', () => expect(productStock(product(0, 3)).words).toBe('Only 3 left'));
  it('is sold out with the last of them', () => expect(productStock(product(0, 0)).state).toBe('out'));
  it('is sold out without any', () => expect(productStock(product()).state).toBe('out'));
});
