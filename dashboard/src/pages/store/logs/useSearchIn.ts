import { useDeferredValue, useMemo, useState } from 'react';
import type { LogLines } from './lines.ts';
import { findAll, type Match } from './search.ts';

export interface Search {
  total: number;
  /** Which of them is shown, counted from 1; 0 while none is. */
  position: number;
  current: Match | null;
  step(by: 1 | -1): void;
}

/** Where a term stands in a log, and one place of those that is looked at: the newest at first. */
export function useSearchIn(shown: LogLines, term: string): Search {
  const searched = useDeferredValue(term);
  const matches = useMemo(() => findAll(shown, searched), [shown, searched]);
  const [chosen, setChosen] = useState<{ term: string; match: Match } | null>(null);
  const kept = chosen?.term === term ? matches.findIndex((one) => same(one, chosen.match)) : -1;
  const index = kept === -1 ? matches.length - 1 : kept;
  return {
    total: matches.length,
    position: index + 1,
    current: matches[index] ?? null,
    step(by) {
      const match = matches[(index + by + matches.length) % matches.length];
      if (match) setChosen({ term, match });
    },
  };
}

const same = (a: Match, b: Match): boolean => a.line === b.line && a.nth === b.nth;
