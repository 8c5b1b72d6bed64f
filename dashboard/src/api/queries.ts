import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';

/*
 * What is asked of the API, and under which key its answer is kept. All pages share these, so that one event that comes
 * in by the stream makes every page that shows the store ask again.
 */

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/me', { signal })),
  staleTime: 60_000,
});

export const enginesQuery = queryOptions({
  queryKey: ['engines'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/engines', { signal })),
});

export const storeQuery = (id: string) =>
  queryOptions({
    queryKey: ['stores', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/stores/{id}', { params: { path: { id } }, signal })),
  });

export const storeEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['stores', 'events', id],
    queryFn: async ({ signal }) => {
      const events = [];
      for (let after: number | undefined; ;) {
        const query = { limit: 100, ...(after !== undefined && { after }) };
        const page = await answer(api.GET('/api/v1/stores/{id}/events', { params: { path: { id }, query }, signal }));
        events.push(...page.events);
        after = page.events.at(-1)?.id;
        if (!page.hasMore || after === undefined) return events;
      }
    },
  });
