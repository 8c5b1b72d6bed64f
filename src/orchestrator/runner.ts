import { EventEmitter } from 'node:events';
import { Logger as WorkerLogger, run, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { deferred } from './deferred.ts';
import { within } from './within.ts';

export interface RunnerOptions {
  pool: pg.Pool;
  concurrency: number;
  /** graphile-worker's own polling; only a net below the notifications and our poller. */
  pollMs: number;
  crontab: string;
  tasks: TaskList;
  log: Logger;
}

export interface Runner {
  /** Under this name it locks its jobs. */
  id: string;
  /** From now on it takes jobs. Not before: its lock has to be held first. */
  letGo(): void;
  /** Resolves when it takes no more jobs, by itself or because it was stopped. */
  over: Promise<void>;
  nudge(jobs: number): void;
  /** Takes no more jobs; resolves when those that run have ended, or after `ms`. */
  stop(ms: number): Promise<void>;
}

/** graphile-worker with all that is special about our use of it. Rejects when the database is away. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const events = new EventEmitter() as WorkerEvents;
  const gate = deferred<null>();
  const over = deferred();
  let workers: WorkerPool | null = null;
  let stopping: Promise<unknown> | null = null;
  events.once('pool:create', ({ workerPool }) => (workers = workerPool));
  events.once('pool:gracefulShutdown', () => {
    workers = null;
    over.resolve();
  });
  const runner = await run({
    pgPool: options.pool,
    concurrency: options.concurrency,
    pollInterval: options.pollMs,
    crontab: options.crontab,
    taskList: options.tasks,
    events,
    noHandleSignals: true,
    logger: loggerFor(options.log, () => stopping !== null),
    // Asked before each look for jobs, and so the place to wait until there may be one.
    forbiddenFlags: () => gate.promise,
    // Without these it does not await the note of a job's end, and a lost database would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
  const ended = runner.promise
    .catch((error: unknown) => options.log.warn({ err: error }, 'The job runner has ended'))
    .finally(() => over.resolve());
  const { id } = workers as unknown as WorkerPool;
  return {
    id,
    letGo: () => gate.resolve(null),
    over: over.promise,
    nudge: (jobs) => workers?.nudge(jobs),
    async stop(ms) {
      gate.resolve(null);
      stopping ??= runner.stop().catch(() => ended); // It rejects when the runner is stopping by itself.
      await within(stopping, ms);
    },
  };
}

/**
 * Its messages are about its own workings: of interest to us only when something is wrong. A job that is put down
 * because we stop is not.
 */
function loggerFor(log: Logger, isStopping: () => boolean): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    const wrong = level === 'error' || level === 'warning';
    if (wrong && !isStopping()) log.warn({ part: 'queue' }, message);
    else log.trace({ part: 'queue' }, message);
  });
}
