import { planned, type Work } from '../work.ts';

/** Puts the data back that a proof has changed before it was interrupted. */
export async function rollback(work: Work): Promise<void> {
  const { context, sight, signal } = work;
  await context.runtime.rollback(sight.ref, planned(work).plan, signal);
}
