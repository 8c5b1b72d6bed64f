import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubernetesRuntime, type KubernetesRuntimeOptions } from '../../src/runtimes/kubernetes/runtime.ts';
import { COMPONENT, CONTAINER } from '../../src/runtimes/kubernetes/names.ts';
import type { Runtime } from '../../src/runtimes/runtime.ts';
import type { EngineName } from '../../src/stores/store.ts';
import type { KubernetesHostOrders } from '../contracts/kubernetes-host.ts';
import type { RuntimeSubject } from '../contracts/runtime.ts';
import { settings } from './kubernetes-settings.ts';
import { openAdmin, type Admin } from './kubernetes.ts';
import { makeTinyEngine, type TinyEngine, type TinyStore } from './tiny-engine/engine.ts';

export interface KubernetesSubject extends RuntimeSubject {
  installationId: string;
  admin: Admin;
  /** A runtime on the same ground, with something changed. */
  another(changes?: Partial<KubernetesRuntimeOptions>): Runtime;
}

/** A Kubernetes runtime with an installation id of its own, with looks at it from outside. */
export async function makeKubernetesSubject(kind: EngineName = 'medusa'): Promise<KubernetesSubject> {
  const installationId = randomUUID();
  const admin = openAdmin();
  const temporary = await mkdtemp(join(tmpdir(), 'store-platform-killed-'));
  const another = (changes: Partial<KubernetesRuntimeOptions> = {}) =>
    createKubernetesRuntime({ ...settings(installationId), ...changes });
  return {
    installationId,
    admin,
    engine: await engineOf(kind),
    runtime: another(),
    another,
    async killedAfter(steps, store) {
      const orders: KubernetesHostOrders = { installationId, store, steps };
      const script = join(import.meta.dirname, '../contracts/kubernetes-host.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(orders)], {
        stdio: 'inherit',
        // What is killed can't clear away its temporary files.
        env: { ...process.env, TMPDIR: temporary },
      });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal !== 'SIGKILL') throw new Error('the platform was to be killed and ended by itself');
    },
    leftovers: ({ ref }) => admin.leftovers(ref),
    async dump({ ref: { namespace } }) {
      const pod = await serverPod(admin, namespace);
      return JSON.parse(await admin.exec(namespace, pod, CONTAINER, ['node', 'kubernetes/dump.mjs'])) as unknown;
    },
    async killStore({ ref: { namespace } }) {
      const name = await serverPod(admin, namespace);
      await admin.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    },
    async close() {
      await rm(temporary, { recursive: true });
      const labelSelector = `store-platform/installation=${installationId}`;
      const { items } = await admin.core.listNamespace({ labelSelector });
      for (const { metadata } of items) await admin.core.deleteNamespace({ name: metadata?.name ?? '' });
    },
  };
}

/** The engine of this kind; where its data lies is the chart's to know. */
async function engineOf(kind: EngineName): Promise<TinyEngine> {
  const engine = await makeTinyEngine(kind);
  return {
    ...engine,
    store(changes): TinyStore {
      const { ref, plan } = engine.store(changes);
      const values = { ...plan.release.values, database: { enabled: kind === 'medusa' } };
      return { ref, plan: { ...plan, release: { ...plan.release, values } } };
    },
  };
}

async function serverPod({ core }: Admin, namespace: string): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT}=server` });
  const running = items.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
  return running?.metadata?.name ?? '';
}
