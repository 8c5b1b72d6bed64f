import type { Logger } from 'pino';

/** Work that nobody waits for, except who stops. What fails is told to the log, and must be found again by others. */
export function makeBackground(log: Logger): {
  begin(what: string, work: Promise<void>): void;
  finished(): Promise<void>;
} {
  const open = new Set<Promise<void>>();
  return {
    begin(what, work) {
      const done = work
        .catch((error: unknown) => log.warn({ err: error }, `${what} failed; the next start tries again`))
        .finally(() => open.delete(done));
      open.add(done);
    },
    async finished() {
      await Promise.all(open);
    },
  };
}
