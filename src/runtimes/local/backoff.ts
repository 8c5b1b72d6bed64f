const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * How long to wait before the n-th start in a row (n from 1): 1 s, doubled each time up to 60 s, less up to a half by
 * chance, so that shops that fell together don't rise together.
 */
export function restartDelay(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(full * (1 - random() / 2));
}
