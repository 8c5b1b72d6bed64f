import { changeStatus } from '../../db/stores.ts';
import { change, tell } from '../progress.ts';
import type { Work } from '../work.ts';

/** A shop that had failed after its hand-over is well again. */
export async function recover({ context, sight: { store, situation } }: Work): Promise<void> {
  const { urls } = situation;
  await change(context, store, async (tx) => {
    await changeStatus(tx, store.id, 'recovered', { operation: null, errorMessage: null, ...(urls && { urls }) });
    await tell(tx, store, 'ready', 'The shop is open again');
  });
}
