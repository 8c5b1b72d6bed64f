import type { CoreV1Event, V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { COMPONENT } from './names.ts';

/** Why a store does not come up, for its owner. */
export interface Trouble {
  message: string;
  /** True when waiting has been tried, or can't help. */
  terminal: boolean;
  /** True for what only waits for another pod, whose own trouble tells more. */
  follows?: boolean;
  /** Whose last words tell more: a container, or its life before the present one. */
  where?: { pod: string; container: string; previous: boolean };
}

/** A node may be on its way, or a volume; nobody is alarmed at once. */
const PLACING_MS = 3000;
const UNPLACED_MS = 120_000;
/** Once the pod that it waits for has its place, the scheduler comes back to it after a pause, which grows. */
const FOLLOWING_MS = 30_000;
/** A registry may be busy for a moment, a Secret may be a moment late. */
const PULLING_MS = 20_000;
const CONFIGURING_MS = 20_000;
const MOUNTING_MS = 30_000;
/** So often something is started again before it is given up: about a minute, as Kubernetes waits. */
const RESTARTS = 3;

const PULLING = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError']);
/** No registry is asked for these; waiting changes nothing. */
const NO_IMAGE = new Set(['InvalidImageName', 'ErrImageNeverPull']);
const NOT_STARTING = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
]);

/** What keeps a pod from running, in words; null while it only takes its time. */
export function podTrouble(pod: V1Pod, events: readonly CoreV1Event[], now: Date): Trouble | null {
  return unplaced(pod, now) ?? containersTrouble(pod, now) ?? unmounted(pod, events, now);
}

function unplaced({ metadata, status }: V1Pod, now: Date): Trouble | null {
  const condition = status?.conditions?.find(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
  );
  if (condition?.status !== 'False') return null;
  const { message = '', lastTransitionTime } = condition;
  // Pods that share a volume go where the first of them is.
  const follows = message.includes('pod affinity');
  const since = now.getTime() - Number(lastTransitionTime ?? metadata?.creationTimestamp ?? now);
  if (since < (follows ? FOLLOWING_MS : PLACING_MS)) return null;
  return {
    message: `No node has a place for the shop's ${part(metadata)}: ${message}`,
    terminal: since > UNPLACED_MS,
    follows,
  };
}

function containersTrouble(pod: V1Pod, now: Date): Trouble | null {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const one of [...initContainerStatuses, ...containerStatuses]) {
    const found = containerTrouble(pod, one, now);
    if (found) return found;
  }
  return null;
}

function containerTrouble(pod: V1Pod, container: V1ContainerStatus, now: Date): Trouble | null {
  const { reason = '', message = '' } = container.state?.waiting ?? {};
  const age = now.getTime() - Number(pod.status?.startTime ?? now);
  if (NO_IMAGE.has(reason)) return { message: noImage(container, message), terminal: true };
  if (PULLING.has(reason)) return { message: noImage(container, message), terminal: age > PULLING_MS };
  if (NOT_STARTING.has(reason)) {
    const words = `The shop's ${part(pod.metadata)} can't be started: ${message || reason}.`;
    return { message: words, terminal: age > CONFIGURING_MS };
  }
  return reason === 'CrashLoopBackOff' ? crashing(pod, container) : null;
}

function noImage({ image }: V1ContainerStatus, message: string): string {
  const why = message === '' ? '' : ` (${message.slice(0, 300)})`;
  return `The image ${image} can't be had${why}. Build and push it, or look at the registry and imagePullSecrets.`;
}

function crashing({ metadata }: V1Pod, { name, restartCount, lastState }: V1ContainerStatus): Trouble {
  const times = restartCount === 1 ? 'twice' : `${restartCount + 1} times`;
  return {
    message: `The shop's ${part(metadata)} ended ${times} in a row (${how(lastState)}).`,
    terminal: restartCount >= RESTARTS,
    where: { pod: metadata?.name ?? '', container: name, previous: true },
  };
}

function how(state: V1ContainerState | undefined): string {
  const { reason, exitCode, signal } = state?.terminated ?? {};
  if (reason === 'OOMKilled') return 'it needed more memory than its limit';
  if (signal) return `signal ${signal}`;
  return `exit code ${exitCode ?? 'unknown'}`;
}

/** It has its place and no container has begun: volumes or Secrets are not to be had. */
function unmounted({ metadata, status }: V1Pod, events: readonly CoreV1Event[], now: Date): Trouble | null {
  const age = now.getTime() - Number(status?.startTime ?? now);
  if (status?.phase !== 'Pending' || age < MOUNTING_MS) return null;
  const event = events.find(
    ({ reason, involvedObject }) => reason === 'FailedMount' && involvedObject.uid === metadata?.uid,
  );
  return event
    ? { message: `The shop's ${part(metadata)} can't have its files: ${event.message}`, terminal: age > UNPLACED_MS }
    : null;
}

function part(metadata: V1Pod['metadata']): string {
  return metadata?.labels?.[COMPONENT] ?? 'pod';
}
