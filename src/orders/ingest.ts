import type { Database } from '../db/database.ts';
import { storeEvents } from '../db/order-events.ts';
import { AppError } from '../errors.ts';
import type { OrderEvent } from './order.ts';
import type { Guard } from './resilience.ts';

/** How many transactions run at once: while one waits for the disk, the next is being filled. */
const LANES = 3;
/** How many orders a transaction takes up, unless a single request has more. */
const ORDERS_AT_ONCE = 2000;
/** How many orders may wait for a transaction. Beyond this a sender is better told to come back than kept waiting. */
const ORDERS_WAITING = 50_000;
/** How long a request may wait for its transaction to begin, which has time limits of its own. */
const WAIT_MS = 3000;

export interface Outcome {
  accepted: number;
  duplicates: number;
}

export interface Ingest {
  /**
   * Stores a request's events, all or nothing, and resolves once that is durable. Rejects with AppError OVERLOADED or
   * DEPENDENCY_UNAVAILABLE, at once where it is known already; the sender then sends again, which is harmless.
   */
  accept(events: readonly OrderEvent[]): Promise<Outcome>;
  /** Resolves when all that was accepted is stored. */
  close(): Promise<void>;
}

interface Waiting {
  events: readonly OrderEvent[];
  since: number;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/**
 * Takes orders in. Requests that arrive while transactions are under way share the next one, as a group commit does, so
 * that single orders are stored nearly as fast as batches; each request is answered for itself.
 */
export function createIngest({ db, guard }: { db: Database; guard: Guard }): Ingest {
  const waiting: Waiting[] = [];
  let ordersWaiting = 0;
  let lanes = 0;
  let whenIdle: (() => void) | null = null;

  const store = (events: readonly OrderEvent[]) => guard.run(() => db.asOrchestrator((tx) => storeEvents(tx, events)));

  /** Those who have waited longest, up to what one transaction takes. */
  function next(): Waiting[] {
    let orders = 0;
    const isRoom = ({ events }: Waiting): boolean => (orders += events.length) <= ORDERS_AT_ONCE;
    const end = waiting.findIndex((one, place) => !isRoom(one) && place > 0);
    const group = waiting.splice(0, end === -1 ? waiting.length : end);
    ordersWaiting -= group.reduce((sum, { events }) => sum + events.length, 0);
    return group;
  }

  /** Nobody waits long behind transactions that do not come to an end. */
  function turnAway(before: number): void {
    for (let first = waiting[0]; first && first.since < before; first = waiting[0]) {
      waiting.shift();
      ordersWaiting -= first.events.length;
      first.reject(tooMany());
    }
  }

  async function runLane(): Promise<void> {
    while (waiting.length > 0) await storeTogether(next(), store);
    lanes -= 1;
    if (lanes === 0) whenIdle?.();
  }

  return {
    accept(events) {
      if (events.length === 0) return Promise.resolve({ accepted: 0, duplicates: 0 });
      const since = Date.now();
      turnAway(since - WAIT_MS);
      if (ordersWaiting + events.length > ORDERS_WAITING) return Promise.reject(tooMany());
      return new Promise((resolve, reject) => {
        waiting.push({ events, since, resolve, reject });
        ordersWaiting += events.length;
        if (lanes === LANES) return;
        lanes += 1;
        // Whoever arrives in the same turn comes along.
        setImmediate(() => void runLane());
      });
    },
    async close() {
      if (lanes > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    },
  };
}

/**
 * Stores a group in one transaction and answers each of it. What can't be stored because of what is in it fails alone:
 * the others are then stored one by one. Never rejects.
 */
async function storeTogether(
  group: readonly Waiting[],
  store: (events: readonly OrderEvent[]) => Promise<number[]>,
): Promise<void> {
  if (group.length === 0) return;
  try {
    const duplicates = await store(group.flatMap(({ events }) => events));
    answer(group, duplicates);
  } catch (error) {
    if (group.length === 1 || isPassing(error)) return group.forEach(({ reject }) => reject(error));
    for (const one of group) await storeTogether([one], store);
  }
}

function answer(group: readonly Waiting[], duplicates: readonly number[]): void {
  const places = duplicates.toSorted((one, other) => one - other);
  let [at, end] = [0, 0];
  for (const { events, resolve } of group) {
    end += events.length;
    const before = at;
    while (at < places.length && (places[at] as number) < end) at += 1;
    resolve({ accepted: events.length - (at - before), duplicates: at - before });
  }
}

/** The database's state and not what was to be stored; it would fail again for everybody. */
function isPassing(error: unknown): boolean {
  return error instanceof AppError && error.status === 503;
}

function tooMany(): AppError {
  return new AppError('OVERLOADED', 'More orders arrive than can be stored. Send these again in a moment.', {
    retryAfter: 1,
  });
}
