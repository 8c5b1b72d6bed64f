import { updateStore } from '../../db/stores.ts';
import type { Store } from '../../stores/store.ts';
import type { Context } from '../context.ts';
import { change, tell } from '../progress.ts';
import { failureText } from '../words.ts';
import { ownSeconds } from './publish.ts';

/**
 * Gives a change of version up, in words its owner can act on: the version before is wanted again, and the store,
 * which stays open, is brought there like any other that is not as it should be (KUB-7).
 */
export async function revert(context: Context, store: Store, step: string, reason: string): Promise<void> {
  const { id, slug, correlationId, upgradeFrom: to, engineVersion: from } = store;
  if (to === null) return;
  const ms = Math.round(ownSeconds(store, context.config.PROVISION_TIMEOUT_SECONDS) * 1000);
  const operation = { type: 'repair' as const, step: 'revert', startedAt: new Date().toISOString() };
  await change(context, store, async (tx) => {
    await updateStore(tx, id, { engineVersion: to, upgradeFrom: null, deadlineAt: null, operation });
    const remedy = 'The shop goes back to the version that it came from, by itself.';
    await tell(tx, store, 'upgrade-failed', failureText(step, reason), { step, from, to, ms, remedy });
  });
  context.log.warn({ storeId: id, slug, correlationId, step, from, to, reason }, 'A change of version has failed');
}
