import type { OrderView } from './order.ts';

/** A sum of money by currency, in minor units. */
export type Money = Record<string, number>;

/** The figures of one day, of one source or of all that somebody may see, at one moment. */
export interface Summary {
  /** ISO 8601 in UTC. Everything in it is as of this moment. */
  asOf: string;
  /** The day that is summed up, `YYYY-MM-DD` in `timeZone`. */
  date: string;
  timeZone: string;
  /** Each hour of the day, also those without orders: 23 to 25. `hour` is its beginning with the zone's offset. */
  hours: { hour: string; orders: number; revenue: Money }[];
  /** The five most sold of the day. */
  topProducts: { name: string; quantity: number }[];
  /** The newest orders of any day, newest first, at most 20. */
  recent: OrderView[];
  /** Of the currency with most orders; null where there are none. Percentiles are interpolated, as percentile_cont does. */
  orderValue: { currency: string | null; mean: number | null; p50: number | null; p95: number | null };
  /** The day before up to the same time of day; the whole of it for a day that is over. */
  previous: { orders: number; revenue: Money };
  /** The number of the last change (order_feed) that is in it. */
  seq: number;
}

/** Whose orders: of one source, or of all that the asking person may see. */
export interface Scope {
  sourceId: string | null;
}
