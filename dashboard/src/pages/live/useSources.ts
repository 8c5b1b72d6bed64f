import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { answer, api } from '../../api/client.ts';
import type { LiveOrder } from './messages.ts';

const sourcesQuery = queryOptions({
  queryKey: ['order-sources'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/order-sources', { signal }))).sources,
  staleTime: 10_000,
});

/** The names of all stores and other sources of orders that somebody may see, by id; null while they are not known. */
export type Sources = ReadonlyMap<string, string> | null;

/** They are asked for again when an order of one comes that was not there before. */
export function useSources(orders: readonly LiveOrder[]): Sources {
  const client = useQueryClient();
  const { data } = useQuery(sourcesQuery);
  const names = useMemo(() => data && new Map(data.map(({ id, name }) => [id, name])), [data]);
  const unknown = names ? orders.find(({ storeId }) => !names.has(storeId))?.storeId : undefined;
  useEffect(() => {
    if (unknown !== undefined) void client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
  }, [client, unknown]);
  return names ?? null;
}
