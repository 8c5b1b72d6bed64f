/*
 * What the platform says on the live WebSocket. It is no part of the API's document, which knows requests and answers only,
 * so it is written down here; the figures themselves are those of `GET /api/v1/orders/summary`.
 */

/** A sum of money by currency, in minor units. */
export type Money = Readonly<Record<string, number>>;

export interface LiveOrder {
  storeId: string;
  externalId: string;
  number: string | null;
  status: 'placed' | 'paid' | 'cancelled' | 'refunded';
  currency: string;
  /** In minor units; null while only the order's end is known. */
  total: number | null;
  refunded: number;
  placedAt: string;
  items: readonly { name: string; quantity: number; unitPrice: number }[];
}

export interface Hour {
  /** Its beginning, with the offset of the zone in which the day is counted. */
  hour: string;
  orders: number;
  revenue: Money;
}

export interface OrderValue {
  currency: string | null;
  mean: number | null;
  p50: number | null;
  p95: number | null;
}

export interface Totals {
  orders: number;
  revenue: Money;
}

export interface Product {
  name: string;
  quantity: number;
}

export interface DaySummary {
  asOf: string;
  date: string;
  timeZone: string;
  hours: readonly Hour[];
  topProducts: readonly Product[];
  recent: readonly LiveOrder[];
  orderValue: OrderValue;
  /** The day before, up to the same time of day. */
  previous: Totals;
}

/** By how much a quarter of an hour changed. */
export interface QuarterChange {
  /** Its beginning. */
  quarter: string;
  currency: string;
  orders: number;
  revenue: number;
}

export type LiveMessage =
  | { type: 'snapshot'; seq: number; summary: DaySummary }
  | { type: 'delta'; seq: number; quarters: readonly QuarterChange[]; orders: readonly LiveOrder[] }
  | {
      type: 'figures';
      seq: number;
      asOf: string;
      topProducts: readonly Product[];
      orderValue: OrderValue;
      previous: Totals;
    }
  | { type: 'beat' };
