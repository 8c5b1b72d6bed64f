/** Chance that can be repeated: the same seed gives the same numbers, on every machine. */
export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** True that often, from 0 to 1. */
  chance(probability: number): boolean;
  /** One of them, each as often as its weight says. */
  pick<T extends { weight: number }>(choices: readonly T[]): T;
  /** The time until something that happens `rate` times a second on average happens again, in ms. */
  wait(rate: number): number;
}

export function seededRandom(seed: string): Random {
  const next = mulberry32(hash(seed));
  return {
    next,
    chance: (probability) => next() < probability,
    pick: (choices) => weighted(choices, next()),
    wait: (rate) => (-Math.log(1 - next()) / rate) * 1000,
  };
}

function weighted<T extends { weight: number }>(choices: readonly T[], share: number): T {
  let left = share * choices.reduce((sum, { weight }) => sum + weight, 0);
  const found = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1);
  if (!found) throw new Error('There is nothing to pick from');
  return found;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** A small generator of 32 bits, good enough for what people do in shops. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
