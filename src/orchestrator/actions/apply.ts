import { planned, type Work } from '../work.ts';

/** Has the runtime make one thing that it misses. */
export async function apply(work: Work, step: string): Promise<void> {
  const { context, sight, signal } = work;
  await context.runtime.apply(step, sight.ref, planned(work).plan, signal);
}
