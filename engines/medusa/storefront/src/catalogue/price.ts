import type { Product, Variant } from '../api/types.ts';
import { money } from '../format/money.ts';

export interface ShownPrice {
  now: string;
  /** The price before a sale. */
  before: string | null;
  /** Some variants cost more. */
  from: boolean;
}

export function variantPrice(variant: Variant | undefined): ShownPrice | null {
  const price = variant?.calculated_price;
  if (!price || typeof price.calculated_amount !== 'number' || !price.currency_code) return null;
  const { calculated_amount: amount, original_amount: original, currency_code: currency } = price;
  const reduced = typeof original === 'number' && original > amount;
  return { now: money(amount, currency), before: reduced ? money(original, currency) : null, from: false };
}

/** The lowest price of a product's variants. */
export function productPrice(product: Product): ShownPrice | null {
  const priced = (product.variants ?? []).filter(
    (variant) => typeof variant.calculated_price?.calculated_amount === 'number',
  );
  const cheapest = priced.reduce<Variant | undefined>(
    (best, one) => (best && amount(best) <= amount(one) ? best : one),
    undefined,
  );
  const shown = variantPrice(cheapest);
  if (!shown || !cheapest) return null;
  return { ...shown, from: priced.some((variant) => amount(variant) > amount(cheapest)) };
}

const amount = (variant: Variant): number => variant.calculated_price?.calculated_amount ?? 0;
