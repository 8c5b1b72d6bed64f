/** Says that there is something to do; whoever is idle waits for it. */
export interface Bell {
  /** Wakes one that waits. One that is busy finds out when it has ended. */
  ring(): void;
  /** How often it has been rung. */
  readonly rung: number;
  /** Waits until it is rung, unless it was since it had been rung `seen` times; not longer than `ms`. */
  wait(seen: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  const waiting = new Set<() => void>();
  let rung = 0;
  return {
    ring() {
      rung += 1;
      const [first] = waiting;
      first?.();
    },
    get rung() {
      return rung;
    },
    wait(seen, ms, signal) {
      if (seen !== rung || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake);
        waiting.add(wake);
      });
    },
  };
}
