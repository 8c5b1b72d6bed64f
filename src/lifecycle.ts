import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { isConnectionLost } from './db/failures.ts';

/** The way a process of the platform ends (API-12). */
export interface Lifecycle {
  /** Aborted as soon as the end has been asked for: whoever waits for something gives up. */
  signal: AbortSignal;
  /** Something that has been started, and how it is stopped: the last one first. */
  onStop(name: string, stop: () => unknown): void;
  /** Runs the start. An end that is asked for meanwhile waits for it, so that nothing half-started is forgotten. */
  start(work: () => Promise<void>): Promise<void>;
}

export interface LifecycleOptions {
  log: Logger;
  /** The end is forced when it takes longer. */
  limitMs?: number;
  exit?: (code: number) => void;
  /** Where the signals come from. */
  signals?: EventEmitter;
}

/** npm passes a Ctrl-C on that the terminal has sent us already: only a later one is the second. */
const ECHO_MS = 500;

const UNFORESEEN = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Listens to SIGTERM and SIGINT, of which a second one forces the end, and to errors that nobody has caught. */
export function createLifecycle({
  log,
  limitMs = 30_000,
  exit = process.exit,
  signals = process,
}: LifecycleOptions): Lifecycle {
  const ending = new AbortController();
  const parts: { name: string; stop: () => unknown }[] = [];
  let started: Promise<void> = Promise.resolve();
  let since = 0;

  async function end(reason: string, code: number): Promise<void> {
    if (ending.signal.aborted) {
      if (Date.now() - since < ECHO_MS) return;
      log.warn(`${reason} again: stopping at once`);
      return exit(1);
    }
    since = Date.now();
    ending.abort(new Error(`The platform is stopping (${reason})`));
    log[code === 0 ? 'info' : 'debug'](`Stopping (${reason}); a second Ctrl-C stops at once`);
    const limit = setTimeout(() => {
      log.error({ limitMs }, 'Stopping takes too long and is forced');
      exit(1);
    }, limitMs);
    await started.catch(() => {});
    for (const part of parts.toReversed()) await stop(part);
    clearTimeout(limit);
    log[code === 0 ? 'info' : 'debug']({ ms: Date.now() - since }, 'Stopped');
    exit(code);
  }

  async function stop({ name, stop: work }: (typeof parts)[number]): Promise<void> {
    try {
      await work();
      log.debug({ part: name }, 'Stopped a part');
    } catch (error) {
      log.error({ err: error, part: name }, 'A part could not be stopped properly');
    }
  }

  signals.on('SIGTERM', () => void end('SIGTERM', 0));
  signals.on('SIGINT', () => void end('SIGINT', 0));
  signals.on('unhandledRejection', (error) => log.error({ err: error }, 'A promise was rejected and nobody looked'));
  signals.on('uncaughtException', (error) => {
    // The database comes back; a process that has gone does not.
    if (isConnectionLost(error)) return log.error({ err: error }, 'A connection was lost and nobody looked');
    log.fatal({ err: error }, 'An error that nobody caught');
    void end('error', 1);
  });

  return {
    signal: ending.signal,
    onStop: (name, work) => void parts.push({ name, stop: work }),
    async start(work) {
      started = work();
      try {
        await started;
      } catch (error) {
        if (ending.signal.aborted) return;
        explain(error, log);
        await end('failed start', 1);
      }
    },
  };
}

/** What can be foreseen is thrown as a plain Error with words for people; a stack would only hide them. */
function explain(error: unknown, log: Logger): void {
  const foreseen = error instanceof Error && !UNFORESEEN.some((type) => error instanceof type);
  log.fatal(foreseen ? { reason: error.message } : { err: error }, 'The platform could not start');
  log.debug({ err: error }, 'Where the start failed');
  if (foreseen) process.stderr.write(`${error.message}\n`);
}
