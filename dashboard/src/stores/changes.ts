import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/errors.ts';
import { storeEventsQuery, storeQuery } from '../api/queries.ts';
import type { StoreEvent } from '../api/types.ts';
import { putStore } from './list.ts';

/** Steps come in bursts and matter little; what they lead to is shown at once. */
const GAP_MS = 1000;
const WEIGHTY = new Set([
  'created',
  'ready',
  'failed',
  'retry',
  'restarted',
  'upgrade',
  'rollback',
  'upgraded',
  'rolled-back',
  'upgrade-failed',
  'deleting',
]);

/**
 * Brings events that come by the stream into what the pages show. The timeline takes the event itself; of the store one
 * request asks what has become of it, at most one a second while it goes through its steps, because how many requests
 * the platform takes in a minute is limited.
 */
export function showChanges(client: QueryClient): { add(event: StoreEvent): void; end(): void } {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const asked = new Map<string, number>();

  function ask(storeId: string): void {
    clearTimeout(waiting.get(storeId));
    waiting.delete(storeId);
    asked.set(storeId, Date.now());
    void readAnew(client, storeId);
  }

  return {
    add(event) {
      const { storeId, type } = event;
      if (type === 'deleted') return void forget(client, storeId);
      addToTimeline(client, event);
      if (type === 'engine-preparing') void client.invalidateQueries({ queryKey: ['engines'] });
      const wait = WEIGHTY.has(type) ? 0 : (asked.get(storeId) ?? 0) + GAP_MS - Date.now();
      if (wait <= 0) ask(storeId);
      else if (!waiting.has(storeId)) waiting.set(storeId, setTimeout(ask, wait, storeId));
    },
    end() {
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}

/** An answer that is under way may be older than the event: it is not waited for. */
async function readAnew(client: QueryClient, storeId: string): Promise<void> {
  const query = storeQuery(storeId);
  await client.cancelQueries({ queryKey: query.queryKey });
  try {
    putStore(client, await client.fetchQuery({ ...query, staleTime: 0, retry: false }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) await forget(client, storeId);
  }
}

/** Only where it is shown already; whoever opens it reads all of it. */
function addToTimeline(client: QueryClient, event: StoreEvent): void {
  client.setQueryData(storeEventsQuery(event.storeId).queryKey, (events) =>
    events?.some(({ id }) => id === event.id) === false ? [...events, event] : events,
  );
}

/** It is gone: pages that show it find out, and lists are loaded again. */
async function forget(client: QueryClient, storeId: string): Promise<void> {
  await client.invalidateQueries({ queryKey: storeQuery(storeId).queryKey });
  await client.invalidateQueries({ queryKey: ['stores', 'list'] });
}
