import { setTimeout as sleep } from 'node:timers/promises';
import type { Api, Store } from './client.ts';
import { CliError } from './errors.ts';
import { byId } from './find.ts';
import { followEvents, type LiveEvent } from './stream.ts';

/** The stream says when to look; these are for when it does not, and spare the limit of requests a minute. */
const LOOK_MS = 20_000;
const LOOK_WITHOUT_STREAM_MS = 3000;
/** A platform that is being restarted comes back within this time. */
const PATIENCE_MS = 60_000;
/** After these a store may have come to its end. */
const TURNS = new Set(['ready', 'failed', 'upgraded', 'rolled-back', 'upgrade-failed', 'deleting', 'deleted']);

export interface Waiting {
  storeId: string;
  /** The last event that need not be told. */
  after: number;
  isDone: (store: Store | null) => boolean;
  tell: (event: LiveEvent) => void;
}

/**
 * Waits until `isDone` says so of the store, which is null once it is gone, and returns it as it is then. Meanwhile
 * tells each event. Only the store's own state counts, and without a stream it is asked again and again.
 */
export async function waitFor(api: Api, { storeId, after, isDone, tell }: Waiting): Promise<Store | null> {
  const stop = new AbortController();
  const timer = new Timer();
  const following = follow();
  try {
    return await look();
  } finally {
    stop.abort();
    await following;
  }

  async function look(): Promise<Store | null> {
    let lastAnswer = Date.now();
    for (;;) {
      await timer.wait();
      try {
        const store = await byId(api.client, storeId);
        lastAnswer = Date.now();
        if (isDone(store)) return store;
      } catch (error) {
        if (!isPassing(error) || Date.now() - lastAnswer > PATIENCE_MS) throw error;
      }
    }
  }

  async function follow(): Promise<void> {
    const onConnection = (connected: boolean) => timer.set(connected ? LOOK_MS : LOOK_WITHOUT_STREAM_MS);
    try {
      for await (const event of followEvents(api, { storeId, after, signal: stop.signal, onConnection })) {
        tell(event);
        if (TURNS.has(event.type)) timer.ring();
      }
    } catch {
      // What is wrong with us shows when the store itself is asked, which is now.
    }
    timer.ring();
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof CliError && error.exitCode === 1;
}

/** A wait that can be cut short, also just before it begins. */
class Timer {
  #ms = LOOK_WITHOUT_STREAM_MS;
  #cut = new AbortController();

  set(ms: number): void {
    this.#ms = ms;
  }

  ring(): void {
    this.#cut.abort();
  }

  async wait(): Promise<void> {
    await sleep(this.#ms, undefined, { signal: this.#cut.signal }).catch(() => {});
    this.#cut = new AbortController();
  }
}
