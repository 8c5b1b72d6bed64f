import { describe, expect, it } from 'vitest';
import type { Product, Variant } from '../api/types.ts';
import { productPrice, variantPrice } from './price.ts';

const at = (now: number, original = now): Variant => ({
  id: String(now),
  title: null,
  calculated_price: { calculated_amount: now, original_amount: original, currency_code: 'usd' },
});

describe('prices', () => {
  it('shows a reduction with the price before', () => {
    expect(variantPrice(at(9, 12))).toEqual({ now: '$9.00', before: '$12.00', from: false });
  });

  it('shows the lowest of several as "from"', () => {
    expect(productPrice({ variants: [at(20), at(12), at(15)] } as Product)).toMatchObject({
      now: '$12.00',
      from: true,
    });
    expect(productPrice({ variants: [at(12), at(12)] } as Product)).toMatchObject({ from: false });
  });

  it('knows no price without one', () => {
    expect(variantPrice({ id: 'x', title: null })).toBeNull();
    expect(productPrice({ variants: null } as Product)).toBeNull();
  });
});
