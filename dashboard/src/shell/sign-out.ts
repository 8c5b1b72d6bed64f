import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client.ts';

/** Ends the session and forgets all that was shown in it. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    async onSuccess() {
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
}
