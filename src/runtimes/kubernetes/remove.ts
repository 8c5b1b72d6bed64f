import { errorText } from '../../errors.ts';
import type { Resource, StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { orNull } from './failures.ts';
import { ownNamespaces } from './names.ts';
import { findNamespaces, isTerminating } from './namespace.ts';
import { uninstall } from './release.ts';
import { namespaceResource, volumeResource, volumesOf } from './resources.ts';
import { listRevisions } from './revisions.ts';
import { until, type Watched } from './watching.ts';

/** So long it is watched going; what is left then is reported. */
const LIMIT_MS = 60_000;
/** Pods of a store that is thrown away have nothing to save. */
const POD_GRACE_SECONDS = 1;
const PODS_LIMIT_MS = 20_000;

/**
 * Removes everything of a store, found by its id alone: its release, then its namespace, and with that its volumes.
 * Resolves with what is left after a minute. A namespace without our labels is never touched.
 */
export async function removeEverything(context: Context, ref: StoreRef): Promise<Resource[]> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const signal = AbortSignal.any([context.stopped, limit]);
  const namespaces = await namesOf(context, ref);
  try {
    for (const namespace of await findNamespaces(context, ref.id)) {
      if (!isTerminating(namespace)) await empty(context, namespace.metadata?.name ?? '', signal);
    }
    const gone = async () => ((await leftOf(context, ref.id, namespaces)).length === 0 ? true : null);
    await until(context.cluster, watchedOf(context, ref.id), gone, signal);
    return [];
  } catch (error) {
    context.stopped.throwIfAborted();
    if (!limit.aborted) throw error;
    const left = await leftOf(context, ref.id, namespaces);
    context.log.warn({ storeId: ref.id, left }, 'A store is not gone yet');
    return left;
  }
}

/** The store's own namespaces, and the one that it had, unless that is somebody else's now. */
async function namesOf(context: Context, { id, namespace }: StoreRef): Promise<Set<string>> {
  const own = (await findNamespaces(context, id)).map(({ metadata }) => metadata?.name ?? '');
  const isFree = namespace !== '' && (await orNull(context.cluster.core.readNamespace({ name: namespace }))) === null;
  return new Set(isFree ? [...own, namespace] : own);
}

/** First the release, then the namespace; it goes a few seconds later, and until then its pods are gone too. */
async function empty(context: Context, namespace: string, signal: AbortSignal): Promise<void> {
  await uninstallIfThere(context, namespace, signal);
  await orNull(context.cluster.core.deleteNamespace({ name: namespace }));
  await endPods(context, namespace, signal);
}

/** A release that can't be uninstalled goes with its namespace. */
async function uninstallIfThere(context: Context, namespace: string, signal: AbortSignal): Promise<void> {
  try {
    const revisions = await listRevisions(context.cluster, namespace);
    if (revisions.length > 0) await uninstall(context, namespace, signal);
  } catch (error) {
    signal.throwIfAborted();
    context.log.warn(
      { namespace, reason: errorText(error) },
      'A release could not be uninstalled; its namespace goes with it',
    );
  }
}

/**
 * No new pods can come into a namespace that is going. Those that are there are given hardly any time: where it still
 * has some when its turn comes, it waits for half of their longest grace.
 */
async function endPods(context: Context, namespace: string, signal: AbortSignal): Promise<void> {
  const { core } = context.cluster;
  const either = AbortSignal.any([signal, AbortSignal.timeout(PODS_LIMIT_MS)]);
  const watched = [{ path: `/api/v1/namespaces/${namespace}/pods` }];
  const gone = async (): Promise<true | null> => {
    const { items } = await core.listNamespacedPod({ namespace });
    if (items.length === 0) return true;
    const fresh = items.filter(({ metadata }) => (metadata?.deletionGracePeriodSeconds ?? 30) > POD_GRACE_SECONDS);
    for (const { metadata } of fresh) {
      const name = metadata?.name ?? '';
      await orNull(core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: POD_GRACE_SECONDS }));
    }
    return null;
  };
  await until(context.cluster, watched, gone, either).catch((error: unknown) => {
    signal.throwIfAborted();
    context.log.debug({ namespace, reason: errorText(error) }, 'Pods did not end by themselves');
  });
}

/** What is still there. A namespace that is gone leaves its volumes for a moment, or, as its storage class says, for ever. */
async function leftOf(context: Context, storeId: string, known: ReadonlySet<string>): Promise<Resource[]> {
  const [namespaces, volumes] = await Promise.all([findNamespaces(context, storeId), volumesOf(context)]);
  const bound = volumes.filter(({ spec }) => known.has(spec?.claimRef?.namespace ?? ''));
  return [...namespaces.map(namespaceResource), ...bound.map((volume) => volumeResource(volume, storeId))];
}

function watchedOf({ installationId }: Context, storeId: string): Watched[] {
  const labelSelector = ownNamespaces(installationId, storeId);
  return [{ path: '/api/v1/namespaces', query: { labelSelector } }];
}
