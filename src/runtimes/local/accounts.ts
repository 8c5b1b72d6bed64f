import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { allMarkers } from './folders.ts';

/**
 * Numeric accounts for stores, used when the platform runs as root: no two stores share one, and none has an entry
 * in passwd, a login or anything else on the machine (trap 4).
 */
export interface Accounts {
  /** For preparing engines: npm packages bring scripts that should not run as root. */
  builder: number;
  /** A number that no folder in this home has. One caller at a time, until the folder is there. */
  choose(): Promise<number>;
  /** True for numbers that only this installation's stores have. */
  owns(uid: number): boolean;
}

// Above what systemd gives to containers, below 2^31; each installation has its own stretch of it.
const WIDE = { first: 1_900_000_000, stretches: 20_000, length: 10_000 };
// In a user namespace (rootless containers) only 65,536 numbers exist.
const NARROW = { first: 20_000, stretches: 40, length: 1000 };

/** Returns null when the platform isn't root and can't run stores as anyone else. */
export function openAccounts(home: string, installationId: string): Accounts | null {
  if (process.getuid?.() !== 0) return null;
  const range = numbersAreFew() ? NARROW : WIDE;
  const stretch = createHash('sha256').update(installationId).digest().readUInt32BE() % range.stretches;
  const builder = range.first + stretch * range.length;
  const last = builder + range.length - 1;
  return {
    builder,
    owns: (uid) => uid > builder && uid <= last,
    async choose() {
      const taken = new Set((await allMarkers(home)).map((marker) => marker.uid));
      for (let uid = builder + 1; uid <= last; uid += 1) if (!taken.has(uid)) return uid;
      throw new Error('All account numbers for stores are in use.');
    },
  };
}

function numbersAreFew(): boolean {
  try {
    const rows = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
    const highest = Math.max(...rows.map((row) => Number(row.trim().split(/\s+/)[2])));
    return highest < WIDE.first + WIDE.stretches * WIDE.length;
  } catch {
    return false; // no /proc: macOS, where all numbers exist
  }
}
