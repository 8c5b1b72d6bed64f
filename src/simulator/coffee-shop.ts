/** A kind of shop that can be simulated. Prices are in minor units of its currency. */
export interface Shop {
  name: string;
  currency: string;
  menu: readonly { name: string; unitPrice: number; weight: number }[];
  /** How many different things one buys. */
  baskets: readonly { items: number; weight: number }[];
  /** Minutes after midnight. */
  opens: number;
  closes: number;
  /** When most people come: the middle, how long to either side, how many beside the quiet of the day. */
  rushes: readonly { at: number; spread: number; height: number }[];
}

const HOUR = 60;

export const COFFEE_SHOP: Shop = {
  name: 'Coffee shop (simulated)',
  currency: 'USD',
  menu: [
    { name: 'Flat white', unitPrice: 450, weight: 20 },
    { name: 'Cappuccino', unitPrice: 425, weight: 18 },
    { name: 'Latte', unitPrice: 475, weight: 17 },
    { name: 'Espresso', unitPrice: 300, weight: 12 },
    { name: 'Filter coffee', unitPrice: 350, weight: 9 },
    { name: 'Cold brew', unitPrice: 500, weight: 7 },
    { name: 'Hot chocolate', unitPrice: 450, weight: 4 },
    { name: 'Chai latte', unitPrice: 495, weight: 5 },
    { name: 'Green tea', unitPrice: 325, weight: 4 },
    { name: 'Butter croissant', unitPrice: 375, weight: 13 },
    { name: 'Blueberry muffin', unitPrice: 395, weight: 8 },
    { name: 'Cinnamon roll', unitPrice: 425, weight: 6 },
    { name: 'Ham and cheese toast', unitPrice: 795, weight: 6 },
    { name: 'Avocado toast', unitPrice: 1050, weight: 4 },
    { name: 'House blend, 250 g', unitPrice: 1450, weight: 2 },
  ],
  baskets: [
    { items: 1, weight: 55 },
    { items: 2, weight: 30 },
    { items: 3, weight: 11 },
    { items: 4, weight: 4 },
  ],
  opens: 6.5 * HOUR,
  closes: 19 * HOUR,
  rushes: [
    { at: 8.25 * HOUR, spread: 45, height: 6 },
    { at: 12.75 * HOUR, spread: 40, height: 3 },
    { at: 15.75 * HOUR, spread: 50, height: 2 },
  ],
};

export const SHOPS = { coffee: COFFEE_SHOP } as const;
export type ShopKind = keyof typeof SHOPS;

/** How many people come at that minute of the day, beside other minutes; nobody while it is closed. */
export function crowdAt(shop: Shop, minute: number): number {
  if (minute < shop.opens || minute >= shop.closes) return 0;
  const rush = shop.rushes.map(({ at, spread, height }) => height * Math.exp(-(((minute - at) / spread) ** 2) / 2));
  return rush.reduce((sum, one) => sum + one, 1);
}
