import type { Shop } from './coffee-shop.ts';
import type { Random } from './random.ts';

/** What is told of an order, as `POST /api/v1/orders` takes it. */
export interface ToldOrder {
  storeId: string;
  event: 'placed' | 'paid' | 'cancelled' | 'refunded';
  externalId: string;
  number: string;
  currency: string;
  placedAt: string;
  items: { name: string; quantity: number; unitPrice: number }[];
  total: number;
  refunded?: number;
}

/** An order, and what becomes of it so many ms after it was placed. */
export interface SimulatedOrder {
  placed: ToldOrder;
  later: { afterMs: number; told: ToldOrder }[];
}

/** Who orders ahead pays at the counter, or never comes; all others pay when they order. */
const ORDERED_AHEAD = 0.15;
const NEVER_CAME = 0.2;
const WRONG_DRINK = 0.015;
const TWO_OF_IT = 0.12;

const COLLECTED_MS = 20_000;
const GIVEN_UP_MS = 30_000;
const BROUGHT_BACK_MS = 45_000;

/** One order of somebody who comes in. `name` is its own among all of the source; `number` is what is called out. */
export function simulatedOrder(
  shop: Shop,
  random: Random,
  { storeId, name, number, placedAt }: { storeId: string; name: string; number: number; placedAt: Date },
): SimulatedOrder {
  const items = basket(shop, random);
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const ahead = random.chance(ORDERED_AHEAD);
  const told: ToldOrder = {
    storeId,
    event: ahead ? 'placed' : 'paid',
    externalId: name,
    number: `#${number}`,
    currency: shop.currency,
    placedAt: placedAt.toISOString(),
    items,
    total,
  };
  return { placed: told, later: whatFollows(random, told, ahead) };
}

function basket(shop: Shop, random: Random): ToldOrder['items'] {
  const { items } = random.pick(shop.baskets);
  const chosen = new Set<Shop['menu'][number]>();
  while (chosen.size < Math.min(items, shop.menu.length)) chosen.add(random.pick(shop.menu));
  return [...chosen].map(({ name, unitPrice }) => ({ name, quantity: random.chance(TWO_OF_IT) ? 2 : 1, unitPrice }));
}

function whatFollows(random: Random, told: ToldOrder, ahead: boolean): SimulatedOrder['later'] {
  const soon = (ms: number) => Math.round(ms * (0.5 + random.next()));
  if (ahead && random.chance(NEVER_CAME)) {
    return [{ afterMs: soon(GIVEN_UP_MS), told: { ...told, event: 'cancelled' } }];
  }
  const paid = ahead ? [{ afterMs: soon(COLLECTED_MS), told: { ...told, event: 'paid' as const } }] : [];
  const [first] = told.items;
  if (!first || !random.chance(WRONG_DRINK)) return paid;
  const refunded = { ...told, event: 'refunded' as const, refunded: first.unitPrice };
  return [...paid, { afterMs: soon(BROUGHT_BACK_MS), told: refunded }];
}
