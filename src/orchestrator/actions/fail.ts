import { changeStatus } from '../../db/stores.ts';
import type { Store } from '../../stores/store.ts';
import { errorText } from '../../errors.ts';
import type { Context } from '../context.ts';
import { refOf } from '../look.ts';
import { change, tell } from '../progress.ts';
import { failureText } from '../words.ts';

/**
 * Gives a store up, in words its owner can act on (STO-7). One that was never handed over is stopped, so that it
 * takes no memory from the others; its leftovers wait for its retry or deletion.
 */
export async function fail(context: Context, store: Store, step: string, reason: string): Promise<void> {
  const handedOver = store.readyAt !== null;
  const remedy = handedOver
    ? 'Look at its log, then retry: its data is left as it is.'
    : 'Retry: what was made so far is replaced. Or delete it.';
  const message = failureText(step, reason);
  const about = { storeId: store.id, slug: store.slug, correlationId: store.correlationId, step };
  await change(context, store, async (tx) => {
    await changeStatus(tx, store.id, 'failed', { errorMessage: message, operation: null, deadlineAt: null });
    await tell(tx, store, 'failed', message, { step, remedy });
  });
  context.metrics.failures.inc({ engine: store.engine, step });
  context.log.warn({ ...about, reason }, 'A store has failed');
  if (handedOver) return;
  await context.runtime.halt(refOf(store)).catch((error: unknown) => {
    context.log.warn({ ...about, reason: errorText(error) }, 'What was made of a failed store could not be stopped');
  });
}
