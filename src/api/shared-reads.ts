/** Asks a question on behalf of everyone who asks the same thing at the same time. */
export interface SharedReads<T> {
  read(key: string, work: () => Promise<T>): Promise<T>;
}

interface Turn<T> {
  current: Promise<T>;
  /** The one that starts when `current` ends, for those who came meanwhile. */
  next: Promise<T> | null;
}

/**
 * Equal reads that wait for the database share one query, as group commit shares one write. Nobody gets an answer
 * whose query began before they asked, so everyone reads their own writes and nothing is ever stale: who comes while
 * a query runs waits for the next one, together with all others who came meanwhile.
 */
export function createSharedReads<T>(): SharedReads<T> {
  const turns = new Map<string, Turn<T>>();

  function start(key: string, work: () => Promise<T>): Promise<T> {
    const current = work().finally(() => {
      const turn = turns.get(key);
      if (turn?.current === current && turn.next === null) turns.delete(key);
    });
    turns.set(key, { current, next: null });
    return current;
  }

  return {
    read(key, work) {
      const turn = turns.get(key);
      if (!turn) return start(key, work);
      turn.next ??= turn.current.then(
        () => start(key, work),
        () => start(key, work),
      );
      return turn.next;
    },
  };
}
