import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskList } from 'graphile-worker';
import { freeJobsOfTheDead, openLockSession } from './lock-session.ts';
import { startRunner, type Runner, type RunnerOptions } from './runner.ts';

/** One life of a worker: from when its lock is held until it is lost, or the platform stops. */
export interface Life {
  since: Date;
  /** Fires when jobs must end: another worker may have them from now on. */
  stop: AbortSignal;
}

export interface WorkerOptions extends Omit<RunnerOptions, 'tasks'> {
  tasks(life: Life): TaskList;
  /** A life has begun: its lock is held and it takes jobs. */
  onLife(): Promise<void>;
  /** Jobs of dead workers are free again. */
  onFreed(): void;
}

export interface Worker {
  /** True while this process holds its lock and takes jobs. */
  alive(): boolean;
  /** Has up to `jobs` idle workers look for jobs now. */
  nudge(jobs: number): void;
  /** Takes no more jobs, gives the running ones `drainMs` to end, then aborts them. All of them can be resumed. */
  stop(drainMs: number): Promise<void>;
}

const FREE_EVERY_MS = 5000;
const RECONNECT_MS = { first: 200, longest: 5000 };
/** How long aborted jobs may take to end; what hangs then is left behind. */
const ABORT_MS = 8000;

/**
 * Runs jobs as long as this process provably lives (docs/adr/0005). graphile-worker's runner gives up for good when it
 * can't note a job's end, as happens whenever the database goes away; so a life is runner and lock together, and after
 * the loss of either a new one begins, under a new id, as soon as the database is back.
 */
export function startWorker(options: WorkerOptions): Worker {
  const { log } = options;
  const stopping = new AbortController();
  let life: RunningLife | null = null;
  let drain = 0;

  async function live(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        life = await beginLife(options);
        failures = 0;
        await Promise.race([life.over, aborted(stopping.signal)]);
        if (!stopping.signal.aborted) log.warn('The lock or the queue was lost: beginning anew');
      } catch (error) {
        failures += 1;
        log.warn({ err: error }, 'The orchestrator cannot take jobs; trying again');
      }
      await life?.end(stopping.signal.aborted ? drain : 0);
      life = null;
      const pause = Math.min(RECONNECT_MS.first * 2 ** failures, RECONNECT_MS.longest);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const lives = live();
  return {
    alive: () => life !== null,
    nudge: (jobs) => life?.nudge(jobs),
    async stop(drainMs) {
      drain = drainMs;
      stopping.abort();
      await lives;
    },
  };
}

interface RunningLife {
  /** Resolves when the lock or the runner is lost. */
  over: Promise<void>;
  nudge(jobs: number): void;
  end(drainMs: number): Promise<void>;
}

async function beginLife(options: WorkerOptions): Promise<RunningLife> {
  const { pool, tasks, onLife, log } = options;
  const session = await openLockSession(pool);
  const abort = new AbortController();
  let runner: Runner | null = null;
  let stopFreeing: (() => void) | null = null;

  async function end(drainMs: number): Promise<void> {
    stopFreeing?.();
    if (drainMs > 0) await runner?.stop(drainMs);
    abort.abort(new Error('The platform stops, or has lost its database.'));
    await runner?.stop(ABORT_MS);
    session.close();
  }

  try {
    runner = await startRunner({ ...options, tasks: tasks({ since: new Date(), stop: abort.signal }) });
    await session.hold(runner.id);
    stopFreeing = freeNowAndThen(options);
    runner.letGo();
    await onLife();
    log.info({ worker: runner.id }, 'Taking jobs');
    return { over: Promise.race([session.lost, runner.over]), nudge: runner.nudge, end };
  } catch (error) {
    await end(0);
    throw error;
  }
}

/** Now and every five seconds: a worker on another machine may die at any time. */
function freeNowAndThen({ pool, onFreed, log }: WorkerOptions): () => void {
  const free = async (): Promise<void> => {
    const dead = await freeJobsOfTheDead(pool);
    if (dead.length === 0) return;
    log.warn({ workers: dead }, 'Freed the jobs of dead workers');
    onFreed();
  };
  const tryToFree = (): void =>
    void free().catch((error: unknown) => log.debug({ err: error }, 'Could not look for dead workers'));
  tryToFree();
  const timer = setInterval(tryToFree, FREE_EVERY_MS);
  return () => clearInterval(timer);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
