import type { Observation, StoreRef } from '../runtime.ts';
import type { StorePlan } from '../../../engines/engine.ts';
import { isCheckpointed } from './checkpoints.ts';
import { storeFolders } from './folders.ts';
import { runningRecord } from './launch.ts';
import { firstMissing, launchOf } from './steps.ts';
import type { StepContext } from './steps.ts';

/** What is there of a store. Rejects with DEPENDENCY_UNAVAILABLE while the database server can't be asked. */
export async function observe(context: StepContext, ref: StoreRef, plan: StorePlan): Promise<Observation> {
  const keeper = context.supervisor.find(ref.id);
  // A store that was adopted after a crash can be started again from the moment its plan is known.
  keeper?.use(() => launchOf(context, ref, plan));
  const missing = await firstMissing(context, ref, plan);
  const record = missing ? null : await runningRecord(storeFolders(context.home, ref.slug).processFile);
  return {
    missing: missing?.name ?? null,
    dataMissing: (await missing?.losesData?.(context, ref)) ?? false,
    endpoint: record && { host: '127.0.0.1', port: record.port },
    origin: null,
    checkpoint: await isCheckpointed(context, ref, plan),
    trouble: (missing && (await keeper?.trouble())) ?? null,
  };
}
