import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from './client.ts';
import { watch, type WatchEvent } from './watching.ts';

/** So many stores are watched at once; of more, those that were looked at last. The others are found by looking. */
const MOST = 500;
/** What happens together is told once. */
const SWARM_MS = 200;

/** Tells when something about a store's pods changes by itself. */
export interface Changes {
  /** From now on this store is watched. */
  see(storeId: string, namespace: string): void;
  forget(storeId: string): void;
  onChange(listener: (storeId: string) => void): void;
  stop(): void;
}

export function makeChanges(cluster: Cluster): Changes {
  const listeners: ((storeId: string) => void)[] = [];
  const watched = new Map<string, AbortController>();

  function forget(storeId: string): void {
    watched.get(storeId)?.abort();
    watched.delete(storeId);
  }

  return {
    see(storeId, namespace) {
      const known = watched.get(storeId);
      const own = known ?? new AbortController();
      // Those that were looked at longest ago come first.
      watched.delete(storeId);
      watched.set(storeId, own);
      if (known) return;
      const tell = together(() => listeners.forEach((listener) => listener(storeId)), own.signal);
      void watch(cluster, { path: `/api/v1/namespaces/${namespace}/pods` }, changesOnly(tell), own.signal);
      const [oldest] = watched.keys();
      if (watched.size > MOST && oldest !== undefined) forget(oldest);
    },
    forget,
    onChange: (listener) => void listeners.push(listener),
    stop() {
      for (const storeId of watched.keys()) forget(storeId);
    },
  };
}

/** Calls back when a known pod is different, or gone, from what it was. New ones are news once they turn ready. */
function changesOnly(changed: () => void): (event: WatchEvent) => void {
  const known = new Map<string, string>();
  return ({ type, object }) => {
    if (type === 'BOOKMARK' || type === 'ERROR') return;
    const pod = object as V1Pod;
    const uid = pod.metadata?.uid ?? '';
    const before = known.get(uid);
    const now = type === 'DELETED' ? 'gone' : essence(pod);
    if (type === 'DELETED') known.delete(uid);
    else known.set(uid, now);
    if (before !== undefined && before !== now) changed();
  };
}

/** What of a pod is worth a look at its store. */
function essence({ metadata, status }: V1Pod): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
    ({ restartCount, state }) => [restartCount, state?.waiting?.reason],
  );
  return JSON.stringify([status?.phase, ready, metadata?.deletionTimestamp !== undefined, containers]);
}

function together(tell: () => void, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | null = null;
  signal.addEventListener('abort', () => timer && clearTimeout(timer), { once: true });
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      tell();
    }, SWARM_MS);
  };
}
