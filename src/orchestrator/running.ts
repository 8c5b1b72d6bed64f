/** The stores that this process works on right now. */
export interface Running {
  /** Begins work on a store. Throws when an earlier piece of work on it has not ended yet. */
  enter(storeId: string): Pass;
  /** What is being done for this store has lost its sense: aborts it, so that its work looks again. */
  interrupt(storeId: string): void;
}

interface Pass {
  /** Fires at the next interruption. Ask again for each action, because a signal fires only once. */
  signal(): AbortSignal;
  leave(): void;
}

/** Why an action was aborted although nothing is wrong: what is wanted of the store has changed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export function createRunning(): Running {
  const controllers = new Map<string, AbortController>();
  return {
    enter(storeId) {
      if (controllers.has(storeId)) throw new Error('The work on this store that was begun before has not ended yet.');
      controllers.set(storeId, new AbortController());
      return {
        signal() {
          const known = controllers.get(storeId);
          if (known && !known.signal.aborted) return known.signal;
          const fresh = new AbortController();
          controllers.set(storeId, fresh);
          return fresh.signal;
        },
        leave: () => void controllers.delete(storeId),
      };
    },
    interrupt: (storeId) =>
      controllers.get(storeId)?.abort(new Interrupted('What is wanted of this store has changed.')),
  };
}
