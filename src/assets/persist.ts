import { setTimeout as sleep } from 'node:timers/promises';
import { FetchFailure, toFailure } from './failures.ts';
import type { Limits } from './limits.ts';

/**
 * Does `work` until it succeeds, with growing waits in between, or as long as the server asks. Gives up with the last
 * FetchFailure: at once where another try can't help, else after `limits.tries` in a row that `advanced` nothing.
 */
export async function persist<T>(
  work: () => Promise<T>,
  { limits, signal, advanced = () => false }: { limits: Limits; signal: AbortSignal; advanced?: () => boolean },
  onRetry: (failure: FetchFailure) => void = () => {},
): Promise<T> {
  for (let vain = 1; ; vain += 1) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const failure = toFailure(error);
      if (advanced()) vain = 1;
      const waitMs = failure.waitMs ?? limits.backoffMs * 2 ** (vain - 1);
      if (!failure.again || vain >= limits.tries || waitMs > limits.maxWaitMs) throw failure;
      onRetry(failure);
      await pause(waitMs, signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
