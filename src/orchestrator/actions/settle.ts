import { updateStore } from '../../db/stores.ts';
import { currentVersion } from '../../stores/versions.ts';
import { change, tell } from '../progress.ts';
import { planned, type Work } from '../work.ts';
import { ownSeconds } from './publish.ts';

/** The store runs the version that was wanted; the one before is what it can be brought back to from now on. */
export async function settle(work: Work): Promise<void> {
  const { context, sight } = work;
  const { store } = sight;
  const { upgradeFrom: from, engineVersion: to, previousVersion } = store;
  if (from === null || to === null) return;
  // What it ran before may be the newest again, after a rollback: coming to that is an upgrade by any name.
  const back = to === previousVersion && to !== currentVersion(context.runtime.kind, planned(work).engine);
  const ms = Math.round(ownSeconds(store, context.config.PROVISION_TIMEOUT_SECONDS) * 1000);
  await change(context, store, async (tx) => {
    await updateStore(tx, store.id, { upgradeFrom: null, previousVersion: from, deadlineAt: null, operation: null });
    const message = back ? 'The shop runs the version from before again' : 'The shop runs its new version';
    await tell(tx, store, back ? 'rolled-back' : 'upgraded', message, { from, to, ms });
  });
}
