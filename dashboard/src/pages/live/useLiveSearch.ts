import { useNavigate, useSearch } from '@tanstack/react-router';

/** What is wanted of the page. Its address holds it, so that a screen on a wall can begin with it. */
export interface LiveSearch {
  /** Of this source alone. */
  store: string | null;
  wall: boolean;
}

export function useLiveSearch(): [LiveSearch, (patch: Partial<LiveSearch>) => void] {
  const { store, wall } = useSearch({ strict: false }) as { store?: unknown; wall?: unknown };
  const navigate = useNavigate();
  const search = { store: typeof store === 'string' && store !== '' ? store : null, wall: wall === true };
  const want = (patch: Partial<LiveSearch>): void => {
    const next = { ...search, ...patch };
    const written = { ...(next.store !== null && { store: next.store }), ...(next.wall && { wall: true }) };
    void navigate({ to: '/live', search: written as never, replace: true, resetScroll: false });
  };
  return [search, want];
}
