import { addAudit } from '../../db/audit.ts';
import { deleteStoreRow } from '../../db/stores.ts';
import { change } from '../progress.ts';
import type { Work } from '../work.ts';
import { Leftovers } from './leftovers.ts';

/** Removes everything of a store, looks whether it is gone, and only then forgets it (STO-5). */
export async function remove({ context, sight: { store, ref } }: Work): Promise<void> {
  const left = await context.runtime.remove(ref);
  if (left.length > 0) throw new Leftovers(left);
  await context.onBoundary('remove:resources');
  await change(context, store, async (tx) => {
    await addAudit(tx, {
      actorId: null,
      actor: 'platform',
      action: 'store.deleted',
      storeId: store.id,
      subject: store.name,
      correlationId: store.correlationId,
      details: { slug: store.slug, engine: store.engine },
    });
    await deleteStoreRow(tx, store.id);
  });
}
