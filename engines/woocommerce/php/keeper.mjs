import { startInstance } from './worker.mjs';

/** PHP gives memory back to nobody: after this much it is replaced. */
const RECYCLE = { requests: 2_000, residentBytes: 900 * 1024 * 1024, notBefore: 200 };

const STARTS_IN_A_ROW = 3;

/**
 * Sees to it that there is always a PHP: starts it, starts it again when it ended, and replaces it in time. A successor
 * is started and warmed beside the one that works, which ends before the new one gets its first request.
 *
 * @returns `{ current, used }`: the promise of the PHP to use, as `{ instance, version, served }`; and what to call after
 * each request, with nothing running
 */
export function keepPhp(workerData, { log, onFatal }) {
  let current = start();
  let successor = null;

  async function start() {
    for (let tries = 1; ; tries++) {
      const instance = startInstance(workerData, { log, onEnd: () => restart(instance) });
      const version = await instance.ready.catch(() => null);
      if (version) return { instance, version, served: 0 };
      if (tries === STARTS_IN_A_ROW) onFatal();
    }
  }

  /** At once, not when the next request comes, which would have to wait. */
  async function restart(instance) {
    const php = await current;
    if (php.instance === instance) current = start();
  }

  async function used(php) {
    php.served++;
    if (successor?.ready) {
      php.instance.end();
      current = Promise.resolve(successor);
      successor = null;
    } else if (!successor && isUsedUp(php)) {
      log('PHP is replaced: it has served enough.');
      successor = startSuccessor(await scriptsOf(php));
    }
  }

  function startSuccessor(scripts) {
    const instance = startInstance(workerData, {
      log,
      onEnd() {
        if (successor?.instance === instance) successor = null;
        else void restart(instance);
      },
    });
    const php = { instance, version: null, served: 0, ready: false };
    void warm(php, scripts).catch(() => log('PHP could not be replaced yet.'));
    return php;
  }

  return { current: () => current, used };
}

async function scriptsOf({ instance }) {
  const { scripts } = await instance.run('scripts').catch(() => ({ scripts: [] }));
  return scripts;
}

/** Compiles what the predecessor used, so that nobody notices the change. */
async function warm(php, scripts) {
  php.version = await php.instance.ready;
  await php.instance.run('warm', scripts);
  php.ready = true;
}

function isUsedUp({ served }) {
  const isLarge = process.memoryUsage.rss() > RECYCLE.residentBytes;
  return served >= RECYCLE.requests || (served >= RECYCLE.notBefore && isLarge);
}
