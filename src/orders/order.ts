/** What can be told of an order. */
export const ORDER_EVENTS = ['placed', 'paid', 'cancelled', 'refunded'] as const;
export type OrderEventKind = (typeof ORDER_EVENTS)[number];

/** One line of an order. No customer is in it, and nothing of an order says who bought. */
export interface OrderItem {
  name: string;
  /** A whole number from 1 on. */
  quantity: number;
  /** In minor units of the order's currency (ISO 4217): cents, yen, fils. */
  unitPrice: number;
}

/** Something told of an order, as it is kept. Amounts are whole numbers of minor units. */
export interface OrderEvent {
  sourceId: string;
  event: OrderEventKind;
  /** Unique in its source. */
  eventId: string;
  /** The order's own name in its source. */
  externalId: string;
  /** What people call the order, where that is something else. */
  number: string | null;
  currency: string;
  placedAt: Date;
  /** What it costs in all; null where the event says nothing about what was bought. */
  total: number | null;
  /** What was given back up to this event; null where it says nothing about that. */
  refunded: number | null;
  items: readonly OrderItem[];
}

/** An order as all that was told of it makes it (a row of `orders`). */
export interface Order {
  sourceId: string;
  externalId: string;
  number: string | null;
  currency: string;
  placedAt: Date;
  /** Null as long as only its end is known: such an order does not count. */
  total: number | null;
  refunded: number;
  paid: boolean;
  cancelled: boolean;
  items: readonly OrderItem[];
  toldBy: OrderEventKind;
  toldByEvent: string;
}

/** What became of it, in one word: the last of these that is true. */
export type OrderStatus = OrderEventKind;

/** An order as people and scripts see it. */
export interface OrderView {
  storeId: string;
  externalId: string;
  number: string | null;
  status: OrderStatus;
  currency: string;
  total: number | null;
  refunded: number;
  placedAt: string;
  items: readonly OrderItem[];
}

/** By how much the figures of one source changed at once (a row of `order_feed`). Times are ISO 8601 in UTC. */
export interface OrderChange {
  /** `quarter` is the beginning of the quarter of an hour in which the orders were placed. */
  quarters: { quarter: string; currency: string; orders: number; revenue: number }[];
  /** The newest of the orders that changed, newest first, at most 20, as they are now. */
  orders: OrderView[];
}
