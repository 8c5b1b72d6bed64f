import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../src/cli/api.generated.d.ts';
import { answer, api, apiBase } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';

type Schemas = components['schemas'];
export type SystemState = Schemas['System'];
export type Orphan = Schemas['Orphans']['orphans'][number];
export type AuditEntry = Schemas['AuditPage']['entries'][number];

/** What `/health` answers. It is for supervisors too, so that it is no part of the API and its document. */
export interface Health {
  status: 'ok' | 'degraded' | 'stopping';
  version: string;
  uptimeSeconds: number;
  checks: Record<string, { ok: boolean; message?: string }>;
}

const OFTEN_MS = 5000;
const AUDIT_PAGE = 25;

export const healthQuery = queryOptions({
  queryKey: ['system', 'health'],
  queryFn: async ({ signal }): Promise<Health> => {
    const response = await fetch(`${apiBase}/health`, { signal }).catch(() => null);
    if (!response?.ok) throw new ApiError(response?.status ?? 0, undefined, null);
    return (await response.json()) as Health;
  },
  refetchInterval: OFTEN_MS,
});

export const systemQuery = queryOptions({
  queryKey: ['system', 'state'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/system', { signal })),
  refetchInterval: OFTEN_MS,
});

export const orphansQuery = queryOptions({
  queryKey: ['system', 'orphans'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/orphans', { signal })),
});

/** The newest first; each page goes on below the lowest number of the one before. */
export const auditQuery = (storeId: string | null) =>
  infiniteQueryOptions({
    queryKey: ['system', 'audit', storeId],
    queryFn: ({ signal, pageParam: before }) => {
      const query = { limit: AUDIT_PAGE, ...(before !== null && { before }), ...(storeId !== null && { storeId }) };
      return answer(api.GET('/api/v1/audit-log', { params: { query }, signal }));
    },
    // What is shown stays until the other entries are there.
    placeholderData: keepPreviousData,
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.hasMore ? (page.entries.at(-1)?.id ?? null) : null),
  });
