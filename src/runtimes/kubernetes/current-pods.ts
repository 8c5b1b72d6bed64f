import type { V1Pod } from '@kubernetes/client-node';
import type { Inside } from './facts.ts';
import { COMPONENT } from './names.ts';

const REVISION = 'deployment.kubernetes.io/revision';
/** They come and go by their Jobs, and whoever waits for those looks after them. */
const PASSING = new Set(['checkpoint', 'rollback', 'test']);

/**
 * The pods that are to run now: not those that are ending, have ended, or belong to an earlier version that is being
 * replaced, whose trouble is over with them.
 */
export function currentPods(inside: Inside): V1Pod[] {
  return inside.pods.filter((pod) => {
    const { phase } = pod.status ?? {};
    if (pod.metadata?.deletionTimestamp !== undefined || phase === 'Succeeded' || phase === 'Failed') return false;
    if (PASSING.has(pod.metadata?.labels?.[COMPONENT] ?? '')) return false;
    return isOfNewest(pod, inside);
  });
}

function isOfNewest(pod: V1Pod, { deployments, replicaSets, statefulSets }: Inside): boolean {
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === 'StatefulSet') {
    const set = statefulSets.find(({ metadata }) => metadata?.uid === owner.uid);
    return pod.metadata?.labels?.['controller-revision-hash'] === set?.status?.updateRevision && isObserved(set);
  }
  if (owner?.kind !== 'ReplicaSet') return true;
  const set = replicaSets.find(({ metadata }) => metadata?.uid === owner.uid);
  const maker = set?.metadata?.ownerReferences?.find(({ controller }) => controller);
  const deployment = deployments.find(({ metadata }) => metadata?.uid === maker?.uid);
  const revision = set?.metadata?.annotations?.[REVISION];
  return revision !== undefined && revision === deployment?.metadata?.annotations?.[REVISION] && isObserved(deployment);
}

/** Its controller has seen the newest of what is wanted. */
function isObserved(
  one: { metadata?: { generation?: number }; status?: { observedGeneration?: number } } | undefined,
): boolean {
  return (one?.status?.observedGeneration ?? 0) >= (one?.metadata?.generation ?? 0);
}
