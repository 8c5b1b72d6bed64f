import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import { AppError, errorText } from '../../errors.ts';
import { Unresponsive, untilHealthy } from './boot.ts';
import { Crashes } from './crashes.ts';
import { runningRecord, start } from './launch.ts';
import type { Launch, ProcessRecord } from './launch.ts';

const DATABASE_AWAY_MS = 2000;

export interface KeeperOptions {
  log: Logger;
  processFile: string;
  /** Ends everything that is left of the store's processes. */
  clear: () => Promise<void>;
  databaseReachable: () => Promise<boolean>;
  /** The end of the store's own output, for messages. */
  lastWords: () => Promise<string>;
  /** Something has happened that nobody had asked for. */
  changed: () => void;
}

interface Running {
  record: ProcessRecord;
  /** Null for a process of an earlier platform's: its end is seen by looking. */
  child: ChildProcess | null;
  healthySince: number | null;
  ended: AbortController;
}

/** Keeps one store's process running until it lets go of it. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #crashes = new Crashes();
  #launch: (() => Promise<Launch>) | null = null;
  #running: Running | null = null;
  #starting: Promise<void> | null = null;
  #restart: { timer: NodeJS.Timeout; at: number } | null = null;
  #kept = true;
  #lastEnd = 'it ended';

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** What is started from now on, worked out afresh for every start. A process that runs is left alone. */
  use(launch: () => Promise<Launch>): void {
    this.#launch = launch;
  }

  /** Starts it if it doesn't run. Rejects while it waits after a crash, and says for how long. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#running) return;
    if (this.#restart) throw new Error(await this.#waiting(this.#restart.at));
    signal.throwIfAborted();
    await this.#begin();
  }

  /** Takes over a process that an earlier platform started. */
  adopt(record: ProcessRecord): void {
    this.#watch({ record, child: null, healthySince: Date.now(), ended: new AbortController() });
  }

  /** Looks after an adopted process. */
  async check(): Promise<void> {
    const what = this.#running;
    if (!what || what.child) return;
    const now = await runningRecord(this.#options.processFile);
    if (now?.started !== what.record.started) await this.#ended(what, 'nobody saw how');
  }

  /** Resolves once it answers; rejects with the process's last words when it ends before. */
  async healthy(path: string, signal: AbortSignal): Promise<void> {
    const what = this.#running;
    if (!what) throw new Error(`The shop's process does not run (${this.#lastEnd}).${await this.#options.lastWords()}`);
    try {
      const either = AbortSignal.any([signal, what.ended.signal]);
      await untilHealthy({ ...what.record, path }, this.#options.databaseReachable, either);
      what.healthySince ??= Date.now();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Unresponsive) await this.#options.clear(); // its end brings the next start
      throw new Error(`${errorText(error)}${await this.#options.lastWords()}`, { cause: error });
    }
  }

  /** Stops minding it; the process itself is left to the caller. */
  letGo(): void {
    this.#kept = false;
    clearTimeout(this.#restart?.timer);
    this.#running?.ended.abort(new Error('The shop is being stopped.'));
    this.#running = null;
  }

  /**
   * Why it is not up, in words; terminal once it has fallen again and again. Null while it is up or coming up, and while
   * the database server is away, for which no shop can help.
   */
  async trouble(): Promise<{ message: string; terminal: boolean } | null> {
    if (this.#running?.healthySince) return null;
    const times = this.#crashes.loop();
    const restart = this.#restart;
    if ((times === null && !restart) || !(await this.#options.databaseReachable())) return null;
    if (times === null) return restart && { message: await this.#waiting(restart.at), terminal: false };
    const message = `The shop's process ended ${times} times in a short time (${this.#lastEnd}).`;
    return { message: message + (await this.#options.lastWords()), terminal: true };
  }

  /** One start at a time, whoever asks for it. */
  #begin(): Promise<void> {
    this.#starting ??= this.#beginOnce().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #beginOnce(): Promise<void> {
    const launch = await this.#launch?.();
    if (!launch || !this.#kept || this.#running) return;
    await this.#options.clear();
    if (!this.#kept) return;
    const started = await start(launch);
    this.#watch({ ...started, healthySince: null, ended: new AbortController() });
    const { pid, port } = started.record;
    this.#options.log.info({ pid, port }, 'The process of a store was started');
    // Nobody may be waiting for this start; so its end is told.
    this.healthy(launch.healthPath, new AbortController().signal).then(this.#options.changed, () => {});
  }

  #watch(what: Running): void {
    this.#running = what;
    what.child?.on('error', () => {});
    what.child?.once(
      'exit',
      (code, signal) => void this.#ended(what, signal ? `signal ${signal}` : `exit code ${code}`),
    );
  }

  async #ended(what: Running, how: string): Promise<void> {
    if (this.#running !== what) return;
    this.#running = null;
    this.#lastEnd = how;
    this.#options.log.warn({ pid: what.record.pid, how }, 'The process of a store ended by itself');
    const healthyMs = what.healthySince === null ? 0 : Date.now() - what.healthySince;
    await this.#tryAgain(healthyMs);
    what.ended.abort(new Error(`The shop's process ended (${how}).`));
    this.#options.changed();
  }

  /** A shop that falls because its database server is away has done nothing wrong: that is not counted. */
  async #tryAgain(healthyMs: number): Promise<void> {
    const counts = await this.#options.databaseReachable();
    this.#restartIn(counts ? this.#crashes.note(healthyMs) : DATABASE_AWAY_MS);
  }

  #restartIn(delay: number): void {
    if (!this.#kept || !this.#launch) return;
    clearTimeout(this.#restart?.timer);
    const timer = setTimeout(() => {
      this.#restart = null;
      this.#begin().catch(async (error: unknown) => {
        this.#options.log.warn({ err: error }, 'The process of a store could not be started');
        this.#lastEnd = errorText(error);
        if (error instanceof AppError) this.#restartIn(DATABASE_AWAY_MS);
        else await this.#tryAgain(0);
      });
    }, delay);
    this.#restart = { timer, at: Date.now() + delay };
  }

  async #waiting(at: number): Promise<string> {
    const seconds = Math.max(1, Math.ceil((at - Date.now()) / 1000));
    return `The shop's process ended (${this.#lastEnd}) and is started again in ${seconds} s.${await this.#options.lastWords()}`;
  }
}
