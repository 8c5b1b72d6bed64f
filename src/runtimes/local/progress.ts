import type { PreparePhase } from '../../../engines/engine.ts';
import type { PrepareProgress } from '../runtime.ts';

const TICK_MS = 1000;
/** A guess at how long a whole preparation takes; it only shapes the curve within a phase. */
const WHOLE_MS = 240_000;
const ALMOST = 0.95;

export interface Progress {
  /** Work that knows how far it is says so by `known`, from 0 to 1; for the rest it is guessed. */
  during<T>(phase: PreparePhase, work: (known: (fraction: number) => void) => Promise<T>): Promise<T>;
  skip(phase: PreparePhase): void;
}

/**
 * Reports where a preparation is. A command doesn't say how far it is, so within a phase the bar rises as its weight
 * leads one to expect, ever slower, and reaches the end only with the phase itself: it never goes back.
 */
export function trackProgress(phases: readonly PreparePhase[], report: (progress: PrepareProgress) => void): Progress {
  let before = 0;
  const total = phases.reduce((sum, phase) => sum + phase.weight, 0) || 1;
  const tell = (phase: PreparePhase, part: number) =>
    report({ phase: phase.name, title: phase.title, fraction: Math.min(1, before + (phase.weight / total) * part) });

  function skip(phase: PreparePhase): void {
    tell(phase, 1);
    before += phase.weight / total;
  }
  return {
    skip,
    async during(phase, work) {
      const began = Date.now();
      const expected = (phase.weight / total) * WHOLE_MS;
      tell(phase, 0);
      const timer = setInterval(() => {
        tell(phase, ALMOST * (1 - Math.exp((-1.5 * (Date.now() - began)) / expected)));
      }, TICK_MS);
      try {
        const result = await work((fraction) => {
          clearInterval(timer);
          tell(phase, ALMOST * fraction);
        });
        skip(phase);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
