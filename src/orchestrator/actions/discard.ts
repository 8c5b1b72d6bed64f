import { updateStore } from '../../db/stores.ts';
import { change, operationFor } from '../progress.ts';
import type { Work } from '../work.ts';
import { Leftovers } from './leftovers.ts';

/** Removes what a failed attempt has left of a store that nobody was ever given. Its secrets stay. */
export async function discard({ context, sight: { store, ref } }: Work): Promise<void> {
  const left = await context.runtime.remove(ref);
  if (left.length > 0) throw new Leftovers(left);
  await change(context, store, async (tx, current) => {
    await updateStore(tx, store.id, { operation: operationFor(current, 'admit') });
  });
}
