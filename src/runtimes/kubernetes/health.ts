import type { V1Deployment, V1EndpointSlice, V1Job, V1Pod, V1Service, V1StatefulSet } from '@kubernetes/client-node';
import type { Endpoint } from '../runtime.ts';
import type { Inside } from './facts.ts';
import { COMPONENT } from './names.ts';

/** The first thing of a store that is not up yet, in words; null when all of it is available. */
export function notUpYet(inside: Inside): string | null {
  const { deployments, statefulSets, jobs, pods } = inside;
  for (const one of statefulSets) if (!isSetUp(one)) return behind(one, one.status?.readyReplicas);
  for (const one of jobs)
    if (isSetup(one) && !isComplete(one, pods)) return `its set-up (${one.metadata?.name}) is not done`;
  for (const one of deployments) if (!isRolledOut(one)) return behind(one, one.status?.availableReplicas);
  if (!pods.some((pod) => pod.metadata?.labels?.[COMPONENT] === 'server' && isReady(pod))) return 'no server is ready';
  return endpointOf(inside) === null ? 'its Service leads to no ready pod' : null;
}

/** The address of the store's Service, once a ready pod stands behind it. */
export function endpointOf({ service, slices }: Pick<Inside, 'service' | 'slices'>): Endpoint | null {
  const host = service?.spec?.clusterIP;
  const port = portOf(service);
  if (!host || host === 'None' || port === undefined || !slices.some(leadsSomewhere)) return null;
  return { host, port };
}

/** True when nobody is to run it, as after a halt. No chart has a part with no replicas. */
export function isHalted({ deployments, statefulSets }: Pick<Inside, 'deployments' | 'statefulSets'>): boolean {
  return [...deployments, ...statefulSets].some((one) => one.spec?.replicas === 0);
}

/** Complete, as the Job says or, a second earlier, its pod. */
export function isComplete(job: V1Job, pods: readonly V1Pod[]): boolean {
  if (hasCondition(job.status?.conditions, 'Complete')) return true;
  return podsOf(job, pods).some((pod) => pod.status?.phase === 'Succeeded');
}

export function hasFailed(job: V1Job): boolean {
  return hasCondition(job.status?.conditions, 'Failed');
}

export function isSetup(job: V1Job): boolean {
  return job.metadata?.labels?.[COMPONENT] === 'setup';
}

export function podsOf(job: V1Job, pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
}

export function isReady(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp === undefined && hasCondition(pod.status?.conditions, 'Ready');
}

/** Observed by its controller, every pod a new one and available, and no old one left. */
function isRolledOut({ metadata, spec, status }: V1Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return false;
  return [status?.updatedReplicas, status?.availableReplicas, status?.replicas].every(
    (count) => (count ?? 0) === wanted,
  );
}

function isSetUp({ metadata, spec, status }: V1StatefulSet): boolean {
  const wanted = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return false;
  return status?.updateRevision === status?.currentRevision && (status?.readyReplicas ?? 0) === wanted;
}

function behind({ metadata, spec }: V1Deployment | V1StatefulSet, ready = 0): string {
  return `of ${metadata?.name} ${ready} of ${spec?.replicas ?? 1} are ready`;
}

function hasCondition(conditions: readonly { type: string; status: string }[] | undefined, type: string): boolean {
  return conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

function leadsSomewhere({ endpoints }: V1EndpointSlice): boolean {
  return endpoints?.some(({ conditions }) => conditions?.ready === true) ?? false;
}

function portOf(service: V1Service | null): number | undefined {
  const ports = service?.spec?.ports ?? [];
  return (ports.find(({ name }) => name === 'http') ?? ports[0])?.port;
}
