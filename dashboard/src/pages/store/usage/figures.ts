import type { Usage } from '../../../api/types.ts';

/** A measurement missing for longer than this is a gap in the line: the shop did not run, or nobody measured. */
const GAP_SECONDS = 120;

export interface Series {
  /** Seconds since 1970, oldest first. */
  times: number[];
  values: (number | null)[];
}

export interface Summary {
  now: number;
  mean: number;
  most: number;
}

export function memoryOf(newestFirst: readonly Usage[]): Series {
  const rows = newestFirst.toReversed();
  return { times: rows.map(secondsOf), values: rows.map(({ memoryBytes }) => memoryBytes) };
}

/** Percent of one processor between each measurement and the one before; none where the shop was started anew. */
export function processorOf(newestFirst: readonly Usage[]): Series {
  const rows = newestFirst.toReversed();
  const values = rows.map((row, index) => {
    const before = rows[index - 1];
    if (!before) return null;
    const seconds = secondsOf(row) - secondsOf(before);
    const used = row.cpuSeconds - before.cpuSeconds;
    return seconds <= 0 || seconds > GAP_SECONDS || used < 0 ? null : (used / seconds) * 100;
  });
  return { times: rows.map(secondsOf), values };
}

/** Null where there is nothing to sum up. */
export function summaryOf({ values }: Series): Summary | null {
  const known = values.filter((value) => value !== null);
  const now = known.at(-1);
  if (now === undefined) return null;
  return { now, mean: known.reduce((sum, value) => sum + value, 0) / known.length, most: Math.max(...known) };
}

const secondsOf = ({ at }: Usage): number => Date.parse(at) / 1000;

const SHORTEST_S = 300;

/** What the axis of time shows, in seconds: at least five minutes, for the first figures would make it one of years. */
export function timeShown(first: number, last: number): [number, number] {
  return [Math.min(first, last - SHORTEST_S), last];
}
