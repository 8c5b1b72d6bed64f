import { Worker } from 'node:worker_threads';

/** The request ended with its PHP. */
export class PhpCrash extends Error {}

/** A request that runs longer is ended by force, since nothing inside can: this PHP has no timers. */
const LONGEST_RUN_MS = 180_000;

/**
 * A worker thread with one PHP.
 *
 * @param onEnd called once when the thread ends by itself or by force, not by `end()`
 * @returns `{ ready, run, end }`: a promise of PHP's version; one job, never two at a time, rejected with PhpCrash when
 * PHP ends under it; and the end
 */
export function startInstance(workerData, { log, onEnd }) {
  const worker = new Worker(new URL('instance.mjs', import.meta.url), { workerData, env: workerData.env });
  let waiting = null;
  let state = 'alive';

  worker.on('message', (message) => waiting?.resolve(message));
  worker.on('error', (error) => log(`PHP crashed: ${error?.stack ?? error}`));
  worker.on('exit', () => {
    const wasAlive = state === 'alive';
    state = 'dead';
    waiting?.reject(new PhpCrash('PHP ended while it ran.'));
    if (wasAlive) onEnd();
  });

  async function answer() {
    try {
      return await new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    } finally {
      waiting = null;
    }
  }

  return {
    ready: answer().then((message) => message.version),
    async run(kind, request) {
      if (state !== 'alive') throw new PhpCrash('PHP has just ended.');
      const timer = setTimeout(() => {
        log(`PHP is ended by force: a request ran for ${LONGEST_RUN_MS / 1000} seconds.`);
        void worker.terminate();
      }, LONGEST_RUN_MS);
      worker.postMessage({ kind, request }, []);
      return await answer().finally(() => clearTimeout(timer));
    },
    end() {
      state = 'ended';
      void worker.terminate();
    },
  };
}
