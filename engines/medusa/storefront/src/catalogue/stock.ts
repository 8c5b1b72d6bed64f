import type { Product, Variant } from '../api/types.ts';

const FEW = 5;

export interface Stock {
  state: 'in' | 'few' | 'out';
  words: string;
  /** How many can be bought; Infinity where the shop does not count. */
  available: number;
}

export function stockOf(variant: Variant): Stock {
  const counted =
    variant.manage_inventory !== false && !variant.allow_backorder && typeof variant.inventory_quantity === 'number';
  return stockFor(counted ? Math.max(0, variant.inventory_quantity ?? 0) : Infinity);
}

/** A product can be bought as long as one of its variants can. */
export function productStock(product: Product): Stock {
  return stockFor((product.variants ?? []).reduce((sum, variant) => sum + stockOf(variant).available, 0));
}

function stockFor(available: number): Stock {
  if (available <= 0) return { state: 'out', words: 'Sold out', available: 0 };
  if (available <= FEW) return { state: 'few', words: `Only ${available} left`, available };
  return { state: 'in', words: 'In stock', available };
}
