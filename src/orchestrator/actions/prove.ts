import type { PurchaseResult, StorePlan } from '../../../engines/engine.ts';
import { updateStore } from '../../db/stores.ts';
import type { StoreRef } from '../../runtimes/runtime.ts';
import { storeOrigin } from '../../stores/addresses.ts';
import { change, operationFor, tell } from '../progress.ts';
import { shopFetch } from '../shop-fetch.ts';
import { planned, type Work } from '../work.ts';

/** Buys something in the shop and puts everything back as it was (docs/adr/0004). */
export async function prove(work: Work): Promise<void> {
  const { context, sight } = work;
  const start = performance.now();
  const result = await buyAndPutBack(work, sight.ref, planned(work).plan);
  const ms = Math.round(performance.now() - start);
  await change(context, sight.store, async (tx, current) => {
    await updateStore(tx, current.id, { operation: operationFor(current, 'publish') });
    await tell(tx, current, 'proven', 'A test purchase went through; everything is back as it was', {
      ms,
      legs: result.legs,
      orderNumber: result.orderNumber,
    });
  });
}

async function buyAndPutBack(work: Work, ref: StoreRef, plan: StorePlan): Promise<PurchaseResult> {
  const { context, signal } = work;
  await context.runtime.checkpoint(ref, plan, signal);
  await context.onBoundary('prove:checkpoint');
  try {
    return await purchase(work);
  } finally {
    // When aborted, nobody waits for it: the next pass sees the checkpoint and begins with the way back.
    if (!signal.aborted) {
      await context.onBoundary('prove:purchase');
      await context.runtime.rollback(ref, plan, signal);
      await context.onBoundary('prove:rollback');
    }
  }
}

async function purchase(work: Work): Promise<PurchaseResult> {
  const { context, sight, signal } = work;
  const { engine, secrets } = planned(work);
  const endpoint = sight.observation?.endpoint;
  if (!endpoint) throw new Error('The shop does not answer any more.');
  const { host } = new URL(storeOrigin(context.config, sight.store.slug));
  return engine.purchase(shopFetch(endpoint, host), secrets, signal);
}
