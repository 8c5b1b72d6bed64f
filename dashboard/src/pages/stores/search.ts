import { ENGINE_TITLES } from '../../stores/engines.ts';
import type { EngineName, StoreStatus } from '../../api/types.ts';

export const STATUSES = ['provisioning', 'ready', 'failed', 'stopped', 'deleting'] as const satisfies StoreStatus[];

export const SORTS = {
  age: 'Newest first',
  '-age': 'Oldest first',
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
  status: 'Status, troubled first',
  '-status': 'Status, troubled last',
} as const;
export type Sort = keyof typeof SORTS;

/** What somebody wants to see of the list. It is kept in the page's address, so that it can be shared and reloaded. */
export interface ListSearch {
  q: string;
  status: StoreStatus | null;
  engine: EngineName | null;
  sort: Sort;
}

/** Reads an address, which anyone may have written. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const { q, status, engine, sort } = raw;
  return {
    // The router reads what looks like a number as one.
    q: typeof q === 'string' || typeof q === 'number' || typeof q === 'boolean' ? String(q) : '',
    status: STATUSES.find((one) => one === status) ?? null,
    engine: typeof engine === 'string' && Object.hasOwn(ENGINE_TITLES, engine) ? (engine as EngineName) : null,
    sort: typeof sort === 'string' && Object.hasOwn(SORTS, sort) ? (sort as Sort) : 'age',
  };
}

/** Only what differs from the plain list is written into the address. */
export function writeSearch({ q, status, engine, sort }: ListSearch): Record<string, string> {
  return {
    ...(q.trim() !== '' && { q }),
    ...(status && { status }),
    ...(engine && { engine }),
    ...(sort !== 'age' && { sort }),
  };
}

export function isNarrowed({ q, status, engine }: ListSearch): boolean {
  return q.trim() !== '' || status !== null || engine !== null;
}
