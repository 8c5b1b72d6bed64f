import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { apiBase } from './client.ts';
import { showChanges } from '../stores/changes.ts';
import type { StoreEvent } from './types.ts';

/** `live`: changes come by the stream. `lost`: it is being reconnected, and pages are asked again by a timer. */
export type LiveState = 'connecting' | 'live' | 'lost';

const FIRST_POLL_MS = 5000;
const LAST_POLL_MS = 30_000;
const POLL_FACTOR = 1.5;

const LiveContext = createContext<LiveState>('connecting');
export const useLive = (): LiveState => useContext(LiveContext);

/** Keeps what the pages show true: by the stream of events, and without it by asking again, ever more seldom. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => follow(client, setState), [client]);
  useEffect(() => (state === 'lost' ? poll(client) : undefined), [client, state]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

/** The browser reconnects by itself and says which event it saw last; only a refusal ends that. */
function follow(client: QueryClient, setState: (state: LiveState) => void): () => void {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  const changes = showChanges(client);
  function open(): void {
    source = new EventSource(`${apiBase}/api/v1/stores/events/stream`, { withCredentials: true });
    source.addEventListener('open', () => {
      setState('live');
      void client.invalidateQueries({ queryKey: ['stores'] });
    });
    source.addEventListener('message', ({ data }: MessageEvent<string>) => changes.add(JSON.parse(data) as StoreEvent));
    source.addEventListener('error', () => {
      setState('lost');
      // Refused, and not only cut off: the browser gives up, so we come back ourselves.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, FIRST_POLL_MS);
    });
  }
  open();
  return () => {
    clearTimeout(again);
    changes.end();
    source.close();
  };
}

function poll(client: QueryClient): () => void {
  let wait = FIRST_POLL_MS;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    timer = setTimeout(() => {
      void client.invalidateQueries({ queryKey: ['stores'] });
      wait = Math.min(LAST_POLL_MS, wait * POLL_FACTOR);
      next();
    }, wait);
  };
  next();
  return () => clearTimeout(timer);
}
