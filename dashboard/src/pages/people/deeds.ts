import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { answer, api } from '../../api/client.ts';
import type { User } from '../../api/types.ts';
import { PEOPLE } from './queries.ts';

interface DeedKind {
  ask: (id: string) => Promise<unknown>;
  done: (email: string) => string;
}

const setRole = (id: string, role: User['role']) =>
  answer(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body: { role } }));

/** What can be done to a person, and the words for it afterwards. */
const DEEDS = {
  promote: { ask: (id) => setRole(id, 'admin'), done: (email) => `${email} is an admin now.` },
  demote: { ask: (id) => setRole(id, 'member'), done: (email) => `${email} is a member now.` },
  suspend: {
    ask: (id) => answer(api.POST('/api/v1/users/{id}/suspend', { params: { path: { id } } })),
    done: (email) => `${email} is suspended.`,
  },
  unsuspend: {
    ask: (id) => answer(api.POST('/api/v1/users/{id}/unsuspend', { params: { path: { id } } })),
    done: (email) => `${email} may come in again.`,
  },
  remove: {
    ask: (id) => answer(api.DELETE('/api/v1/users/{id}', { params: { path: { id } } })),
    done: (email) => `${email} is removed.`,
  },
} satisfies Record<string, DeedKind>;

export type Deed = keyof typeof DEEDS;

/** `shown`: who asks shows a failure beside what was pressed, instead of a message in the corner. */
export function useDeed({ shown = false }: { shown?: boolean } = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, user }: { deed: Deed; user: User }) => DEEDS[deed].ask(user.id),
    meta: { shown },
    async onSuccess(_answer, { deed, user }) {
      await client.invalidateQueries(PEOPLE);
      toast.success(DEEDS[deed].done(user.email));
    },
  });
}
