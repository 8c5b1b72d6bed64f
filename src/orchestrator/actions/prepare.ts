import { updateStore } from '../../db/stores.ts';
import { change, operationFor, tell } from '../progress.ts';
import type { Work } from '../work.ts';
import { stepTitle } from '../words.ts';

const LOOK_AGAIN_MS = 60_000;

/**
 * Sees to it that the store's engine is being prepared, and lets the store wait: the preparation, which all stores
 * share, calls the waiting ones when it is done. Its time does not count as the store's own (ORC-4).
 */
export async function prepare({ context, sight: { store } }: Work): Promise<void> {
  const first = store.operation?.step !== 'prepare';
  if (first) {
    await change(context, store, async (tx, current) => {
      await updateStore(tx, store.id, { operation: operationFor(current, 'prepare') });
      await tell(tx, store, 'engine-preparing', stepTitle('prepare'), { engine: store.engine });
    });
  }
  await context.queue.prepareEngine(store.engine, first);
  await context.queue.reconcileAt(store, new Date(Date.now() + LOOK_AGAIN_MS));
}
