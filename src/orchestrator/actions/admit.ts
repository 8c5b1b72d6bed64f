import { updateStore } from '../../db/stores.ts';
import { TerminalError } from '../../errors.ts';
import { change } from '../progress.ts';
import { planned, type Work } from '../work.ts';

/**
 * Refuses a store that would not fit on this machine, with the figures (DAY-6), and lets the time limit begin.
 * What was handed over has its place already; its process is ended, so that earlier crashes are not held against it.
 */
export async function admit(work: Work): Promise<void> {
  const { context, sight } = work;
  if (sight.store.readyAt !== null) await context.runtime.halt(sight.ref);
  else {
    const refusal = await context.runtime.admit(planned(work).plan);
    if (refusal !== null) throw new TerminalError(refusal);
  }
  const deadlineAt = new Date(Date.now() + context.config.PROVISION_TIMEOUT_SECONDS * 1000);
  await change(context, sight.store, (tx) => updateStore(tx, sight.store.id, { deadlineAt }));
}
