import type { StorePlan } from '../../../engines/engine.ts';
import { inWords } from '../words.ts';
import { freeDisk, freeMemory } from './capacity.ts';

/** Left free for the database, the platform and the person whose machine it is. */
const RESERVE = { memoryBytes: 512 * 1024 * 1024, diskBytes: 1024 * 1024 * 1024 };

/** An admitted store takes a while to grow to its size; for so long the figures don't show it. */
const GROWING_MS = 120_000;

/** Decides whether one more store fits (DAY-6). */
export interface Admission {
  /** Null when it fits; otherwise the figures, in words. Asking again for the same store changes nothing. */
  admit(plan: StorePlan): Promise<string | null>;
  forget(storeId: string): void;
}

export function makeAdmission(
  home: string,
  free: () => Promise<{ memoryBytes: number; diskBytes: number }> = () => measure(home),
): Admission {
  const growing = new Map<string, { until: number; memoryBytes: number; diskBytes: number }>();
  return {
    async admit(plan) {
      const now = Date.now();
      for (const [storeId, { until }] of growing) if (until < now) growing.delete(storeId);
      const there = await free();
      const others = [...growing].filter(([storeId]) => storeId !== plan.store.id).map(([, size]) => size);
      const need = { memoryBytes: plan.process.memoryBytes, diskBytes: plan.diskBytes };
      const refusal = refuse('memory', there, need, others) ?? refuse('disk', there, need, others);
      if (!refusal) growing.set(plan.store.id, { until: now + GROWING_MS, ...need });
      return refusal;
    },
    forget: (storeId) => void growing.delete(storeId),
  };
}

type Size = Record<'memoryBytes' | 'diskBytes', number>;

function refuse(what: 'memory' | 'disk', there: Size, need: Size, others: Size[]): string | null {
  const key = `${what}Bytes` as const;
  const promised = others.reduce((sum, other) => sum + other[key], 0);
  if (there[key] - promised - RESERVE[key] >= need[key]) return null;
  const waiting = promised > 0 ? `, of which ${inWords(promised)} are promised to shops that are starting` : '';
  return (
    `There is not enough ${what} for another shop: it needs ${inWords(need[key])}, ` +
    `and ${inWords(there[key])} are free${waiting}; ${inWords(RESERVE[key])} must stay free.`
  );
}

async function measure(home: string): Promise<Size> {
  const [memoryBytes, diskBytes] = await Promise.all([freeMemory(), freeDisk(home)]);
  return { memoryBytes, diskBytes };
}
