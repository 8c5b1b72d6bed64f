import { PatchStrategy, setHeaderOptions, type V1Namespace, type V1RoleBinding } from '@kubernetes/client-node';
import type { StorePlan } from '../../../engines/engine.ts';
import { TerminalError } from '../../errors.ts';
import type { StoreRef } from '../runtime.ts';
import type { Context, RoleBindingPlan } from './context.ts';
import { orNull, unlessThere } from './failures.ts';
import type { Facts } from './facts.ts';
import { LABELS, MANAGER, namespaceLabels, ownNamespaces, VOLUMES } from './names.ts';
import { waitForRights } from './rights.ts';
import { until } from './watching.ts';

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** All of this installation's namespaces, or those of one store, by their labels alone. */
export async function findNamespaces(
  { cluster, installationId }: Pick<Context, 'cluster' | 'installationId'>,
  storeId?: string,
): Promise<V1Namespace[]> {
  const labelSelector = ownNamespaces(installationId, storeId);
  return (await cluster.core.listNamespace({ labelSelector })).items;
}

/** True when we have made it for this store. What is not ours is never touched, whatever it is called. */
export function isOwn({ metadata }: V1Namespace, installationId: string, storeId: string): boolean {
  const labels = metadata?.labels ?? {};
  return (
    labels[LABELS.managedBy] === MANAGER &&
    labels[LABELS.installation] === installationId &&
    labels[LABELS.storeId] === storeId
  );
}

export function isTerminating({ metadata, status }: V1Namespace): boolean {
  return metadata?.deletionTimestamp !== undefined || status?.phase === 'Terminating';
}

/** Why a namespace that is being removed does not go, in Kubernetes' own words; empty where it does not say. */
export function whyItStays({ status }: V1Namespace): string {
  const reasons = status?.conditions?.filter((one) => one.status === 'True').map(({ message }) => message ?? '') ?? [];
  return reasons.filter(Boolean).join(' ');
}

export function isNamespaceAsWanted(context: Context, facts: Facts, plan: StorePlan): boolean {
  const { namespace, roleBindings, inside } = facts;
  if (namespace === null || inside === null || isTerminating(namespace)) return false;
  const labels = Object.entries(namespaceLabels(plan, context.installationId));
  return (
    labels.every(([name, value]) => namespace.metadata?.labels?.[name] === value) &&
    context.roleBindings.every((wanted) => roleBindings.some((binding) => isBindingAsWanted(binding, wanted)))
  );
}

/** Makes the namespace and, first thing in it, the bindings by which the platform may work there. */
export async function makeNamespace(
  context: Context,
  ref: StoreRef,
  plan: StorePlan,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, installationId } = context;
  const name = ref.namespace;
  const labels = namespaceLabels(plan, installationId);
  const there = await untilNotTerminating(context, name, signal);
  if (there === null) {
    await unlessThere(cluster.core.createNamespace({ body: { metadata: { name, labels } } }));
  } else if (isOwn(there, installationId, ref.id)) {
    await cluster.core.patchNamespace({ name, body: { metadata: { labels } } }, MERGE);
  } else {
    throw new TerminalError(`There is a namespace ${name} that does not belong to this shop; it was left alone.`);
  }
  signal.throwIfAborted();
  for (const binding of context.roleBindings) await bind(context, name, binding);
  await waitForRights(context, name, signal);
}

/** The claims of the store's data are all still there, as far as it has ever had them. */
export function lacksVolume({ namespace, inside }: Facts): boolean {
  const known = notedVolumes(namespace);
  return known !== null && known.some((name) => !inside?.claims.some(({ metadata }) => metadata?.name === name));
}

/** The claims that are there are those that were noted: from now on it shows when one is gone. */
export function holdsVolumes({ namespace, inside }: Facts): boolean {
  const known = notedVolumes(namespace);
  return known !== null && known.join(',') === claimNames({ inside }).join(',');
}

export async function noteVolumes({ cluster }: Context, facts: Facts): Promise<void> {
  const name = facts.namespace?.metadata?.name ?? '';
  const annotations = { [VOLUMES]: claimNames(facts).join(',') };
  await cluster.core.patchNamespace({ name, body: { metadata: { annotations } } }, MERGE);
}

/**
 * True when what is made next would begin on empty volumes: one that has held data is gone or, as long as none was
 * noted, none is there.
 */
export function isDataMissing(facts: Facts): boolean {
  if (facts.namespace === null || isTerminating(facts.namespace)) return true;
  // What can't be looked into is not known to be empty.
  if (facts.inside === null) return false;
  return notedVolumes(facts.namespace) === null ? facts.inside.claims.length === 0 : lacksVolume(facts);
}

function notedVolumes(namespace: V1Namespace | null): string[] | null {
  const noted = namespace?.metadata?.annotations?.[VOLUMES];
  return noted === undefined ? null : noted.split(',').filter(Boolean);
}

function claimNames({ inside }: Pick<Facts, 'inside'>): string[] {
  return (inside?.claims ?? []).map(({ metadata }) => metadata?.name ?? '').toSorted();
}

/** Of an earlier life of the store the rest may still be going. */
async function untilNotTerminating(
  { cluster }: Context,
  name: string,
  signal: AbortSignal,
): Promise<V1Namespace | null> {
  const watched = [{ path: '/api/v1/namespaces', query: { fieldSelector: `metadata.name=${name}` } }];
  const { found } = await until(
    cluster,
    watched,
    async () => {
      const namespace = await orNull(cluster.core.readNamespace({ name }));
      return namespace !== null && isTerminating(namespace) ? null : { found: namespace };
    },
    signal,
  );
  return found;
}

async function bind({ cluster: { rbac } }: Context, namespace: string, wanted: RoleBindingPlan): Promise<void> {
  const name = wanted.clusterRole;
  const there = await orNull(rbac.readNamespacedRoleBinding({ name, namespace }));
  if (there && isBindingAsWanted(there, wanted)) return;
  // What a binding binds can't be changed.
  if (there) await orNull(rbac.deleteNamespacedRoleBinding({ name, namespace }));
  await unlessThere(rbac.createNamespacedRoleBinding({ namespace, body: bindingOf(wanted) }));
}

function bindingOf({ clusterRole, namespace, account }: RoleBindingPlan): V1RoleBinding {
  return {
    metadata: { name: clusterRole, labels: { [LABELS.managedBy]: MANAGER } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  };
}

function isBindingAsWanted({ roleRef, subjects = [] }: V1RoleBinding, wanted: RoleBindingPlan): boolean {
  const [subject] = subjects;
  return (
    roleRef.kind === 'ClusterRole' &&
    roleRef.name === wanted.clusterRole &&
    subjects.length === 1 &&
    subject?.kind === 'ServiceAccount' &&
    subject.name === wanted.account &&
    subject.namespace === wanted.namespace
  );
}
