import { createKubernetesRuntime } from '../../src/runtimes/kubernetes/runtime.ts';
import { settings } from '../support/kubernetes-settings.ts';
import type { TinyStore } from '../support/tiny-engine/engine.ts';

/** What a platform that is about to be killed is told, as JSON in its only argument. */
export interface KubernetesHostOrders {
  installationId: string;
  store: TinyStore;
  steps: string[];
}

const { installationId, store, steps } = JSON.parse(process.argv[2] ?? '') as KubernetesHostOrders;
const { ref, plan } = store;
// Dates are texts in JSON.
plan.store.createdAt = new Date(plan.store.createdAt);
const runtime = createKubernetesRuntime(settings(installationId));
await runtime.start();
for (const step of steps) await runtime.apply(step, ref, plan, new AbortController().signal);
process.kill(process.pid, 'SIGKILL');
