import { setTimeout as sleep } from 'node:timers/promises';
import type { EventSourceMessage } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Api, StoreEvent } from './client.ts';
import { CliError } from './errors.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/** What the stream says; the news that a store is gone is no row of its timeline and has no id. */
export type LiveEvent = Omit<StoreEvent, 'id'> & { id: number | null };

export interface Following {
  storeId: string;
  /** The last event that is known already; 0 replays the whole timeline. */
  after: number;
  signal: AbortSignal;
  /** Told whenever the connection is made or lost. */
  onConnection?: (connected: boolean) => void;
}

/**
 * A store's events as they happen, until `signal` is aborted. A connection that is lost is made again, and the platform
 * replays what was missed (Last-Event-ID). It ends when the store is gone, and with an error when nothing can help, such as
 * with a revoked key.
 */
export async function* followEvents(api: Api, following: Following): AsyncGenerator<LiveEvent> {
  const { signal, onConnection = () => {} } = following;
  let last = following.after;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      for await (const event of connection(api, { ...following, after: last })) {
        wait = FIRST_WAIT_MS;
        last = event.id ?? last;
        yield event;
      }
    } catch (error) {
      if (signal.aborted || isGone(error)) return;
      if (error instanceof CliError && error.exitCode !== 1) throw error;
    }
    onConnection(false);
    await sleep(wait, undefined, { signal }).catch(() => {});
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** The store went while nobody listened. */
function isGone(error: unknown): boolean {
  return error instanceof CliError && error.code === 'NOT_FOUND';
}

async function* connection(api: Api, { storeId, after, signal, onConnection }: Following): AsyncGenerator<LiveEvent> {
  const response = await api.open(`/api/v1/stores/events/stream?storeId=${storeId}`, {
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
    signal,
  });
  onConnection?.(true);
  if (!response.body) return;
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  // Node's streams can be iterated; the browsers' types, which some of our sources bring in, do not say so.
  for await (const message of messages as unknown as AsyncIterable<EventSourceMessage>) {
    yield JSON.parse(message.data) as LiveEvent;
  }
}
