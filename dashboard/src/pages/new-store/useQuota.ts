import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { meQuery } from '../../api/queries.ts';

const PAGE = 100;

export interface Quota {
  limit: number;
  /** Null while it is not known; for an admin of very many stores, whose own are not counted apart, always. */
  used: number | null;
}

/** How many stores somebody may have, and has. Admins see everybody's: of those, their own count. */
export function useQuota(): Quota {
  const { user, limits } = useSuspenseQuery(meQuery).data;
  const { data } = useQuery({
    queryKey: ['stores', 'list', 'quota'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/stores', { params: { query: { limit: PAGE } }, signal })),
  });
  if (!data) return { limit: limits.stores, used: null };
  if (user.role === 'member') return { limit: limits.stores, used: data.total };
  const own = data.stores.filter(({ ownerId }) => ownerId === user.id).length;
  return { limit: limits.stores, used: data.total > PAGE ? null : own };
}
