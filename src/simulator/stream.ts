import type { Shop } from './coffee-shop.ts';
import { simulatedOrder, type ToldOrder } from './orders.ts';
import { seededRandom } from './random.ts';

/** Orders as they happen. What time it is, the caller says. */
export interface SimulatedStream {
  /** What has happened up to then and was not told yet, oldest first; at most so many, and the others next time. */
  until(now: number, most?: number): ToldOrder[];
  /** When something happens next. */
  nextAt(): number;
  /** How many orders were placed. */
  placed(): number;
}

export interface StreamOptions {
  storeId: string;
  /** Orders a second on average; when they come is chance, as in a shop. */
  rate: number;
  /** Milliseconds since 1970. */
  from: number;
  /** Part of the orders' names, so that they differ from those of every other run; the same run is the same again. */
  run: string;
  /** What was called out for the last order before. */
  lastNumber?: number;
  /** How many are placed at most. */
  orders?: number;
}

interface Due {
  at: number;
  order: ToldOrder;
}

export function simulatedStream(shop: Shop, options: StreamOptions): SimulatedStream {
  const { storeId, rate, from, run, lastNumber = 0, orders = Infinity } = options;
  const random = seededRandom(run);
  const later: Due[] = [];
  let placed = 0;
  let nextArrival = orders > 0 ? from + random.wait(rate) : Infinity;

  function arrive(): ToldOrder {
    const at = nextArrival;
    placed += 1;
    nextArrival = placed < orders ? at + random.wait(rate) : Infinity;
    const about = { storeId, name: `${run}-${placed}`, number: lastNumber + placed, placedAt: new Date(at) };
    const order = simulatedOrder(shop, random, about);
    for (const { afterMs, told } of order.later) insert(later, { at: at + afterMs, order: told });
    return order.placed;
  }

  function next(): ToldOrder {
    const first = later[0];
    if (!first || first.at > nextArrival) return arrive();
    later.shift();
    return first.order;
  }

  const nextAt = (): number => Math.min(nextArrival, later[0]?.at ?? Infinity);
  return {
    nextAt,
    placed: () => placed,
    until(now, most = Infinity) {
      const told: ToldOrder[] = [];
      while (told.length < most && nextAt() <= now) told.push(next());
      return told;
    },
  };
}

/** Keeps the list in the order of time. */
function insert(list: Due[], due: Due): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as Due).at <= due.at) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, due);
}
