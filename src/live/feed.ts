import type { Logger } from 'pino';
import type { Database, Tx } from '../db/database.ts';
import { lastSeq, oldestSeq, readFeed, type FeedEntry } from '../db/order-feed.ts';
import { Kept } from './kept.ts';
import type { LiveOptions } from './options.ts';

const BATCH = 1000;
const TRY_AGAIN_MS = 1000;

export interface FeedHandlers {
  /** New changes, each once and in order; `position` is at the last of them already. */
  onChanges(changes: readonly FeedEntry[]): void;
  /** Changes were missed for good: whoever watches has to begin anew. */
  onLost(): void;
}

/** What somebody missed who had seen all up to a change. */
export interface Missed {
  changes: FeedEntry[];
  /** The last change that was looked at. */
  upTo: number;
  /** When the change that they saw last was written, where that is known. */
  seenAt: Date | null;
}

/**
 * Follows the feed of changes (order_feed) as long as somebody watches: a notification says that there is something
 * new, a slow poll sees what no notification told, and numbers without holes that nothing was left out.
 */
export class Feed {
  /** All changes up to this one have been read. */
  position = 0;
  private readonly db: Database;
  private readonly log: Logger;
  private readonly options: LiveOptions;
  private readonly handlers: FeedHandlers;
  private readonly kept: Kept;
  private following: Promise<void> | null = null;
  private begun = false;
  private reading: Promise<void> | null = null;
  private poll: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private again = false;
  private doubtful = false;

  constructor(db: Database, log: Logger, options: LiveOptions, handlers: FeedHandlers) {
    this.db = db;
    this.log = log;
    this.options = options;
    this.handlers = handlers;
    this.kept = new Kept(options);
  }

  /** Begins with what comes from now on, unless it has begun. */
  follow(): Promise<void> {
    this.following ??= this.begin().catch((error: unknown) => {
      this.following = null;
      throw error;
    });
    return this.following;
  }

  stop(): void {
    this.following = null;
    this.begun = false;
    clearInterval(this.poll);
    clearTimeout(this.retry);
  }

  /** There is something new. */
  async poke(): Promise<void> {
    if (!this.begun) return;
    this.again = true;
    this.reading ??= this.readAll().finally(() => {
      this.reading = null;
    });
    await this.reading;
  }

  /** There may be something new, or something may have been missed. */
  doubt(): void {
    this.doubtful = true;
    void this.poke();
  }

  /** The changes after this one that are read by now; null when some of them are not kept. */
  after(seq: number): FeedEntry[] | null {
    return this.kept.after(seq);
  }

  /** The same for somebody who comes back, with what the table still has; null when that is not all. */
  async missedSince(seq: number): Promise<Missed | null> {
    if (seq > this.position) await this.poke();
    if (seq > this.position) return null;
    const changes = this.kept.after(seq);
    if (!changes) return this.db.asOrchestrator((tx) => this.readMissed(tx, seq));
    const seen = this.kept.after(seq - 1)?.[0];
    return { changes, upTo: this.position, seenAt: seen?.seq === seq ? seen.at : null };
  }

  /** As long as the change itself is in the table, all after it are too. */
  private async readMissed(tx: Tx, seq: number): Promise<Missed | null> {
    const limit = this.options.resumeRows + 1;
    const [seen, ...changes] = await readFeed(tx, seq - 1, limit + 1);
    if (seen?.seq !== seq || changes.length === limit) return null;
    return { changes, upTo: changes.at(-1)?.seq ?? seq, seenAt: seen.at };
  }

  private async begin(): Promise<void> {
    await this.reading;
    this.position = await this.db.asOrchestrator(lastSeq);
    this.kept.reset(this.position);
    this.begun = true;
    this.poll = setInterval(() => this.doubt(), this.options.pollMs).unref();
  }

  private async readAll(): Promise<void> {
    try {
      while (this.again && this.begun) {
        this.again = false;
        await this.readOnce();
      }
    } catch (error) {
      this.doubtful = true;
      this.log.warn({ err: error }, 'Live figures wait for the database');
      clearTimeout(this.retry);
      this.retry = setTimeout(() => void this.poke(), TRY_AGAIN_MS).unref();
    }
  }

  private async readOnce(): Promise<void> {
    const { changes, lost } = await this.db.asOrchestrator((tx) => this.readNew(tx));
    if (!this.begun) return;
    if (lost !== null) this.startOver(lost);
    if (changes.length === BATCH) this.again = true;
    const last = changes.at(-1);
    if (!last || lost !== null) return;
    this.position = last.seq;
    this.kept.add(changes);
    this.handlers.onChanges(changes);
  }

  /** `lost` is the place to begin anew where changes are gone that were not read. */
  private async readNew(tx: Tx): Promise<{ changes: FeedEntry[]; lost: number | null }> {
    const inDoubt = this.doubtful;
    this.doubtful = false;
    const head = inDoubt ? await lastSeq(tx) : null;
    const changes = await readFeed(tx, this.position, BATCH);
    const next = changes[0]?.seq;
    if (next === undefined) return { changes, lost: head === this.position ? null : head };
    // The changes of a source that is gone are taken out, which leaves holes that mean nothing.
    const hole = next !== this.position + 1 && ((await oldestSeq(tx)) ?? 0) > this.position + 1;
    return { changes, lost: hole ? await lastSeq(tx) : null };
  }

  private startOver(position: number): void {
    this.position = position;
    this.kept.reset(position);
    this.again = true;
    this.handlers.onLost();
  }
}
