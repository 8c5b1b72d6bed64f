import type { Logger } from 'pino';

export interface PollerOptions {
  minMs: number;
  maxMs: number;
  /** Looks for work and starts it; returns how much there was, and when more is known to be due. */
  look(): Promise<{ found: number; next: Date | null }>;
  log: Logger;
}

export interface Poller {
  /** Looks as soon as possible: there has just been work. */
  poke(): void;
  /** Looks no later than then. */
  noLaterThan(at: Date): void;
  stop(): void;
}

const BACKOFF = 1.5;
/** Pokes within this time are one look. */
const GATHER_MS = 25;

/**
 * The fallback for notifications that get lost, and the clock for work that is due later (ORC-2): while there is
 * nothing to do it looks less and less often, from `minMs` by 1.5 to `maxMs`; with work it returns to `minMs`.
 */
export function startPoller({ minMs, maxMs, look, log }: PollerOptions): Poller {
  let interval = minMs;
  let timer: NodeJS.Timeout | undefined;
  let at = Number.POSITIVE_INFINITY;
  let looking = false;
  let stopped = false;

  function schedule(ms: number): void {
    const then = Date.now() + Math.max(0, ms);
    if (stopped || then >= at) return;
    clearTimeout(timer);
    at = then;
    timer = setTimeout(() => void once(), then - Date.now());
  }

  async function once(): Promise<void> {
    at = Number.POSITIVE_INFINITY;
    if (looking) return schedule(GATHER_MS);
    looking = true;
    try {
      const { found, next } = await look();
      waitFor(found > 0 ? minMs : Math.min(interval * BACKOFF, maxMs));
      // Not at once, even if our clock is ahead of the database's.
      if (next) schedule(Math.max(GATHER_MS, next.getTime() - Date.now()));
    } catch (error) {
      log.debug({ err: error }, 'Polling failed');
      waitFor(interval);
    } finally {
      looking = false;
    }
  }

  function waitFor(ms: number): void {
    const level = ms === interval ? 'debug' : 'info';
    interval = ms;
    if (!stopped) log[level](`Next poll in ${interval / 1000}s`);
    schedule(interval);
  }

  schedule(0);
  return {
    poke() {
      interval = minMs;
      schedule(GATHER_MS);
    },
    noLaterThan: (date) => schedule(date.getTime() - Date.now()),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
