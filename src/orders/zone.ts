const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** A day of a zone: from `start` on and before `end`. */
export interface Day {
  start: Date;
  end: Date;
  /** Where each of its hours begins; one that a change of the clocks cuts is shorter. */
  hours: Date[];
}

/** The date, `YYYY-MM-DD`, that calendars in the zone show at this moment. */
export function dateIn(zone: string, at: Date): string {
  return new Date(at.getTime() + offsetAt(zone, at.getTime())).toISOString().slice(0, 10);
}

/** A date's day: 24 hours, or 23 or 25 where the clocks are changed. */
export function dayOf(zone: string, date: string): Day {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const start = firstInstantOf(zone, midnight);
  const end = firstInstantOf(zone, midnight + DAY_MS);
  return { start: new Date(start), end: new Date(end), hours: hoursOf(zone, start, end) };
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

/** When the clocks of the zone first showed the same time one date earlier. */
export function sameTimeDayBefore(zone: string, at: Date): Date {
  return new Date(firstInstantOf(zone, at.getTime() + offsetAt(zone, at.getTime()) - DAY_MS));
}

/** ISO 8601 with the zone's offset: `2026-11-21T13:00:00+01:00`. */
export function localTime(zone: string, at: Date): string {
  const offset = Math.round(offsetAt(zone, at.getTime()) / MINUTE_MS);
  const time = new Date(at.getTime() + offset * MINUTE_MS).toISOString().slice(0, 19);
  return `${time}${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function hoursOf(zone: string, start: number, end: number): Date[] {
  const change = changeBetween(zone, start, end) ?? end;
  const hours: Date[] = [];
  for (let at = start; at < end;) {
    hours.push(new Date(at));
    const local = at + offsetAt(zone, at);
    const next = at + HOUR_MS - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS);
    at = at < change && change < next ? change : next;
  }
  return hours;
}

/**
 * The first moment at which the zone's clocks show this time or a later one. Times here are written as if they were
 * UTC. Of a time that comes twice it is the first; one that is left out comes when it is left out.
 */
function firstInstantOf(zone: string, local: number): number {
  const before = offsetAt(zone, local - DAY_MS);
  const after = offsetAt(zone, local + DAY_MS);
  if (before === after) return local - before;
  const change = changeBetween(zone, local - DAY_MS, local + DAY_MS)!;
  if (local - before < change) return local - before;
  return Math.max(local - after, change);
}

/** When the clocks are changed between two moments, to the minute; null when they are not. */
function changeBetween(zone: string, from: number, to: number): number | null {
  const offset = offsetAt(zone, from);
  if (offsetAt(zone, to) === offset) return null;
  let same = Math.floor(from / MINUTE_MS);
  let other = Math.ceil(to / MINUTE_MS);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(zone, middle * MINUTE_MS) === offset) same = middle;
    else other = middle;
  }
  return other * MINUTE_MS;
}

/** By how much the zone's clocks are ahead of UTC. */
function offsetAt(zone: string, at: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(at)) shown[type] = Number(value);
  const { year, month, day, hour, minute, second } = shown;
  const local = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return local - Math.floor(at / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than reading it a hundred times; there are as many as there are zones. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const style = 'numeric';
  const fields = { year: style, month: style, day: style, hour: style, minute: style, second: style } as const;
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
  clocks.set(zone, clock);
  return clock;
}
