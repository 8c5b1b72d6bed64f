import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorText } from '../../errors.ts';
import { createPatience, isPassing } from '../resilience.ts';

export interface Loop {
  /** What it fails at, for as long as it does. */
  trouble(): string | null;
  /** Lets the step that is under way end. */
  stop(): Promise<void>;
}

/**
 * Does `step` again and again, and never ends by itself: after a failure it waits, longer after each one in a row, of
 * which the first is reported. A step that finds nothing to do waits, until there is something or `signal` is aborted.
 */
export function startLoop(step: (signal: AbortSignal) => Promise<void>, report: (error: unknown) => void): Loop {
  const ending = new AbortController();
  const { signal } = ending;
  const patience = createPatience();
  let trouble: string | null = null;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await step(signal);
        trouble = null;
        patience.reset();
      } catch (error) {
        if (trouble === null) report(error);
        trouble = errorText(error);
        await delay(patience.nextMs(), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const ended = run();
  return {
    trouble: () => trouble,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** For those that apply batches. */
export const reportTo =
  (log: Logger) =>
  (error: unknown): void => {
    if (isPassing(error)) log.warn({ reason: errorText(error) }, 'Orders are not aggregated for a moment');
    else log.error({ err: error }, 'Orders could not be aggregated; trying again');
  };

/** Waits, but not longer than until `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
