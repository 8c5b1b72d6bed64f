import { crowdAt, type Shop } from './coffee-shop.ts';
import { simulatedOrder, type ToldOrder } from './orders.ts';
import { seededRandom, type Random } from './random.ts';
import { instantOf } from './zone.ts';

export interface DayOptions {
  storeId: string;
  /** `YYYY-MM-DD` in `timeZone`. */
  day: string;
  timeZone: string;
  /** About how many orders the whole day has. */
  orders: number;
  /** Nothing is told that happens later. */
  until: Date;
}

/**
 * A believable day of a shop, in the order in which things happen. It is the same day whenever it is asked for, with the
 * same names of orders, so that what was sent before is known again.
 */
export function simulatedDay(shop: Shop, { storeId, day, timeZone, orders, until }: DayOptions): ToldOrder[] {
  const random = seededRandom(`${storeId} ${day}`);
  const told: { at: number; order: ToldOrder }[] = [];
  for (const [index, minute] of arrivals(shop, random, orders).entries()) {
    const placedAt = instantOf(day, minute, timeZone);
    const name = `${day}-${index + 1}`;
    const { placed, later } = simulatedOrder(shop, random, { storeId, name, number: index + 1, placedAt });
    told.push({ at: placedAt.getTime(), order: placed });
    for (const { afterMs, told: order } of later) told.push({ at: placedAt.getTime() + afterMs, order });
  }
  return told
    .filter(({ at }) => at <= until.getTime())
    .toSorted((a, b) => a.at - b.at)
    .map(({ order }) => order);
}

/** When people come in, in minutes after midnight, as the crowd of each minute lets one expect. */
function arrivals(shop: Shop, random: Random, orders: number): number[] {
  const minutes = Array.from({ length: shop.closes - shop.opens }, (_, at) => shop.opens + at);
  const crowd = minutes.reduce((sum, minute) => sum + crowdAt(shop, minute), 0);
  return minutes.flatMap((minute) => {
    const expected = (orders * crowdAt(shop, minute)) / crowd;
    return Array.from({ length: poisson(random, expected) }, () => minute + random.next()).toSorted((a, b) => a - b);
  });
}

/** How often something happens in a while in which it happens that often on average. */
function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let time = random.wait(1) / 1000; time < mean; time += random.wait(1) / 1000) count += 1;
  return count;
}
