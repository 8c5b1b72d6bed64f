import type { Logger } from 'pino';

/** Begins a rebuild that nobody waits for, and tells the log how it went. While one is under way there is no second. */
export function createRebuilding(rebuild: () => Promise<{ orders: number }>, log: Logger): () => void {
  let isRunning = false;
  return () => {
    if (isRunning) return;
    isRunning = true;
    log.info('All figures of orders are being made anew');
    void rebuild()
      .then(
        ({ orders }) => log.info({ orders }, 'All figures of orders were made anew'),
        (error: unknown) => log.error({ err: error }, 'The figures of orders could not be made anew'),
      )
      .finally(() => {
        isRunning = false;
      });
  };
}
