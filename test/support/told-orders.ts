import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor, Database, Tx } from '../../src/db/database.ts';
import { applyBatches } from '../../src/orders/apply.ts';
import type { OrderEvent } from '../../src/orders/order.ts';

/** A source of somebody's own, without a shop. */
export async function insertSource(db: Database, owner: Actor, timeZone = 'UTC'): Promise<string> {
  return db.asUser(owner, async (tx) => {
    const source = { userId: owner.userId, name: 'Till', timeZone };
    return (await tx.insertInto('orderSources').values(source).returning('id').executeTakeFirstOrThrow()).id;
  });
}

/** One coffee for 3.50, placed now, unless said otherwise. */
export function toldOrder(sourceId: string, changes: Partial<OrderEvent> = {}): OrderEvent {
  const externalId = changes.externalId ?? randomUUID();
  const event = changes.event ?? 'placed';
  return {
    sourceId,
    event,
    eventId: `${externalId}:${event}`,
    externalId,
    number: null,
    currency: 'EUR',
    placedAt: new Date(),
    total: 350,
    refunded: null,
    items: [{ name: 'Coffee', quantity: 1, unitPrice: 350 }],
    ...changes,
  };
}

/** Keeps events as one batch that waits to be applied, whether or not they were told before. Returns its id. */
export async function keepBatch(tx: Tx, events: readonly OrderEvent[]): Promise<number> {
  const { id } = await tx
    .insertInto('orderBatches')
    .values({ orders: events.length })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rows = events.map((event) => ({
    ...event,
    batchId: id,
    items: JSON.stringify(event.items),
    receivedAt: sql<Date>`now()`,
  }));
  if (rows.length > 0) await tx.insertInto('orderEvents').values(rows).execute();
  return id;
}

/** Keeps and applies events at once. Returns how many orders changed. */
export async function tell(db: Database, events: readonly OrderEvent[]): Promise<number> {
  return db.asOrchestrator(async (tx) => applyBatches(tx, [await keepBatch(tx, events)]));
}
