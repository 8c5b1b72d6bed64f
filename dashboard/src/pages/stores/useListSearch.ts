import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { readSearch, writeSearch, type ListSearch } from './search.ts';

/** Writing each letter into the address would make the browser slow and its history useless. */
const WRITE_AFTER_MS = 250;

/** What is wanted of the list: the page's address says it, and what has just been typed, before it is written there. */
export function useListSearch(): [ListSearch, (patch: Partial<ListSearch>) => void] {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const inAddress = useMemo(() => readSearch(raw), [raw]);
  const [wanted, setWanted] = useState(inAddress);
  const written = useRef(inAddress);
  const write = useWrite();
  useEffect(() => {
    // Somebody went back, or followed a link: not what we wrote ourselves.
    if (equal(inAddress, written.current)) return;
    written.current = inAddress;
    setWanted(inAddress);
  }, [inAddress]);
  const want = useCallback(
    (patch: Partial<ListSearch>) => {
      const next = { ...written.current, ...patch };
      written.current = next;
      setWanted(next);
      write(next);
    },
    [write],
  );
  return [wanted, want];
}

function useWrite(): (search: ListSearch) => void {
  const navigate = useNavigate();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (search) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        void navigate({ to: '/', search: writeSearch(search) as never, replace: true, resetScroll: false });
      }, WRITE_AFTER_MS);
    },
    [navigate],
  );
}

function equal(a: ListSearch, b: ListSearch): boolean {
  return JSON.stringify(writeSearch(a)) === JSON.stringify(writeSearch(b));
}
