import { sql } from 'kysely';
import { addToFeed } from '../db/order-feed.ts';
import {
  addToProducts,
  addToValues,
  eventsOfBatches,
  findOrders,
  holdSources,
  insertOrLockOrders,
  updateOrders,
} from '../db/order-writes.ts';
import type { Tx } from '../db/session.ts';
import { feedChanges, productDifferences, valueDifferences, type Change, type ValueDifference } from './figures.ts';
import { groupBy } from './group-by.ts';
import { merge } from './merge.ts';
import type { Order, OrderEvent } from './order.ts';

/** Shared by all who apply batches, held alone by whoever makes all figures anew. Any number that is used nowhere else. */
export const FIGURES_LOCK = 7_220_470;

/**
 * Makes orders and figures of what the batches tell, and removes them; events of sources that are gone come to nothing.
 * The caller holds the batches' rows. Whoever applies batches with the same orders at the same time waits, and none of
 * them gets into a deadlock: all lock sources, orders, values, products and the feed in this order, and the rows of each
 * sorted. Returns how many orders changed.
 */
export async function applyBatches(tx: Tx, batchIds: readonly number[]): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock_shared(${FIGURES_LOCK})`.execute(tx);
  const events = await ofLivingSources(tx, await eventsOfBatches(tx, batchIds));
  const { changes, values } = await applyEvents(tx, events);
  await sql`DELETE FROM order_batches WHERE id = ANY(${batchIds}::bigint[])`.execute(tx);
  await addToFeed(tx, feedChanges(changes, values));
  return changes.length;
}

/** Merges events into orders and adds the differences to the figures. */
export async function applyEvents(
  tx: Tx,
  events: readonly OrderEvent[],
): Promise<{ changes: Change[]; values: ValueDifference[] }> {
  const changes = await changeOrders(tx, events);
  const values = valueDifferences(changes);
  await addToValues(tx, values);
  await addToProducts(tx, productDifferences(changes));
  return { changes, values };
}

async function ofLivingSources(tx: Tx, events: readonly OrderEvent[]): Promise<OrderEvent[]> {
  const living = await holdSources(tx, [...new Set(events.map(({ sourceId }) => sourceId))]);
  return events.filter(({ sourceId }) => living.has(sourceId));
}

async function changeOrders(tx: Tx, events: readonly OrderEvent[]): Promise<Change[]> {
  const told = [...groupBy(events, keyOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (told.length === 0) return [];
  const fresh = told.map(([, ofOrder]) => mergeAll(null, ofOrder));
  const inserted = new Set((await insertOrLockOrders(tx, fresh)).map(keyOf));
  const changes = fresh.filter((after) => inserted.has(keyOf(after))).map((after) => ({ before: null, after }));
  const known = told.filter(([key]) => !inserted.has(key));
  return known.length === 0 ? changes : [...changes, ...(await changeKnown(tx, new Map(known)))];
}

/** Orders that were there before, whose rows are locked by now. */
async function changeKnown(tx: Tx, told: ReadonlyMap<string, OrderEvent[]>): Promise<Change[]> {
  const keys = [...told.values()].map(([event]) => event!);
  const changes = (await findOrders(tx, keys))
    .map((before) => ({ before, after: mergeAll(before, told.get(keyOf(before))!) }))
    .filter(({ before, after }) => before !== after);
  const changed = changes.map(({ after }) => after);
  if (changed.length > 0) await updateOrders(tx, changed);
  return changes;
}

function mergeAll(before: Order | null, events: readonly OrderEvent[]): Order {
  return events.reduce<Order | null>(merge, before)!;
}

function keyOf({ sourceId, externalId }: { sourceId: string; externalId: string }): string {
  return `${sourceId} ${externalId}`;
}
