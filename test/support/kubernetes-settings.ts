import { join } from 'node:path';
import type { KubernetesRuntimeOptions } from '../../src/runtimes/kubernetes/runtime.ts';
import { silentLog } from './database.ts';

/** What a runtime of the tests is made with. */
export function settings(installationId: string): KubernetesRuntimeOptions {
  return {
    installationId,
    charts: join(import.meta.dirname, 'tiny-engine/chart'),
    valuesFile: null,
    helm: 'helm',
    roleBindings: [],
    platformNamespace: null,
    environment: process.env,
    log: silentLog,
  };
}
