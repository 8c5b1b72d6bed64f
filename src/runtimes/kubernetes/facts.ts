import type {
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type { Cluster } from './client.ts';
import type { Context } from './context.ts';
import { isKubeError, orNull } from './failures.ts';
import { RELEASE, SECRET } from './names.ts';
import { listRevisions, type Revision } from './revisions.ts';

/** Everything of a store's namespace that matters, as it is at this moment. What is decided from it is pure. */
export interface Facts {
  namespace: V1Namespace | null;
  /** Those of the wanted names that are there. */
  roleBindings: V1RoleBinding[];
  /** Null as long as nothing inside the namespace may be looked at. */
  inside: Inside | null;
}

export interface Inside {
  secret: V1Secret | null;
  revisions: Revision[];
  deployments: V1Deployment[];
  replicaSets: V1ReplicaSet[];
  statefulSets: V1StatefulSet[];
  jobs: V1Job[];
  pods: V1Pod[];
  claims: V1PersistentVolumeClaim[];
  service: V1Service | null;
  slices: V1EndpointSlice[];
  ingress: V1Ingress | null;
}

/** Looks at a store's namespace, and into it where it is this store's own. */
export async function lookAt(
  { cluster, roleBindings }: Pick<Context, 'cluster' | 'roleBindings'>,
  namespace: string,
  isOwn: (found: V1Namespace) => boolean,
): Promise<Facts> {
  const { core, rbac } = cluster;
  const [found, ...bindings] = await Promise.all([
    orNull(core.readNamespace({ name: namespace })),
    ...roleBindings.map(({ clusterRole: name }) => orNull(rbac.readNamespacedRoleBinding({ name, namespace }))),
  ]);
  const inside = found !== null && isOwn(found) ? await ifAllowed(lookInside(cluster, namespace)) : null;
  return { namespace: found, roleBindings: bindings.filter((one) => one !== null), inside };
}

/** Before its bindings hold, a namespace is closed to the platform too. */
function ifAllowed<T>(look: Promise<T>): Promise<T | null> {
  return look.catch((error: unknown) => {
    if (isKubeError(error, 403)) return null;
    throw error;
  });
}

export async function lookInside(cluster: Cluster, namespace: string): Promise<Inside> {
  const { core, apps, batch, networking, discovery } = cluster;
  const labelSelector = `kubernetes.io/service-name=${RELEASE}`;
  const name = RELEASE;
  const [secret, revisions, deployments, replicaSets, statefulSets, jobs, pods, claims, service, slices, ingress] =
    await Promise.all([
      orNull(core.readNamespacedSecret({ name: SECRET, namespace })),
      listRevisions(cluster, namespace),
      apps.listNamespacedDeployment({ namespace }),
      apps.listNamespacedReplicaSet({ namespace }),
      apps.listNamespacedStatefulSet({ namespace }),
      batch.listNamespacedJob({ namespace }),
      core.listNamespacedPod({ namespace }),
      core.listNamespacedPersistentVolumeClaim({ namespace }),
      orNull(core.readNamespacedService({ name, namespace })),
      discovery.listNamespacedEndpointSlice({ namespace, labelSelector }),
      orNull(networking.readNamespacedIngress({ name, namespace })),
    ]);
  return {
    secret,
    revisions,
    deployments: deployments.items,
    replicaSets: replicaSets.items,
    statefulSets: statefulSets.items,
    jobs: jobs.items,
    pods: pods.items,
    claims: claims.items,
    service,
    slices: slices.items,
    ingress,
  };
}
