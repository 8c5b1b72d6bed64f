import { minorUnits } from './amounts';

/** An order as far as the platform is told of it. Amounts are decimal text in major units. */
export interface SeenOrder {
  id: string;
  /** The number that people see. */
  number: string;
  currency: string;
  placedAt: Date;
  cancelled: boolean;
  /** What was taken from the shopper up to now, and what was given back of it. */
  captured: string;
  refunded: string;
  /** What the shopper pays in all, shipping and taxes included. */
  total: string;
  /** `price` is what was really paid for one. */
  items: readonly { name: string; quantity: number; price: string }[];
}

/** One event of the platform's API for orders. */
export interface Fact {
  storeId: string;
  event: 'placed' | 'paid' | 'cancelled' | 'refunded';
  eventId: string;
  externalId: string;
  number: string;
  currency: string;
  placedAt: string;
  total?: number;
  refunded?: number;
  items?: { name: string; quantity: number; unitPrice: number }[];
}

const MOST_ITEMS = 100;
const LONGEST_NAME = 255;

/**
 * All that holds of an order now, each fact under a name that never changes: the platform counts each once, so that it
 * does not matter how often it hears of it. None for an order without anything in it. No customer is in them.
 */
export function factsOf(order: SeenOrder, storeId: string): Fact[] {
  if (order.items.length === 0) return [];
  const currency = order.currency.toUpperCase();
  const fact = (event: Fact['event'], detail = ''): Fact => ({
    storeId,
    event,
    eventId: `${order.id}:${event}${detail}`,
    externalId: order.id,
    number: order.number,
    currency,
    placedAt: order.placedAt.toISOString(),
  });
  const [total, captured, refunded] = [order.total, order.captured, order.refunded].map((amount) =>
    minorUnits(amount, currency),
  ) as [number, number, number];
  return [
    { ...fact('placed'), total, items: itemsOf(order, currency) },
    ...(captured > 0 && captured >= total ? [fact('paid')] : []),
    ...(order.cancelled ? [fact('cancelled')] : []),
    ...(refunded > 0 ? [{ ...fact('refunded', `:${refunded}`), refunded }] : []),
  ];
}

/** Without half a sign at its end: the platform counts in UTF-16, where some have two halves. */
function shortened(name: string): string {
  return name.slice(0, LONGEST_NAME).replace(/[\uD800-\uDBFF]$/, '');
}

function itemsOf({ items }: SeenOrder, currency: string): Fact['items'] {
  return items.slice(0, MOST_ITEMS).map(({ name, quantity, price }) => ({
    name: shortened(name.trim()) || '?',
    quantity: Math.max(1, Math.round(quantity)),
    unitPrice: minorUnits(price, currency),
  }));
}
