import type { V1Namespace, V1PersistentVolume } from '@kubernetes/client-node';
import type { Resource } from '../runtime.ts';
import type { Context } from './context.ts';
import { LABELS } from './names.ts';
import { findNamespaces, isTerminating, whyItStays } from './namespace.ts';

/** Everything in the cluster that carries this installation's id: namespaces, and the volumes that are bound in them. */
export async function resourcesOf(context: Context): Promise<Resource[]> {
  const [namespaces, volumes] = await Promise.all([findNamespaces(context), volumesOf(context)]);
  const own = new Map(namespaces.map(({ metadata }) => [metadata?.name, metadata?.labels?.[LABELS.storeId] ?? '']));
  const bound = volumes.flatMap((volume) => {
    const storeId = own.get(volume.spec?.claimRef?.namespace);
    return storeId === undefined ? [] : [volumeResource(volume, storeId)];
  });
  return [...namespaces.map(namespaceResource), ...bound];
}

export async function volumesOf({ cluster: { core } }: Context): Promise<V1PersistentVolume[]> {
  return (await core.listPersistentVolume()).items;
}

export function namespaceResource(namespace: V1Namespace): Resource {
  const { name = '', labels = {}, creationTimestamp = null } = namespace.metadata ?? {};
  const reason = isTerminating(namespace) ? whyItStays(namespace) : '';
  return {
    kind: 'namespace',
    name,
    storeId: labels[LABELS.storeId] ?? '',
    since: creationTimestamp,
    ...(reason && { reason }),
  };
}

export function volumeResource({ metadata, spec, status }: V1PersistentVolume, storeId: string): Resource {
  const kept = spec?.persistentVolumeReclaimPolicy === 'Retain' ? 'Its storage class keeps volumes.' : '';
  const reason = status?.message ?? kept;
  return {
    kind: 'volume',
    name: metadata?.name ?? '',
    storeId,
    since: metadata?.creationTimestamp ?? null,
    ...(reason && { reason }),
  };
}
