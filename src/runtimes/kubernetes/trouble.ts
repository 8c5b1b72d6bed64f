import type { CoreV1Event, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { currentPods } from './current-pods.ts';
import type { Inside } from './facts.ts';
import { hasFailed, isComplete, isSetup, podsOf } from './health.ts';
import { podTrouble, type Trouble } from './pod-trouble.ts';

/** A refused pod or volume is tried again by itself for so long: another may make room. */
const REFUSED_MS = 30_000;
/** Events outlive what they tell of; older ones say nothing about now. */
const RECENT_MS = 90_000;
/** Volumes are made while one waits; a complaint in the first moments means nothing. */
const SETTLING_MS = 3000;

/** The worst that is known to keep a store from coming up; null while nothing is known to be wrong. Pure. */
export function findTrouble(inside: Inside, events: readonly CoreV1Event[], now = new Date()): Trouble | null {
  const found = [
    ...inside.jobs.filter(isSetup).map((job) => setupTrouble(job, inside)),
    ...refusals(inside, events, now),
    ...inside.claims.map((claim) => claimTrouble(claim, events, now)),
    ...currentPods(inside).map((pod) => podTrouble(pod, events, now)),
  ].filter((one) => one !== null);
  return found.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** What tells most comes first. */
function rank({ terminal, follows }: Trouble): number {
  return (follows ? 2 : 0) + (terminal ? 0 : 1);
}

/** The trouble of one Job's pods alone. */
export function findJobTrouble(
  job: Inside['jobs'][number],
  { pods }: Pick<Inside, 'pods'>,
  events: readonly CoreV1Event[],
  now = new Date(),
): Trouble | null {
  const own = podsOf(job, pods).map((pod) => podTrouble(pod, events, now));
  const refused = refusal(job.metadata?.name ?? '', events, now);
  return [...own, refused].find((one) => one !== null) ?? null;
}

function setupTrouble(job: Inside['jobs'][number], { pods }: Inside): Trouble | null {
  if (!hasFailed(job) || isComplete(job, pods)) return null;
  const [pod] = podsOf(job, pods).toSorted((a, b) => Number(created(b)) - Number(created(a)));
  const where = pod && { pod: pod.metadata?.name ?? '', container: failedContainer(pod), previous: false };
  return { message: "The shop's set-up has failed.", terminal: true, ...(where && { where }) };
}

function failedContainer({ spec, status }: Inside['pods'][number]): string {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const failed = all.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return failed?.name ?? spec?.containers[0]?.name ?? '';
}

/** Pods that their owner was not allowed to make. Without pods there is nothing else that could tell. */
function refusals(inside: Inside, events: readonly CoreV1Event[], now: Date): (Trouble | null)[] {
  const { replicaSets, statefulSets, jobs, pods } = inside;
  const short = [
    ...replicaSets.filter(({ spec, status }) => (status?.replicas ?? 0) < (spec?.replicas ?? 0)),
    ...statefulSets.filter(({ spec, status }) => (status?.replicas ?? 0) < (spec?.replicas ?? 0)),
    ...jobs.filter((job) => isSetup(job) && !isComplete(job, pods) && podsOf(job, pods).length === 0),
  ];
  return short.map(({ metadata }) => refusal(metadata?.name ?? '', events, now));
}

function refusal(owner: string, events: readonly CoreV1Event[], now: Date): Trouble | null {
  const event = recent(events, now).find(
    ({ reason, involvedObject }) => reason === 'FailedCreate' && involvedObject.name === owner,
  );
  const message = event?.message ?? '';
  if (message.includes('exceeded quota')) {
    const terminal = now.getTime() - began(event) > REFUSED_MS;
    return {
      message: `The quota of the shop's namespace does not allow its pods: ${after(message, 'exceeded quota')}.`,
      terminal,
    };
  }
  if (message.includes('violates PodSecurity')) {
    return {
      message: `Pod Security does not allow the shop's pods: it ${after(message, 'violates PodSecurity')}.`,
      terminal: true,
    };
  }
  return null;
}

function claimTrouble(claim: V1PersistentVolumeClaim, events: readonly CoreV1Event[], now: Date): Trouble | null {
  const name = claim.metadata?.name ?? '';
  if (claim.status?.phase === 'Lost') {
    return { message: `The volume behind ${name} is gone, and with it the data.`, terminal: true };
  }
  if (claim.status?.phase !== 'Pending') return null;
  const age = now.getTime() - Number(created(claim));
  const event = recent(events, now).find(
    ({ reason, involvedObject }) =>
      (reason === 'ProvisioningFailed' || reason === 'FailedBinding') &&
      involvedObject.kind === 'PersistentVolumeClaim' &&
      involvedObject.name === name,
  );
  if (event === undefined || age < SETTLING_MS) return null;
  const message = `There is no volume for ${name}: ${event.message}. Look at storageClassName.`;
  return { message, terminal: age > REFUSED_MS };
}

function recent(events: readonly CoreV1Event[], now: Date): CoreV1Event[] {
  return events.filter((event) => now.getTime() - last(event) < RECENT_MS);
}

function last({ series, lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return Number(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0);
}

function began(event: CoreV1Event | undefined): number {
  return Number(event?.firstTimestamp ?? event?.eventTime ?? event?.metadata.creationTimestamp ?? 0);
}

function created({ metadata }: { metadata?: { creationTimestamp?: Date } }): Date {
  return metadata?.creationTimestamp ?? new Date(0);
}

/** From these words on, without the names of what was refused. */
function after(message: string, words: string): string {
  return message.slice(message.indexOf(words)).replace(/\.$/, '');
}
