import { updateStore } from '../../db/stores.ts';
import { TerminalError } from '../../errors.ts';
import { currentVersion } from '../../stores/versions.ts';
import { change } from '../progress.ts';
import { planned, type Work } from '../work.ts';

/**
 * Refuses a store that would not fit on this machine, with the figures (DAY-6), lets the time limit begin, and settles
 * the engine's version: the newest, which the store keeps.
 * What was handed over has its place already; its process is ended, so that earlier crashes are not held against it.
 */
export async function admit(work: Work): Promise<void> {
  const { context, sight } = work;
  const { engine, plan } = planned(work);
  const deadlineAt = new Date(Date.now() + context.config.PROVISION_TIMEOUT_SECONDS * 1000);
  if (sight.store.readyAt !== null) {
    await context.runtime.halt(sight.ref);
    await change(context, sight.store, (tx) => updateStore(tx, sight.store.id, { deadlineAt }));
    return;
  }
  const refusal = await context.runtime.admit(plan);
  if (refusal !== null) throw new TerminalError(refusal);
  const engineVersion = currentVersion(context.runtime.kind, engine);
  await change(context, sight.store, (tx) => updateStore(tx, sight.store.id, { deadlineAt, engineVersion }));
}
