import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { storeQuery } from '../../api/queries.ts';
import type { Store } from '../../api/types.ts';

/** All of them answer with the store as it is now, so that the page need not wait for the stream to tell. */
function useStoreChange<T = void>(id: string, change: (wish: T) => Promise<Store>, meta: { shown?: boolean } = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta,
    async onSuccess(store) {
      client.setQueryData(storeQuery(id).queryKey, store);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['stores', 'events', id] }),
        client.invalidateQueries({ queryKey: ['stores', 'list'] }),
      ]);
    },
  });
}

export function useDelete(id: string) {
  return useStoreChange(id, () => answer(api.DELETE('/api/v1/stores/{id}', { params: { path: { id } } })));
}

export function useRetry(id: string) {
  return useStoreChange(id, () => answer(api.POST('/api/v1/stores/{id}/retry', { params: { path: { id } } })));
}

export type VersionChange = 'upgrade' | 'rollback';

/** What goes wrong is shown where it was confirmed. */
export function useVersionChange(id: string) {
  const params = { path: { id } };
  return useStoreChange(
    id,
    (change: VersionChange) =>
      answer(
        change === 'upgrade'
          ? api.POST('/api/v1/stores/{id}/upgrade', { params })
          : api.POST('/api/v1/stores/{id}/rollback', { params }),
      ),
    { shown: true },
  );
}
