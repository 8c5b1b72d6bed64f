import type { Tx } from './session.ts';

/** A line of a store's timeline. Ids grow, so they are also the place in the live stream. */
export interface StoreEvent {
  id: number;
  storeId: string;
  type: string;
  message: string;
  metadata: Record<string, unknown>;
  correlationId: string | null;
  createdAt: Date;
}

export interface NewStoreEvent {
  storeId: string;
  type: string;
  message: string;
  metadata?: Record<string, unknown>;
  correlationId: string | null;
}

const COLUMNS = ['id', 'storeId', 'eventType as type', 'message', 'metadata', 'correlationId', 'createdAt'] as const;
const MESSAGE_LIMIT = 1000;

/** Adds to a store's timeline; whoever watches is notified when the transaction commits. */
export async function addEvent(tx: Tx, event: NewStoreEvent): Promise<void> {
  await tx
    .insertInto('storeEvents')
    .values({
      storeId: event.storeId,
      eventType: event.type,
      message: event.message.slice(0, MESSAGE_LIMIT),
      metadata: JSON.stringify(event.metadata ?? {}),
      correlationId: event.correlationId,
    })
    .execute();
}

/** A store's timeline, oldest first, from after the event `after`. */
export async function listEvents(
  tx: Tx,
  storeId: string,
  page: { limit: number; after?: number | undefined },
): Promise<StoreEvent[]> {
  return tx
    .selectFrom('storeEvents')
    .select(COLUMNS)
    .where('storeId', '=', storeId)
    .where('id', '>', page.after ?? 0)
    .orderBy('id')
    .limit(page.limit)
    .execute();
}

/** Events of all visible stores after the one a stream saw last, oldest first: its replay. */
export async function eventsAfter(tx: Tx, lastId: number, limit: number): Promise<StoreEvent[]> {
  return (
    tx
      .selectFrom('storeEvents')
      .select(COLUMNS)
      .where('id', '>', lastId)
      // Says again what row-level security says, in a form that lets a member's few stores lead the way.
      .where('storeId', 'in', (visible) => visible.selectFrom('stores').select('stores.id'))
      .orderBy('id')
      .limit(limit)
      .execute()
  );
}

/** The newest event of anybody's store, 0 when there is none: where a live stream begins. For the platform itself. */
export async function lastEventId(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('storeEvents')
    .select((select) => select.fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** Those of the named events that are visible, oldest first. */
export async function findEvents(tx: Tx, ids: readonly number[]): Promise<StoreEvent[]> {
  return tx
    .selectFrom('storeEvents')
    .select(COLUMNS)
    .where((where) => where('id', '=', where.fn.any(where.val(ids as number[]))))
    .orderBy('id')
    .execute();
}

/** Events that one request caused, oldest first. */
export async function eventsOfCorrelation(tx: Tx, correlationId: string): Promise<StoreEvent[]> {
  return tx
    .selectFrom('storeEvents')
    .select(COLUMNS)
    .where('correlationId', '=', correlationId)
    .orderBy('id')
    .execute();
}
