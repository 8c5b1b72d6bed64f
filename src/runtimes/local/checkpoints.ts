import type { StorePlan } from '../../../engines/engine.ts';
import type { StoreRef } from '../runtime.ts';
import { hasCheckpoint, makeCheckpoint, rollBack } from './checkpoint.ts';
import { hasFileCheckpoint, makeFileCheckpoint, rollBackFiles } from './file-checkpoint.ts';
import { storeFolders } from './folders.ts';
import { checkpointOf } from './steps.ts';
import type { StepContext } from './steps.ts';

/* Where a store's data lies decides how it is kept: in a database of its own and files, or in files alone. */

/** True until a rollback has put everything back. */
export function isCheckpointed(context: StepContext, ref: StoreRef, { database }: StorePlan): Promise<boolean> {
  if (database === null) return hasFileCheckpoint(storeFolders(context.home, ref.slug));
  return hasCheckpoint(context.server, checkpointOf(context, ref));
}

export function checkpoint(
  context: StepContext,
  ref: StoreRef,
  { database }: StorePlan,
  signal: AbortSignal,
): Promise<void> {
  if (database === null) return makeFileCheckpoint(storeFolders(context.home, ref.slug), signal);
  return makeCheckpoint(context.server, checkpointOf(context, ref), signal);
}

export function rollback(
  context: StepContext,
  ref: StoreRef,
  { database }: StorePlan,
  signal: AbortSignal,
): Promise<void> {
  if (database === null) return rollBackFiles(storeFolders(context.home, ref.slug));
  return rollBack(context.server, checkpointOf(context, ref), signal);
}
