/**
 * Hands values on to `write`: the newest one, at most every `ms`, one at a time. Those between are left out, the last
 * one never is. `write` must not reject.
 */
export function throttled<T>(
  ms: number,
  write: (value: T) => Promise<void>,
): { next(value: T): void; end(): Promise<void> } {
  let newest: { value: T } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (newest === null) return;
    const { value } = newest;
    newest = null;
    writing = writing.then(() => write(value));
    timer = setTimeout(flush, ms);
  }

  return {
    next(value) {
      newest = { value };
      if (timer === undefined) flush();
    },
    async end() {
      flush();
      clearTimeout(timer);
      await writing;
    },
  };
}
