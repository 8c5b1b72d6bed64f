import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { isKubeError, orNull } from './failures.ts';
import { isComplete } from './health.ts';
import { findNamespaces, isTerminating } from './namespace.ts';
import { until } from './watching.ts';

/** Longer than charts let a pod take to end. */
const LIMIT_MS = 90_000;
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Ends all that runs for a store, and waits until it has ended. Its volumes stay; the step `release` brings it back. */
export async function halt(context: Context, { id }: StoreRef): Promise<void> {
  for (const namespace of await findNamespaces(context, id)) {
    if (isTerminating(namespace)) continue;
    await haltNamespace(context, namespace.metadata?.name ?? '').catch((error: unknown) => {
      // Whoever made it was killed before it had the right to make anything in it.
      if (!isKubeError(error, 403)) throw error;
    });
  }
}

async function haltNamespace(context: Context, namespace: string): Promise<void> {
  const { apps, core } = context.cluster;
  const [deployments, statefulSets] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
  ]);
  const body = { spec: { replicas: 0 } };
  for (const { metadata } of deployments.items.filter(isToRun)) {
    await orNull(apps.patchNamespacedDeployment({ name: metadata?.name ?? '', namespace, body }, MERGE));
  }
  for (const { metadata } of statefulSets.items.filter(isToRun)) {
    await orNull(apps.patchNamespacedStatefulSet({ name: metadata?.name ?? '', namespace, body }, MERGE));
  }
  await dropJobs(context, namespace);
  const ended = async (): Promise<true | null> => {
    const { items } = await core.listNamespacedPod({ namespace });
    return items.every(({ status }) => status?.phase === 'Succeeded' || status?.phase === 'Failed') ? true : null;
  };
  const watched = [{ path: `/api/v1/namespaces/${namespace}/pods` }];
  const limit = AbortSignal.any([context.stopped, AbortSignal.timeout(LIMIT_MS)]);
  await until(context.cluster, watched, ended, limit);
}

function isToRun({ spec }: { spec?: { replicas?: number } }): boolean {
  return spec?.replicas !== 0;
}

/** Jobs that are not done are made anew with the release, or by whoever needs them; those that are done tell so. */
async function dropJobs({ cluster: { batch, core } }: Context, namespace: string): Promise<void> {
  const [jobs, pods] = await Promise.all([
    batch.listNamespacedJob({ namespace }),
    core.listNamespacedPod({ namespace }),
  ]);
  for (const job of jobs.items.filter((one) => !isComplete(one, pods.items))) {
    const name = job.metadata?.name ?? '';
    await orNull(batch.deleteNamespacedJob({ name, namespace, propagationPolicy: 'Background' }));
  }
}
