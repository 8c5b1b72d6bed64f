import { keepPhp } from './keeper.mjs';

/**
 * One PHP behind a queue. Not more than one: SQLite's write-ahead log lives in memory that its users share, which this
 * PHP only imitates, so that a second one would corrupt a shop's database.
 *
 * @param onFatal called when PHP can't be started
 */
export function startPool(workerData, { log, onFatal }) {
  const keeper = keepPhp(workerData, { log, onFatal });
  const jobs = [];
  let working = false;

  async function work() {
    working = true;
    while (jobs.length > 0) {
      const php = await keeper.current();
      const job = jobs.shift();
      if (!job.isWanted()) {
        job.resolve(null);
        continue;
      }
      await php.instance.run('request', job.request).then(job.resolve, job.reject);
      await keeper.used(php);
    }
    working = false;
  }

  return {
    /** PHP's version, once it runs. */
    version: async () => (await keeper.current()).version,
    /** Null when nobody wanted it any more once it was its turn. Rejects with PhpCrash when PHP ended under it. */
    run: (request, isWanted) =>
      new Promise((resolve, reject) => {
        jobs.push({ request, isWanted, resolve, reject });
        if (!working) void work();
      }),
    waiting: () => jobs.length,
  };
}
