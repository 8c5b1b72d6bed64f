import type { StorePlan } from '../../../engines/engine.ts';
import { TerminalError } from '../../errors.ts';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { lookAt, type Inside } from './facts.ts';
import { endpointOf, isReady, notUpYet } from './health.ts';
import { holdsVolumes, isOwn, noteVolumes } from './namespace.ts';
import { isReachable } from './reachable.ts';
import { troubleOf } from './telling.ts';
import { until, type Watched } from './watching.ts';

/** The nodes may take so long to lead to a new Service. */
const LEADING_MS = 20_000;

/** Resolves once all of a store is available; rejects in words, within seconds, when something keeps it from that. */
export async function becomeHealthy(context: Context, ref: StoreRef, _: StorePlan, signal: AbortSignal): Promise<void> {
  const { cluster } = context;
  let availableSince: number | null = null;
  await until(
    cluster,
    watchedOf(ref.namespace),
    async () => {
      const facts = await lookAt(context, ref.namespace, (found) => isOwn(found, context.installationId, ref.id));
      const { inside } = facts;
      if (inside === null) throw new Error("The shop's namespace is gone.");
      if (notUpYet(inside) !== null) {
        availableSince = null;
        await refuseTrouble(context, ref.namespace, inside);
        return null;
      }
      const endpoint = endpointOf(inside);
      if (endpoint === null || !(await isReachable(endpoint))) {
        availableSince ??= Date.now();
        if (endpoint && Date.now() - availableSince > LEADING_MS) throw unreachable(endpoint);
        return null;
      }
      if (!holdsVolumes(facts)) await noteVolumes(context, facts);
      return true;
    },
    signal,
  );
}

async function refuseTrouble({ cluster }: Context, namespace: string, inside: Inside): Promise<void> {
  await replaceStuck(cluster, namespace, inside);
  const trouble = await troubleOf(cluster, namespace, inside);
  if (trouble?.terminal) throw new TerminalError(trouble.message);
  if (trouble) throw new Error(trouble.message);
}

/** A StatefulSet waits for an old pod to turn ready before it replaces it, even where only the new version would. */
async function replaceStuck({ core }: Context['cluster'], namespace: string, inside: Inside): Promise<void> {
  for (const { metadata, status } of inside.statefulSets) {
    const stuck = inside.pods.filter(
      (pod) =>
        pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid) &&
        pod.metadata.labels?.['controller-revision-hash'] !== status?.updateRevision &&
        pod.metadata.deletionTimestamp === undefined &&
        !isReady(pod),
    );
    for (const pod of stuck) await core.deleteNamespacedPod({ name: pod.metadata?.name ?? '', namespace });
  }
}

function unreachable({ host, port }: { host: string; port: number }): Error {
  return new Error(
    `The shop's pods are ready, but the platform can't connect to ${host}:${port}. Look at the NetworkPolicies.`,
  );
}

function watchedOf(namespace: string): Watched[] {
  return [
    `/api/v1/namespaces/${namespace}/pods`,
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
  ].map((path) => ({ path }));
}
