import { changeStatus, updateStore } from '../../db/stores.ts';
import { storeUrls } from '../../stores/addresses.ts';
import type { Store, StoreUrls } from '../../stores/store.ts';
import { change, tell } from '../progress.ts';
import { planned, type Work } from '../work.ts';

/** Hands the store over: from here on it is reached by its addresses, and its data is its owner's. */
export async function publish(work: Work): Promise<void> {
  const { context, sight, signal } = work;
  const { store, situation } = sight;
  if (situation.urls === null) throw new Error('The shop does not answer any more.');
  if (store.status === 'ready') return moveTo(sight.store, situation.urls, context);
  const { engine, plan } = planned(work);
  const origin = await context.runtime.open(sight.ref, plan, signal);
  const urls = origin === null ? situation.urls : storeUrls(origin, engine.paths, null);
  const own = ownSeconds(store, context.config.PROVISION_TIMEOUT_SECONDS);
  const now = new Date();
  await change(context, store, async (tx) => {
    const readyAt = store.readyAt ?? now;
    const settled = { urls, readyAt, operation: null, deadlineAt: null, errorMessage: null };
    await changeStatus(tx, store.id, 'proven', settled);
    const ms = store.attempt === 1 ? now.getTime() - store.createdAt.getTime() : Math.round(own * 1000);
    await tell(tx, store, 'ready', 'The shop is open', { ms });
  });
  context.metrics.provisioning.observe({ engine: store.engine }, own);
}

/** The platform's own address or the store's port has changed since. */
async function moveTo(store: Store, urls: StoreUrls, context: Work['context']): Promise<void> {
  await change(context, store, (tx) => updateStore(tx, store.id, { urls, operation: null }));
}

/** Seconds since the first own step of this attempt, or since the change of version was ordered. */
export function ownSeconds({ deadlineAt }: Pick<Store, 'deadlineAt'>, limitSeconds: number): number {
  const left = ((deadlineAt?.getTime() ?? 0) - Date.now()) / 1000;
  return Math.max(0, limitSeconds - left);
}
