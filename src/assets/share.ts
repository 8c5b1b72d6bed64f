/** One piece of work by several callers who want the same. */
interface Shared<T> {
  result: Promise<T>;
  cancel: AbortController;
  listeners: Set<(fraction: number) => void>;
  fraction: number;
}

type Work<T> = (onProgress: (fraction: number) => void, signal: AbortSignal) => Promise<T>;

/**
 * Makes a function by which callers with the same key share one run of the work. Each hears how far it is; a caller that
 * aborts leaves alone, and the last one to leave stops the work. Nothing is kept once it has ended.
 */
export function makeShare<T>() {
  const running = new Map<string, Shared<T>>();

  function begin(key: string, work: Work<T>): Shared<T> {
    const shared: Shared<T> = {
      result: Promise.resolve() as never,
      cancel: new AbortController(),
      listeners: new Set(),
      fraction: 0,
    };
    const report = (fraction: number) => {
      shared.fraction = fraction;
      for (const listener of shared.listeners) listener(fraction);
    };
    shared.result = work(report, shared.cancel.signal).finally(() => running.delete(key));
    running.set(key, shared);
    return shared;
  }

  return async function share(
    key: string,
    work: Work<T>,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    // One that is being stopped still holds its files.
    while (running.get(key)?.cancel.signal.aborted) await running.get(key)?.result.catch(() => {});
    signal.throwIfAborted();
    const shared = running.get(key) ?? begin(key, work);
    const listener = (fraction: number) => onProgress(fraction);
    shared.listeners.add(listener);
    if (shared.fraction > 0) onProgress(shared.fraction);
    try {
      return await orAborted(shared.result, signal);
    } finally {
      shared.listeners.delete(listener);
      if (shared.listeners.size === 0) shared.cancel.abort(signal.reason);
    }
  };
}

/** What the work comes to, or the caller's own abort, whichever is first. */
function orAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
