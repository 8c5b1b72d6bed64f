import type { StoreRef, Usage } from '../runtime.ts';
import type { Context } from './context.ts';
import { AppError } from '../../errors.ts';
import { KubeError } from './failures.ts';
import { findNamespaces } from './namespace.ts';
import { quantity } from './quantity.ts';

interface PodMetrics {
  items: { containers: { usage: { cpu: string; memory: string } }[] }[];
}

/** Measures stores now and then. */
export interface Meter {
  /** Null while nothing of it runs, and where the cluster measures nothing. */
  measure(ref: StoreRef): Promise<Usage | null>;
  forget(storeId: string): void;
}

/**
 * Memory and processor by the metrics API. That gives the present rate of a processor's use; the seconds that it stands
 * for since the last look are added up here. Disk is what the store's volumes have room for.
 */
export function makeMeter(context: Context): Meter {
  const used = new Map<string, { at: number; seconds: number }>();
  return {
    async measure(ref) {
      const [namespace] = await findNamespaces(context, ref.id);
      const name = namespace?.metadata?.name;
      if (name === undefined) return null;
      const metrics = await metricsOf(context, name);
      const containers = metrics?.items.flatMap((pod) => pod.containers) ?? [];
      if (containers.length === 0) return null;
      const now = Date.now();
      const before = used.get(ref.id) ?? { at: namespace?.metadata?.creationTimestamp?.getTime() ?? now, seconds: 0 };
      const cores = containers.reduce((sum, { usage }) => sum + quantity(usage.cpu), 0);
      const seconds = before.seconds + (cores * (now - before.at)) / 1000;
      used.set(ref.id, { at: now, seconds });
      return {
        at: new Date(now),
        memoryBytes: Math.round(containers.reduce((sum, { usage }) => sum + quantity(usage.memory), 0)),
        cpuSeconds: seconds,
        diskBytes: await volumeBytes(context, name),
      };
    },
    forget: (storeId) => void used.delete(storeId),
  };
}

/** Null where no metrics server answers, which is no trouble. */
async function metricsOf({ cluster }: Context, namespace: string): Promise<PodMetrics | null> {
  try {
    return JSON.parse(await cluster.get(`/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`)) as PodMetrics;
  } catch (error) {
    if (error instanceof KubeError || error instanceof AppError) return null;
    throw error;
  }
}

async function volumeBytes({ cluster: { core } }: Context, namespace: string): Promise<number> {
  const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace });
  return items.reduce((sum, { status }) => sum + quantity(status?.capacity?.['storage']), 0);
}
