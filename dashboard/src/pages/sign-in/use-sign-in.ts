import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { answer, api } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { meQuery } from '../../api/queries.ts';
import type { Me } from '../../api/types.ts';

export type Proof = { email: string; password: string } | { token: string };

/** Leads somebody who is signed in to where they wanted to go, with nothing left of who was here before. */
export function useGoOn(): (me: Me) => void {
  const client = useQueryClient();
  const { history } = useRouter();
  const { from = '/' } = useSearch({ from: '/sign-in' });
  return useCallback(
    (me) => {
      client.removeQueries();
      client.setQueryData(meQuery.queryKey, me);
      if (isOurs(from)) history.replace(from);
      else window.location.replace(from);
    },
    [client, history, from],
  );
}

/** The platform has pages that are not the dashboard's, such as the API's documentation, and leads strangers here too. */
function isOurs(path: string): boolean {
  return !/^\/(api-docs|openapi\.json|metrics)(\/|\?|$)/.test(path);
}

export function useSignIn() {
  const goOn = useGoOn();
  return useMutation({
    mutationFn: (body: Proof) => answer(api.POST('/api/v1/session', { body })).catch(explained),
    meta: { shown: true },
    onSuccess: goOn,
  });
}

/** Elsewhere a 401 means that somebody has to sign in; here it says that they failed to. */
function explained(error: unknown): never {
  if (error instanceof ApiError && error.status === 401) throw new Error(error.message, { cause: error });
  throw error;
}
