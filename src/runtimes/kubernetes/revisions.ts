import { setHeaderOptions, type V1Secret } from '@kubernetes/client-node';
import type { Cluster } from './client.ts';
import { LABELS, RELEASE } from './names.ts';

/** One revision of a release, as the labels of the Secret say in which Helm keeps it. */
export interface Revision {
  number: number;
  /** Helm's word: `deployed`, `superseded`, `failed`, `pending-install`, `uninstalling`, … */
  status: string;
  /** What we had labelled it with; null where it was not made by us. */
  version: string | null;
  hash: string | null;
  /** The Secret's name. */
  secret: string;
}

/** Only the Secrets' labels are asked for: their content is the whole chart. */
const METADATA_ONLY = setHeaderOptions('Accept', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');

/** The release's history as Helm keeps it, oldest first; no program is run for looking. */
export async function listRevisions({ core }: Cluster, namespace: string): Promise<Revision[]> {
  const labelSelector = `owner=helm,name=${RELEASE}`;
  const { items } = await core.listNamespacedSecret({ namespace, labelSelector }, METADATA_ONLY);
  // An empty list of metadata alone comes as null, which the library's types do not say.
  return revisionsFrom((items as V1Secret[] | null) ?? []);
}

export function revisionsFrom(secrets: readonly Pick<V1Secret, 'metadata'>[]): Revision[] {
  return secrets
    .map(({ metadata }) => ({
      number: Number(metadata?.labels?.['version'] ?? 0),
      status: metadata?.labels?.['status'] ?? 'unknown',
      version: metadata?.labels?.[LABELS.version] ?? null,
      hash: metadata?.labels?.[LABELS.hash] ?? null,
      secret: metadata?.name ?? '',
    }))
    .toSorted((a, b) => a.number - b.number);
}
