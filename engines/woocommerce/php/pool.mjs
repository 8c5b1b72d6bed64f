import { startInstance } from './worker.mjs';

/** PHP gives memory back to nobody: after this much it is replaced. */
const RECYCLE = { requests: 2_000, residentBytes: 900 * 1024 * 1024, notBefore: 200 };

const STARTS_IN_A_ROW = 3;

/**
 * One PHP behind a queue. Not more than one: SQLite's write-ahead log lives in memory that its users share, which this
 * PHP only imitates, so that a second one would corrupt a shop's database. A successor is started and warmed beside it,
 * but runs no request before the old one has ended.
 *
 * @param onFatal called when PHP can't be started
 * @returns `{ version, run, drained, length }`
 */
export function startPool(workerData, { log, onFatal }) {
  const jobs = [];
  let wake = () => {};
  let drained = () => {};
  let current = startWithRetries();
  let successor = null;

  async function startWithRetries() {
    for (let tries = 1; ; tries++) {
      const instance = startInstance(workerData, { log, onEnd: () => restart(instance) });
      const version = await instance.ready.catch(() => null);
      if (version) return { instance, version, served: 0 };
      if (tries === STARTS_IN_A_ROW) onFatal();
    }
  }

  /** Also when PHP ends between two requests, so that the next one does not have to wait for its start. */
  async function restart(instance) {
    const php = await current;
    if (php.instance === instance) current = startWithRetries();
  }

  async function work() {
    for (;;) {
      if (jobs.length === 0) await new Promise((resolve) => (wake = resolve));
      const php = await current;
      const job = jobs.shift();
      await php.instance.run('request', job.request).then(job.resolve, job.reject);
      php.served++;
      if (jobs.length === 0) drained();
      await replaceWhenDue(php);
    }
  }

  async function replaceWhenDue(php) {
    if (successor?.ready) {
      php.instance.end();
      current = Promise.resolve({ ...successor, served: 0 });
      successor = null;
    } else if (!successor && isUsedUp(php)) {
      const { scripts } = await php.instance.run('scripts').catch(() => ({ scripts: [] }));
      successor = startSuccessor(scripts);
    }
  }

  function startSuccessor(scripts) {
    const next = { ready: false };
    next.instance = startInstance(workerData, {
      log,
      onEnd() {
        if (successor === next) successor = null;
        else void restart(next.instance);
      },
    });
    next.instance.ready
      .then(async (version) => {
        next.version = version;
        await next.instance.run('warm', scripts);
        next.ready = true;
      })
      .catch((error) => log(`PHP's successor did not start: ${error}`));
    return next;
  }

  void work();
  return {
    /** PHP's version, once it runs. */
    version: () => current.then((php) => php.version),
    /** Rejects with PhpCrash. */
    run: (request) =>
      new Promise((resolve, reject) => {
        jobs.push({ request, resolve, reject });
        wake();
      }),
    waiting: () => jobs.length,
  };
}

function isUsedUp({ served }) {
  return (
    served >= RECYCLE.requests || (served >= RECYCLE.notBefore && process.memoryUsage.rss() > RECYCLE.residentBytes)
  );
}
