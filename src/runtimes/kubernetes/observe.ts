import type { StorePlan } from '../../../engines/engine.ts';
import type { Observation, StoreRef } from '../runtime.ts';
import { isCheckpointed } from './checkpoint.ts';
import type { Context } from './context.ts';
import type { Facts } from './facts.ts';
import { endpointOf } from './health.ts';
import { isDataMissing, isOwn, isTerminating, whyItStays } from './namespace.ts';
import { originOf } from './origin.ts';
import { firstMissing, look } from './steps.ts';
import { troubleOf } from './telling.ts';

/** What is there of a store. Rejects with DEPENDENCY_UNAVAILABLE while the cluster can't be asked. */
export async function observe(context: Context, ref: StoreRef, plan: StorePlan): Promise<Observation> {
  const facts = await look(context, ref);
  const missing = await firstMissing(context, facts, plan);
  const { inside } = facts;
  return {
    missing,
    dataMissing: missing !== null && missing !== 'health' && isDataMissing(facts),
    endpoint: missing === null && inside ? endpointOf(inside) : null,
    origin: inside?.ingress ? originOf(inside.ingress, plan.store.publicUrl) : null,
    checkpoint: inside !== null && isCheckpointed(inside),
    trouble: missing === null ? null : await troubleBehind(context, ref, facts, missing),
  };
}

/** What is about to be made anew is not held against it. */
async function troubleBehind(
  { cluster, installationId }: Context,
  ref: StoreRef,
  { namespace, inside }: Facts,
  missing: string,
): Promise<Observation['trouble']> {
  if (namespace !== null && !isOwn(namespace, installationId, ref.id)) {
    const message = `There is a namespace ${ref.namespace} that does not belong to this shop.`;
    return { message, terminal: true };
  }
  if (namespace !== null && isTerminating(namespace)) {
    const why = whyItStays(namespace);
    return { message: `What was left of the shop is still being removed. ${why}`.trim(), terminal: false };
  }
  return missing === 'health' && inside ? troubleOf(cluster, ref.namespace, inside) : null;
}
