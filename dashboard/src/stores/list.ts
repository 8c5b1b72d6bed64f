import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import type { EngineName, Store, StoreStatus } from '../api/types.ts';

/*
 * The list of stores, page by page up to a bound. Within it the browser searches and sorts; beyond it the platform
 * searches (`narrow`), and the newest matches are shown.
 */

const PAGE = 100;
const MOST_PAGES = 10;
export const MOST_STORES = PAGE * MOST_PAGES;

/** Between the beginnings of two loads: many events come in a burst, and one load shows what all of them did. */
const GAP_MS = 250;
/** A long list costs a request a page, and how many the platform takes in a minute is limited. */
const GAP_PER_PAGE_MS = 1000;

export interface Narrow {
  q?: string;
  status?: StoreStatus;
  engine?: EngineName;
}

const KEY = ['stores', 'list', 'pages'] as const;
const begun = new Map<string, number>();

export const storeListQuery = (narrow: Narrow = {}) =>
  infiniteQueryOptions({
    queryKey: [...KEY, narrow],
    queryFn: async ({ client, queryKey, pageParam: cursor, signal }) => {
      if (cursor === null) await takeTurn(client, queryKey, signal);
      const query = { ...narrow, limit: PAGE, ...(cursor !== null && { cursor }) };
      return answer(api.GET('/api/v1/stores', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (pages.length < MOST_PAGES ? last.nextCursor : null),
  });

type Page = { stores: Store[]; total: number };
type Pages = InfiniteData<Page, string | null>;

/** Waits until the list may be loaded again. Whoever asks anew meanwhile waits for the same moment. */
async function takeTurn(client: QueryClient, queryKey: readonly unknown[], signal: AbortSignal): Promise<void> {
  const name = JSON.stringify(queryKey);
  const pages = client.getQueryData<Pages>(queryKey)?.pages.length ?? 1;
  const gap = pages > 1 ? pages * GAP_PER_PAGE_MS : GAP_MS;
  await pause((begun.get(name) ?? 0) + gap - Date.now(), signal);
  begun.set(name, Date.now());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('Not needed any more.', 'AbortError'));
    });
  });
}

/** Shows a store in the lists before they are loaded again: a new one on top, a known one as it is now. */
export function putStore(client: QueryClient, store: Store): void {
  client.setQueriesData<Pages>(
    { queryKey: KEY },
    (lists) => lists && { ...lists, pages: withStore(lists.pages, store) },
  );
}

function withStore(pages: Page[], store: Store): Page[] {
  const known = pages.some(({ stores }) => stores.some(({ id }) => id === store.id));
  if (known) {
    return pages.map((page) => ({ ...page, stores: page.stores.map((one) => (one.id === store.id ? store : one)) }));
  }
  return pages.map((page, at) => ({
    ...page,
    total: page.total + 1,
    stores: at === 0 ? [store, ...page.stores] : page.stores,
  }));
}
