import { addEvent } from '../db/store-events.ts';
import { lockStore, updateStore } from '../db/stores.ts';
import type { Tx } from '../db/database.ts';
import { operationType } from '../stores/decide.ts';
import type { Operation, Store } from '../stores/store.ts';
import type { Context } from './context.ts';
import { Interrupted } from './running.ts';
import { stepTitle } from './words.ts';

/**
 * Changes a store in one transaction, provided that it is still wanted as it was when the action was decided:
 * otherwise throws Interrupted, and nothing is changed.
 */
export async function change<T>(
  context: Context,
  store: Store,
  work: (tx: Tx, current: Store) => Promise<T>,
): Promise<T> {
  return context.db.asOrchestrator(async (tx) => {
    const current = await lockStore(tx, store.id);
    if (current === null || !isWantedAlike(current, store)) {
      throw new Interrupted('What is wanted of this store has changed.');
    }
    return work(tx, current);
  });
}

function isWantedAlike(one: Store, other: Store): boolean {
  return one.status === other.status && one.attempt === other.attempt && one.upgradeFrom === other.upgradeFrom;
}

/** Tells the store's owner; part of the same story as the request that began it. */
export function tell(
  tx: Tx,
  store: Store,
  type: string,
  message: string,
  metadata: Record<string, unknown> = {},
): Promise<void> {
  return addEvent(tx, { storeId: store.id, type, message, metadata, correlationId: store.correlationId });
}

/** Saves what is about to be done, before it is done. */
export async function saveBegin(context: Context, store: Store, step: string): Promise<void> {
  await change(context, store, async (tx, current) => {
    const operation = operationFor(current, step);
    await updateStore(tx, store.id, { operation });
    const attempt = (operation.tries ?? 0) + 1;
    await tell(tx, store, 'step-started', stepTitle(step), { step, attempt });
  });
}

export async function saveDone(context: Context, store: Store, step: string, ms: number): Promise<void> {
  const attempt = (operationFor(store, step).tries ?? 0) + 1;
  await change(context, store, (tx) => tell(tx, store, 'step-done', `${stepTitle(step)}: done`, { step, ms, attempt }));
}

/** A step as the store's operation. Failed tries are counted over all steps of one operation, so they are bounded. */
export function operationFor(store: Store, step: string): Operation {
  const { operation } = store;
  const type = operationType(store);
  const same = operation?.type === type ? operation : null;
  const startedAt = same?.step === step ? same.startedAt : new Date().toISOString();
  return { type, step, startedAt, ...(same?.tries !== undefined && { tries: same.tries }) };
}
