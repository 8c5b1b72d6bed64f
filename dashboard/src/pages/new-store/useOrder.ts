import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { storeQuery } from '../../api/queries.ts';
import type { EngineName, Store } from '../../api/types.ts';
import { putStore } from '../../stores/list.ts';
import { changeDraft, keepDraft, openDraft, type Draft } from './draft.ts';

interface Wish {
  name: string;
  engine: EngineName;
  key: string;
}

/** The order that is being written, and its sending. */
export function useOrder(userId: string) {
  const [draft, setDraft] = useState(() => openDraft(userId));
  const arrived = useArrived(userId);
  const save = (next: Draft) => {
    keepDraft(userId, next);
    setDraft(next);
  };
  const sending = useMutation({
    mutationFn: send,
    // Two presses at once are one after the other, with one key: the second gets the answer of the first.
    scope: { id: 'new-store' },
    meta: { shown: true },
    onSuccess: arrived,
    // A refusal keeps nothing, so that the same key may be used again.
    onError: (error) => save({ ...draft, unanswered: mayHaveArrived(error) }),
  });
  const busy = sending.isPending || sending.isSuccess;
  return {
    draft,
    error: sending.error,
    sending: busy,
    change(patch: Partial<Pick<Draft, 'name' | 'engine'>>) {
      if (!busy) save(changeDraft(draft, patch));
    },
    send: (engine: EngineName) => {
      const name = draft.name.trim();
      save({ ...draft, engine, unanswered: true });
      sending.mutate({ name, engine, key: draft.key });
    },
  };
}

function send({ name, engine, key }: Wish): Promise<Store> {
  const header = { 'idempotency-key': key };
  return answer(api.POST('/api/v1/stores', { params: { header }, body: { name, engine } }));
}

/** The store is there: it is shown at once, in the list and on its own page. */
function useArrived(userId: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (store: Store) => {
    keepDraft(userId, null);
    client.setQueryData(storeQuery(store.id).queryKey, store);
    putStore(client, store);
    void client.invalidateQueries({ queryKey: ['stores', 'list'] });
    return navigate({ to: '/stores/$id', params: { id: store.id } });
  };
}

function mayHaveArrived(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
