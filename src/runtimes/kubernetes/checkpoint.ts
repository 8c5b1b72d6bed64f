import type { V1Job } from '@kubernetes/client-node';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { orNull, unlessThere } from './failures.ts';
import type { Inside } from './facts.ts';
import { hasFailed, isComplete } from './health.ts';
import { COMPONENT, LABELS, MANAGER } from './names.ts';
import { inFull, listWarnings } from './telling.ts';
import { findJobTrouble } from './trouble.ts';
import { until } from './watching.ts';

/** The charts' suspended CronJobs of these names are what Jobs of the same names are made from. */
const CHECKPOINT = 'shop-checkpoint';
const ROLLBACK = 'shop-rollback';

type Seen = Pick<Inside, 'jobs' | 'pods'>;

/** True from a complete checkpoint to a complete rollback, as the Jobs say. */
export function isCheckpointed(seen: Seen): boolean {
  return isDone(seen, CHECKPOINT) && !isDone(seen, ROLLBACK);
}

/** Copies the store's data. A copy that is there already is kept. */
export async function makeCheckpoint(context: Context, { namespace }: StoreRef, signal: AbortSignal): Promise<void> {
  const seen = await lookAtJobs(context, namespace);
  if (isCheckpointed(seen)) return;
  if (isDone(seen, ROLLBACK)) await clear(context, namespace, signal);
  await run(context, namespace, CHECKPOINT, signal);
}

/** Puts the data back. Does nothing where there is no checkpoint. */
export async function rollBack(context: Context, { namespace }: StoreRef, signal: AbortSignal): Promise<void> {
  const seen = await lookAtJobs(context, namespace);
  if (isCheckpointed(seen)) await run(context, namespace, ROLLBACK, signal);
  else if (!isDone(seen, ROLLBACK)) return;
  await clear(context, namespace, signal);
}

/** The checkpoint's Job goes first: what a kill leaves between the two still says that all is as it was. */
async function clear(context: Context, namespace: string, signal: AbortSignal): Promise<void> {
  await drop(context, namespace, CHECKPOINT, signal);
  await drop(context, namespace, ROLLBACK, signal);
}

/** Runs a Job to its end; goes on with one that is under way, and begins anew where one has failed. */
async function run(context: Context, namespace: string, name: string, signal: AbortSignal): Promise<void> {
  const { cluster } = context;
  const known = (await lookAtJobs(context, namespace)).jobs.find((job) => isNamed(job, name));
  if (known && hasFailed(known)) await drop(context, namespace, name, signal);
  const template = await cluster.batch.readNamespacedCronJob({ name, namespace });
  signal.throwIfAborted();
  await unlessThere(cluster.batch.createNamespacedJob({ namespace, body: jobFrom(name, template.spec?.jobTemplate) }));
  await until(cluster, watchedOf(namespace), () => ended(context, namespace, name), signal);
}

/** Not owned by its CronJob, which an upgrade may replace: it tells of the data, and that stays. */
function jobFrom(name: string, template: Pick<V1Job, 'metadata' | 'spec'> | undefined): V1Job {
  const component = name.slice(name.indexOf('-') + 1);
  const labels = { ...template?.metadata?.labels, [LABELS.managedBy]: MANAGER, [COMPONENT]: component };
  return { metadata: { name, labels }, ...(template?.spec && { spec: template.spec }) };
}

/** True once it is complete; rejects when it has failed, or is known to fail; null while it runs. */
async function ended(context: Context, namespace: string, name: string): Promise<true | null> {
  const { cluster } = context;
  const { jobs, pods } = await lookAtJobs(context, namespace);
  const job = jobs.find((one) => isNamed(one, name));
  if (job === undefined) throw new Error(`The Job ${name} is gone.`);
  if (isComplete(job, pods)) return true;
  const found = hasFailed(job)
    ? failureOf(name, job, pods)
    : findJobTrouble(job, { pods }, await listWarnings(cluster, namespace));
  if (found === null) return null;
  throw new Error((await inFull(cluster, namespace, found)).message);
}

function failureOf(name: string, job: V1Job, pods: Inside['pods']) {
  const [pod] = pods
    .filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid))
    .toSorted((a, b) => Number(b.metadata?.creationTimestamp) - Number(a.metadata?.creationTimestamp));
  const container = pod?.spec?.containers[0]?.name ?? '';
  const where = pod && { pod: pod.metadata?.name ?? '', container, previous: false };
  return { message: `The Job ${name} has failed.`, terminal: false, ...(where && { where }) };
}

async function drop({ cluster }: Context, namespace: string, name: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { batch } = cluster;
  await orNull(batch.deleteNamespacedJob({ name, namespace, propagationPolicy: 'Background' }));
  const isGone = async () => ((await orNull(batch.readNamespacedJob({ name, namespace }))) === null ? true : null);
  await until(cluster, watchedOf(namespace), isGone, signal);
}

async function lookAtJobs({ cluster: { batch, core } }: Context, namespace: string): Promise<Seen> {
  const [jobs, pods] = await Promise.all([
    batch.listNamespacedJob({ namespace }),
    core.listNamespacedPod({ namespace }),
  ]);
  return { jobs: jobs.items, pods: pods.items };
}

function isDone({ jobs, pods }: Seen, name: string): boolean {
  return jobs.some((job) => isNamed(job, name) && isComplete(job, pods));
}

function isNamed({ metadata }: V1Job, name: string): boolean {
  return metadata?.name === name && metadata.deletionTimestamp === undefined;
}

function watchedOf(namespace: string) {
  return [{ path: `/apis/batch/v1/namespaces/${namespace}/jobs` }, { path: `/api/v1/namespaces/${namespace}/pods` }];
}
