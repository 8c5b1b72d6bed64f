import { AppError, errorText, TerminalError } from '../errors.ts';
import type { Context } from './context.ts';

/** After how many failed tries, over all steps of an attempt, a store is given up. Removing is tried for ever. */
export const MAX_TRIES = 5;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** When to try again after `tries` failures: after 1, 2, 4 … 60 seconds. */
export function retryTime(tries: number, now = Date.now()): Date {
  return new Date(now + Math.min(FIRST_DELAY_MS * 2 ** (tries - 1), LONGEST_DELAY_MS));
}

/**
 * True when an error is the control plane's own trouble: its database is away or too busy. Such an error says nothing
 * about the store, so it neither fails it nor counts as a try.
 */
export async function isOwnTrouble(context: Pick<Context, 'db'>, error: unknown): Promise<boolean> {
  if (error instanceof AppError && (error.code === 'DEPENDENCY_UNAVAILABLE' || error.code === 'OVERLOADED'))
    return true;
  if (error instanceof TerminalError) return false;
  // The store's own database may be on the same server: whatever its error looks like, the server tells.
  return context.db.ping().then(
    () => false,
    () => true,
  );
}

/** An error in words that may be shown to the store's owner: what was not written for people loses its paths. */
export function publicText(error: unknown): string {
  if (error instanceof AppError || error instanceof TerminalError) return errorText(error);
  return errorText(error).replaceAll(/(?<![\w:/.])(?:\/[\w.@+-]+){2,}/g, '…');
}
