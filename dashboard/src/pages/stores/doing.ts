import type { Store } from '../../api/types.ts';

/** Steps as their owner would call them. A step that is not here is called by its own name. */
const STEPS: Record<string, string> = {
  look: 'Looking at the shop',
  reserve: 'Making passwords and keys',
  prepare: 'Waiting for the shop software',
  discard: 'Clearing away the last attempt',
  admit: 'Checking that it fits here',
  namespace: 'Making its namespace',
  secrets: 'Laying down its passwords and keys',
  release: 'Installing its software',
  database: 'Making its database',
  files: 'Making its folders',
  process: 'Starting the shop',
  health: 'Waiting until the shop answers',
  rollback: 'Putting the shop back as it was',
  prove: 'Buying something to see that it sells',
  publish: 'Opening the shop',
  recover: 'Opening the shop again',
  upgrade: 'Changing its version',
  settle: 'Finishing the change of version',
  revert: 'Going back to the version before',
  remove: 'Removing the shop',
};

/** What goes on with a store, or went wrong, in a line; empty when nothing does. */
export function doing({ status, operation, errorMessage }: Store): string {
  if (status === 'failed') return errorMessage ?? 'Something went wrong';
  if (operation) return STEPS[operation.step] ?? operation.step;
  return status === 'provisioning' || status === 'deleting' ? 'Waiting for its turn' : '';
}
