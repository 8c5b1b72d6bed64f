import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { eventsAfter, findEvents, lastEventId, type StoreEvent } from '../db/store-events.ts';
import { listStores } from '../db/store-list.ts';
import { existingStores } from '../db/stores.ts';
import type { OpenStream } from './open-streams.ts';
import { eventView } from './views.ts';

const BATCH = 500;
const TRY_AGAIN_MS = 1000;
/** Ids that were sent are remembered, because ids are not always committed in their order. */
const REMEMBERED = 2000;

interface Reader {
  /** Something new, by id; the reader looks it up with the rights of its own person. */
  added(eventId: number): void;
  gone(storeId: string): void;
  /** Notifications may have been missed. */
  gap(): void;
}

export interface LiveEvents {
  /**
   * Sends a person's store events as they happen, those after `lastId` first where it is given, as server-sent events.
   * `storeId` narrows to one store, which the caller has seen that this person may see.
   */
  follow(stream: OpenStream, from: { lastId: number | null; storeId: string | null }): Promise<void>;
  close(): Promise<void>;
}

/** The live side of the timeline: one connection listens for ids, every reader fetches what it may see. */
export async function createLiveEvents(db: Database, log: Logger): Promise<LiveEvents> {
  const readers = new Set<Reader>();
  const gap = () => readers.forEach((reader) => reader.gap());
  const stop = await Promise.all([
    db.listen('store_event', (payload) => readers.forEach((reader) => reader.added(Number.parseInt(payload, 10))), gap),
    db.listen(
      'store_change',
      (payload) => {
        const [storeId = '', status] = payload.split(' ');
        if (status === 'gone') readers.forEach((reader) => reader.gone(storeId));
      },
      () => undefined,
    ),
  ]);
  return {
    async follow(stream, { lastId, storeId }) {
      const reader = new StreamReader(db, log, stream, storeId);
      readers.add(reader);
      stream.signal.addEventListener('abort', () => readers.delete(reader));
      try {
        await reader.begin(lastId);
      } catch (error) {
        log.warn({ err: error }, 'A stream of events could not begin');
        stream.end();
      }
    },
    async close() {
      await Promise.all(stop.map((end) => end()));
    },
  };
}

/** One stream's reading: what it has sent, what waits, and one query at a time. */
class StreamReader implements Reader {
  private readonly db: Database;
  private readonly log: Logger;
  private readonly stream: OpenStream;
  private readonly onlyStore: string | null;
  /** The newest event that is sent or older than the stream; null until it has begun. */
  private lastId: number | null = null;
  private missed = false;
  private busy = false;
  private readonly waiting: number[] = [];
  private readonly sent = new Set<number>();
  /** Whose end is worth telling. */
  private readonly stores: Set<string>;

  constructor(db: Database, log: Logger, stream: OpenStream, onlyStore: string | null) {
    this.db = db;
    this.log = log;
    this.stream = stream;
    this.onlyStore = onlyStore;
    this.stores = new Set(onlyStore === null ? [] : [onlyStore]);
  }

  async begin(from: number | null): Promise<void> {
    this.missed = from !== null;
    const lastId = from ?? (await this.db.asOrchestrator(lastEventId));
    if (this.onlyStore === null) await this.noteLeaving();
    this.lastId = lastId;
    this.stream.write('retry: 2000\n\n');
    await this.pump();
  }

  added(id: number): void {
    this.waiting.push(id);
    void this.pump();
  }

  gap(): void {
    this.missed = true;
    void this.pump();
  }

  /** A deleted store takes its events along, so this one is told by the ids alone, to those who have seen the store. */
  gone(storeId: string): void {
    if (!this.stores.delete(storeId)) return;
    const event = {
      id: null,
      storeId,
      type: 'deleted',
      message: 'The store is gone.',
      metadata: {},
      correlationId: null,
    };
    this.stream.write(`data: ${JSON.stringify({ ...event, createdAt: new Date().toISOString() })}\n\n`);
  }

  private async noteLeaving(): Promise<void> {
    const page = await this.db.asUser(this.stream.actor(), (tx) => listStores(tx, { status: 'deleting', limit: 100 }));
    for (const { id } of page.stores) this.stores.add(id);
  }

  /** What comes while a query runs waits for the next one. */
  private async pump(): Promise<void> {
    if (this.busy || this.lastId === null) return;
    this.busy = true;
    try {
      while ((this.missed || this.waiting.length > 0) && !this.stream.signal.aborted) {
        await (this.missed ? this.catchUp(this.lastId) : this.fetchWaiting());
      }
    } catch (error) {
      this.missed = true;
      this.log.warn({ err: error }, 'Live events wait for the database');
      setTimeout(() => void this.pump(), TRY_AGAIN_MS).unref();
    } finally {
      this.busy = false;
    }
  }

  private async catchUp(after: number): Promise<void> {
    this.missed = false;
    const events = await this.db.asUser(this.stream.actor(), (tx) => eventsAfter(tx, after, BATCH));
    if (events.length === BATCH) this.missed = true;
    this.send(events);
    await this.noticeGone();
  }

  /** The end of a store leaves no event behind to be found later: whoever has missed the notification looks. */
  private async noticeGone(): Promise<void> {
    const known = [...this.stores];
    const left = new Set(await this.db.asUser(this.stream.actor(), (tx) => existingStores(tx, known)));
    for (const id of known) if (!left.has(id)) this.gone(id);
  }

  private async fetchWaiting(): Promise<void> {
    const ids = this.waiting.slice(0, BATCH);
    this.send(await this.db.asUser(this.stream.actor(), (tx) => findEvents(tx, ids)));
    this.waiting.splice(0, ids.length);
  }

  private send(events: readonly StoreEvent[]): void {
    for (const event of events) {
      this.lastId = Math.max(this.lastId ?? 0, event.id);
      if (this.sent.has(event.id) || (this.onlyStore !== null && event.storeId !== this.onlyStore)) continue;
      remember(this.sent, event.id);
      this.stores.add(event.storeId);
      this.stream.write(`id: ${event.id}\ndata: ${JSON.stringify(eventView(event))}\n\n`);
    }
  }
}

function remember(ids: Set<number>, id: number): void {
  ids.add(id);
  if (ids.size <= REMEMBERED) return;
  const [oldest] = ids;
  if (oldest !== undefined) ids.delete(oldest);
}
