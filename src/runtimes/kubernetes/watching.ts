import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Query } from './client.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** The server ends each watch after so long, so that none outlives what it stands on. */
const WATCH_SECONDS = 300;
/** Changes come in swarms: those of so long are looked at together. */
const SWARM_MS = 50;
/** Without any hint it is looked at again after so long: a watch may be deaf without knowing it. */
const RESYNC_MS = 2000;

/** What a watch says. A hint that something is different, and never the truth to act on. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: unknown;
}

/** A collection of the API, such as the pods of a namespace. */
export interface Watched {
  path: string;
  query?: Query;
}

/** Calls back with every change in a collection, and with what is there at its begin. Goes on, with pauses, until the signal fires. */
export async function watch(
  cluster: Cluster,
  { path, query }: Watched,
  listener: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const heard = await listen(
      cluster,
      { path, query: { ...query, watch: true, timeoutSeconds: WATCH_SECONDS } },
      listener,
      signal,
    );
    pause = heard ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** One connection, until it ends for whatever reason. True when something was heard. */
async function listen(
  cluster: Cluster,
  { path, query = {} }: Watched,
  listener: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let heard = false;
  try {
    const answer = await cluster.stream(path, query, signal);
    answer.on('error', () => undefined);
    for await (const line of createInterface({ input: answer })) {
      heard = true;
      listener(JSON.parse(line) as WatchEvent);
    }
  } catch {
    // Whatever it was, whoever waits looks again by the clock.
  }
  return heard;
}

/**
 * Looks until `look` gives something else than null: at once, at every change in what is watched, and now and then
 * without one. Rejects when `look` does, and as soon as the signal fires.
 */
export async function until<T>(
  cluster: Cluster,
  watched: readonly Watched[],
  look: () => Promise<T | null>,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  let wake = new AbortController();
  const hint = (): void => wake.abort();
  try {
    signal.throwIfAborted();
    const first = await orAborted(look(), signal);
    if (first !== null) return first;
    for (const one of watched) void watch(cluster, one, hint, either);
    for (;;) {
      await delay(RESYNC_MS, undefined, { signal: AbortSignal.any([either, wake.signal]) }).catch(() => undefined);
      if (wake.signal.aborted) await delay(SWARM_MS, undefined, { signal: either }).catch(() => undefined);
      // Taken before looking: what changes meanwhile is looked at again.
      wake = new AbortController();
      signal.throwIfAborted();
      const seen = await orAborted(look(), signal);
      if (seen !== null) return seen;
    }
  } finally {
    over.abort();
  }
}

/** The result, or a rejection as soon as the signal fires; then nobody minds any more how the work ends. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
