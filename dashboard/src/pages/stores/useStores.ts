import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { answer, api } from '../../api/client.ts';
import { meQuery } from '../../api/queries.ts';
import type { Store } from '../../api/types.ts';
import { MOST_STORES, storeListQuery, type Narrow } from '../../stores/list.ts';
import { isNarrowed, type ListSearch } from './search.ts';

export interface LoadedStores {
  /** All that is loaded; the rest of the search is done on these. Null while nothing is. */
  stores: Store[] | null;
  /** How many there are in all, whatever is searched for. */
  total: number;
  /** There are more that match than are loaded. */
  more: boolean;
  error: Error | null;
  retry: () => void;
}

/** The stores, all of them up to a bound; where there are more, those that the platform finds. */
export function useStores(search: ListSearch): LoadedStores {
  const all = usePages({}, true);
  const total = all.pages?.[0]?.total ?? 0;
  const byPlatform = total > MOST_STORES && isNarrowed(search);
  const found = usePages(narrowOf(search), byPlatform);
  const { pages, error, retry } = byPlatform ? found : all;
  const stores = useMemo(() => pages?.flatMap((page) => page.stores) ?? null, [pages]);
  return { stores, total, more: (pages?.[0]?.total ?? 0) > MOST_STORES, error: stores ? null : error, retry };
}

function usePages(narrow: Narrow, enabled: boolean) {
  const query = useInfiniteQuery({ ...storeListQuery(narrow), enabled, placeholderData: (before) => before });
  const { data, error, hasNextPage, isFetching, isPlaceholderData, fetchNextPage, refetch } = query;
  const goOn = enabled && hasNextPage && !isFetching && !isPlaceholderData && error === null;
  useEffect(() => {
    if (goOn) void fetchNextPage();
  }, [goOn, fetchNextPage]);
  return { pages: data?.pages, error, retry: () => void refetch() };
}

function narrowOf({ q, status, engine }: ListSearch): Narrow {
  return { ...(q.trim() !== '' && { q: q.trim() }), ...(status && { status }), ...(engine && { engine }) };
}

/** Admins see everybody's stores, and whose they are. */
export function useOwners(): ReadonlyMap<string, string> | null {
  const admin = useSuspenseQuery(meQuery).data.user.role === 'admin';
  const { data } = useQuery({ queryKey: ['users', 'emails'], queryFn: readEmails, enabled: admin, staleTime: 60_000 });
  return useMemo(() => (admin ? new Map(data) : null), [admin, data]);
}

async function readEmails({ signal }: { signal: AbortSignal }): Promise<[string, string][]> {
  const emails: [string, string][] = [];
  for (;;) {
    const query = { limit: 100, offset: emails.length };
    const page = await answer(api.GET('/api/v1/users', { params: { query }, signal }));
    for (const { id, email } of page.users) emails.push([id, email]);
    if (!page.hasMore || emails.length >= MOST_STORES) return emails;
  }
}
