import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { answer, api, apiBase } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { meQuery } from '../../api/queries.ts';
import { LiveFeed, type FeedState, type Surroundings } from './feed.ts';

/** The orders of one source, or of all, as they happen; `retry` connects at once. */
export function useFeed(storeId: string | null): FeedState & { retry: () => void } {
  const client = useQueryClient();
  const feed = useMemo(() => new LiveFeed(storeId, browser(client)), [client, storeId]);
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  return { ...useSyncExternalStore(feed.subscribe, feed.read), retry: feed.connect };
}

const browser = (client: QueryClient): Surroundings => ({
  ticket: (signal) => newTicket(client, signal),
  open: (query) => new WebSocket(`${socketAddress()}?${query}`),
  online: () => navigator.onLine,
  network: window,
  random: Math.random,
});

async function newTicket(client: QueryClient, signal: AbortSignal): Promise<string> {
  try {
    return (await answer(api.POST('/api/v1/live/tickets', { signal }))).ticket;
  } catch (error) {
    // Whoever is not signed in any more is led to sign in, as by every page, when it is asked who they are.
    if (error instanceof ApiError && error.status === 401)
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
    throw error;
  }
}

function socketAddress(): string {
  const { origin, pathname } = new URL(`${apiBase}/api/v1/live`, window.location.href);
  return origin.replace(/^http/, 'ws') + pathname;
}
