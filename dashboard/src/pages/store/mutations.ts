import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { storeQuery } from '../../api/queries.ts';
import type { Store } from '../../api/types.ts';

/** Both answer with the store as it is now, so that the page need not wait for the stream to tell. */
function useStoreChange(id: string, change: () => Promise<Store>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
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
