import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { TerminalError } from '../errors.ts';

/** How long aborted work may take to end by itself before it is left behind. */
const GRACE_MS = 5000;

/**
 * Runs `work` with a signal that fires when `signal` does or after `ms`. Rejects with TerminalError when the time is
 * over, and at the latest 5 s after an abort, even if the work does not heed it.
 */
export async function withLimit(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    await Promise.race([work(either), leftBehind(either, ended.signal)]);
  } catch (error) {
    if (!limit.signal.aborted || signal.aborted) throw error;
    throw new TerminalError(`It took longer than ${Math.round(ms / 1000)} seconds.`, { cause: error });
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

async function leftBehind(aborted: AbortSignal, ended: AbortSignal): Promise<never> {
  if (!aborted.aborted) await once(aborted, 'abort', { signal: ended });
  await delay(GRACE_MS, undefined, { signal: ended });
  throw aborted.reason;
}
