import type { DaySummary, Hour, LiveMessage, LiveOrder, Money, QuarterChange, Totals } from './messages.ts';

const MOST_RECENT = 20;
const HOUR_MS = 3_600_000;

/** The day as it is now: the last snapshot and all that was told since. */
export interface LiveFigures extends DaySummary {
  /** The last change that is in the hours and the recent orders. */
  seq: number;
  /** Which of the recent orders came, or changed, after the snapshot (`keyOf`). */
  fresh: ReadonlySet<string>;
}

/** What a message makes of the figures. Nothing is counted twice: a change that is in them already changes nothing. */
export function follow(before: LiveFigures | null, message: LiveMessage): LiveFigures | null {
  if (message.type === 'snapshot') return { ...message.summary, seq: message.seq, fresh: new Set() };
  if (before === null || message.type === 'beat') return before;
  if (message.type === 'figures') {
    const { asOf, topProducts, orderValue, previous } = message;
    return Date.parse(asOf) < Date.parse(before.asOf) ? before : { ...before, asOf, topProducts, orderValue, previous };
  }
  if (message.seq <= before.seq) return before;
  const { seq, quarters, orders } = message;
  const recent = withOrders(before.recent, orders);
  const fresh = new Set([...before.fresh, ...orders.map(keyOf)]);
  const shown = recent.map(keyOf).filter((key) => fresh.has(key));
  return { ...before, seq, hours: withQuarters(before.hours, quarters), recent, fresh: new Set(shown) };
}

/** An order's name among all sources. */
export const keyOf = ({ storeId, externalId }: LiveOrder): string => `${storeId} ${externalId}`;

/** What the hours come to. */
export function totalsOf(hours: readonly Hour[]): Totals {
  return {
    orders: hours.reduce((sum, { orders }) => sum + orders, 0),
    revenue: hours.reduce<Money>((sum, { revenue }) => plus(sum, revenue), {}),
  };
}

/** The hour in which the figures were made; -1 where the day has not begun or is over. */
export const hourOf = (hours: readonly Hour[], at: string): number => hourAt(hours, Date.parse(at));

function withQuarters(hours: readonly Hour[], quarters: readonly QuarterChange[]): readonly Hour[] {
  const changed = [...hours];
  for (const { quarter, currency, orders, revenue } of quarters) {
    const at = hourAt(hours, Date.parse(quarter));
    const hour = changed[at];
    if (!hour) continue;
    const money = plus(hour.revenue, { [currency]: revenue });
    changed[at] = { ...hour, orders: hour.orders + orders, revenue: money };
  }
  return changed;
}

/** The last hour that has begun by then. Hours are not always an hour long, where a clock is changed by half of one. */
function hourAt(hours: readonly Hour[], time: number): number {
  const found = hours.findLastIndex(({ hour }) => Date.parse(hour) <= time);
  const last = hours.at(-1);
  return last && time >= Date.parse(last.hour) + HOUR_MS ? -1 : found;
}

function plus(a: Money, b: Money): Money {
  const sum: Record<string, number> = { ...a };
  for (const [currency, amount] of Object.entries(b)) sum[currency] = (sum[currency] ?? 0) + amount;
  return sum;
}

/** The newest first; of an order that is there already, what it has become. */
function withOrders(recent: readonly LiveOrder[], orders: readonly LiveOrder[]): readonly LiveOrder[] {
  const byKey = new Map([...recent, ...orders].map((order) => [keyOf(order), order]));
  return [...byKey.values()].toSorted(newestFirst).slice(0, MOST_RECENT);
}

function newestFirst(a: LiveOrder, b: LiveOrder): number {
  const age = Date.parse(b.placedAt) - Date.parse(a.placedAt);
  if (age !== 0) return age;
  return keyOf(a) < keyOf(b) ? 1 : -1;
}
