/** Work on one store at a time; and a way to the front for what makes all other work on it pointless. */
export interface Turns {
  /** Waits for its turn. `work` gets a signal that fires when the caller aborts or somebody takes over. */
  wait<T>(key: string, signal: AbortSignal | null, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts what is under way for this key, waits until it has really ended, then works. */
  takeOver<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export function makeTurns(): Turns {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number; current: AbortController }>();

  async function queue<T>(key: string, work: (takenOver: AbortSignal) => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? { last: Promise.resolve(), waiting: 0, current: new AbortController() };
    lines.set(key, line);
    line.waiting += 1;
    const { signal } = line.current;
    const turn = line.last.then(() => work(signal));
    line.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(key);
    }
  }

  return {
    wait: (key, signal, work) =>
      queue(key, (takenOver) => {
        const either = signal ? AbortSignal.any([signal, takenOver]) : takenOver;
        either.throwIfAborted();
        return work(either);
      }),
    takeOver(key, work) {
      const line = lines.get(key);
      if (line) {
        line.current.abort(new Error('The shop is being stopped or removed.'));
        line.current = new AbortController();
      }
      return queue(key, work);
    },
    async idle() {
      await Promise.all([...lines.values()].map(({ last }) => last));
    },
  };
}
