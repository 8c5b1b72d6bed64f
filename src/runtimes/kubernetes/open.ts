import type { StorePlan } from '../../../engines/engine.ts';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { orNull } from './failures.ts';
import { RELEASE } from './names.ts';
import { originOf } from './origin.ts';
import { makeRelease } from './release.ts';
import { until } from './watching.ts';

/** Has the release lead people in, and resolves with the address that its Ingress says. */
export async function open(
  context: Context,
  { namespace, ...ref }: StoreRef,
  plan: StorePlan,
  signal: AbortSignal,
): Promise<string | null> {
  await makeRelease(context, { namespace, ...ref }, { ...plan, store: { ...plan.store, open: true } }, signal);
  const { networking } = context.cluster;
  const watched = [{ path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses` }];
  const look = () => orNull(networking.readNamespacedIngress({ name: RELEASE, namespace }));
  return originOf(await until(context.cluster, watched, look, signal), plan.store.publicUrl);
}
