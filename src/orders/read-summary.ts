import { sql } from 'kysely';
import { seenSources, sumsOf, sumsOfHours, topProducts, valuesAt, type Period, type Sum } from '../db/order-figures.ts';
import { listOrders } from '../db/orders.ts';
import type { Tx } from '../db/session.ts';
import { AppError } from '../errors.ts';
import { quarterOf } from './figures.ts';
import type { Money, Scope, Summary } from './summary.ts';
import { dateIn, dayBefore, dayOf, localTime, sameTimeDayBefore } from './zone.ts';

const TOP_PRODUCTS = 5;
const RECENT_ORDERS = 20;

/**
 * The figures of a day (`YYYY-MM-DD`; today by default) as the acting person may see them, all of one moment: it must
 * be the first thing that its transaction does. "Now" is what the caller says, once. Throws AppError NOT_FOUND for a
 * source that this person does not see.
 */
export async function readSummary(
  tx: Tx,
  scope: Scope,
  { date, now }: { date?: string | undefined; now: Date },
): Promise<Summary> {
  await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`.execute(tx);
  const { timeZone, seq } = await seenIn(tx, scope);
  const today = dateIn(timeZone, now);
  const summed = date ?? today;
  const day = dayOf(timeZone, summed);
  const sums = await sumsOfHours(tx, scope, day.hours, day.end);
  return {
    asOf: now.toISOString(),
    date: summed,
    timeZone,
    hours: day.hours.map((at, hour) => ({
      hour: localTime(timeZone, at),
      ...totalOf(sums.filter((sum) => sum.hour === hour)),
    })),
    topProducts: await topProducts(tx, scope, day, TOP_PRODUCTS),
    recent: (await listOrders(tx, { ...scope, limit: RECENT_ORDERS })).orders,
    orderValue: await orderValue(tx, scope, day, sums),
    previous: totalOf(await sumUpTo(tx, scope, periodBefore(timeZone, summed, summed === today ? now : null))),
    seq,
  };
}

/** The zone in which days of the scope are counted: the one that all its sources share, else UTC. Throws as above. */
export async function zoneOf(tx: Tx, scope: Scope): Promise<string> {
  return (await seenIn(tx, scope)).timeZone;
}

async function seenIn(tx: Tx, scope: Scope): Promise<{ timeZone: string; seq: number }> {
  const { sources, zones, zone, seq } = await seenSources(tx, scope);
  if (scope.sourceId !== null && sources === 0) throw unknownSource(scope.sourceId);
  return { timeZone: zones === 1 && zone !== null ? zone : 'UTC', seq };
}

function unknownSource(sourceId: string): AppError {
  return new AppError('NOT_FOUND', `storeId: there is no store or order source ${sourceId}.`, {
    details: { field: 'storeId' },
  });
}

/** The day before a date: up to the same time of day as now, or all of it. */
function periodBefore(zone: string, date: string, now: Date | null): Period {
  const { start, end } = dayOf(zone, dayBefore(date));
  return { start, end: now ? sameTimeDayBefore(zone, now) : end };
}

/** A period that ends at any moment: the quarter in which that is has to be counted order by order. */
async function sumUpTo(tx: Tx, scope: Scope, { start, end }: Period): Promise<Sum[]> {
  const broken = quarterOf(end);
  return sumsOf(tx, scope, { start, end: broken }, { start: broken, end });
}

function totalOf(sums: readonly Sum[]): { orders: number; revenue: Money } {
  const revenue: Money = {};
  let all = 0;
  for (const { currency, orders, revenue: amount } of sums.toSorted((a, b) => (a.currency < b.currency ? -1 : 1))) {
    all += orders;
    revenue[currency] = (revenue[currency] ?? 0) + amount;
  }
  return { orders: all, revenue };
}

async function orderValue(tx: Tx, scope: Scope, period: Period, sums: readonly Sum[]): Promise<Summary['orderValue']> {
  const main = mainCurrency(sums);
  if (!main) return { currency: null, mean: null, p50: null, p95: null };
  const { currency, orders, revenue } = main;
  const [middle, high] = [0.5 * (orders - 1), 0.95 * (orders - 1)];
  const places = [middle, high].flatMap((place) => [Math.floor(place), Math.ceil(place)]);
  const [a, b, c, d] = await valuesAt(tx, scope, period, currency, places);
  return { currency, mean: revenue / orders, p50: between(a!, b!, middle), p95: between(c!, d!, high) };
}

/** The currency with most orders; of several the first by name. */
function mainCurrency(sums: readonly Sum[]): Sum | null {
  const totals = new Map<string, Sum>();
  for (const { currency, orders, revenue } of sums) {
    const total = totals.get(currency) ?? { currency, orders: 0, revenue: 0 };
    totals.set(currency, { currency, orders: total.orders + orders, revenue: total.revenue + revenue });
  }
  const [main] = [...totals.values()].toSorted((a, b) => b.orders - a.orders || (a.currency < b.currency ? -1 : 1));
  return main ?? null;
}

/** What percentile_cont does: a place between two values counts as so far on the way between them. */
function between(low: number, high: number, place: number): number {
  return low + (place - Math.floor(place)) * (high - low);
}
