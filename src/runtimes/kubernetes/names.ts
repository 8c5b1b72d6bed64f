import type { StorePlan } from '../../../engines/engine.ts';

/** Every store's release, and by the charts' promise its Service and its Ingress. */
export const RELEASE = 'shop';
export const SECRET = 'shop-secrets';
/** The container of a `server` pod whose output is the store's log. */
export const CONTAINER = 'shop';

export const MANAGER = 'store-platform';
export const COMPONENT = 'app.kubernetes.io/component';

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  storeId: 'store-platform/store-id',
  installation: 'store-platform/installation',
  version: 'store-platform/version',
  hash: 'store-platform/hash',
} as const;

/** On a store's namespace: the claims that have held its data, so that it shows when one is gone. */
export const VOLUMES = 'store-platform/volumes';

const LABEL_LIMIT = 63;

/** Any text as a label's value: what is not allowed in one becomes a hyphen. */
export function labelValue(text: string): string {
  return text
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, LABEL_LIMIT)
    .replaceAll(/^[^a-zA-Z0-9]+|[^a-zA-Z0-9]+$/g, '');
}

/** What a store's namespace says about itself (KUB-2), with Pod Security's strictest level enforced. */
export function namespaceLabels({ store, engine }: StorePlan, installationId: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'store',
    'app.kubernetes.io/instance': labelValue(store.slug),
    [LABELS.managedBy]: MANAGER,
    'app.kubernetes.io/part-of': 'store-platform',
    'store-platform/type': 'store',
    [LABELS.storeId]: store.id,
    'store-platform/user-id': labelValue(store.userId),
    'store-platform/engine': engine,
    [LABELS.installation]: installationId,
    'store-platform/created': compact(store.createdAt),
    ...podSecurity('enforce'),
    ...podSecurity('warn'),
    ...podSecurity('audit'),
  };
}

/** By which all namespaces of this installation are found, or that of one store. */
export function ownNamespaces(installationId: string, storeId?: string): string {
  const all = `${LABELS.managedBy}=${MANAGER},${LABELS.installation}=${installationId}`;
  return storeId === undefined ? all : `${all},${LABELS.storeId}=${storeId}`;
}

function podSecurity(mode: 'enforce' | 'warn' | 'audit'): Record<string, string> {
  const label = `pod-security.kubernetes.io/${mode}`;
  return { [label]: 'restricted', [`${label}-version`]: 'latest' };
}

/** `20260131T235959Z`: the colons of ISO 8601 are not allowed in a label. */
function compact(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
