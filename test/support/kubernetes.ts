import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CoreV1Api, Exec, KubeConfig } from '@kubernetes/client-node';
import { LABELS } from '../../src/runtimes/kubernetes/names.ts';

/** The cluster of the tests, seen with its administrator's rights and without the runtime. */
export function adminConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  return config;
}

export interface Admin {
  config: KubeConfig;
  core: CoreV1Api;
  /** Namespaces of a store, and volumes that were bound in its namespace. */
  leftovers(store: { id: string; namespace: string }): Promise<string[]>;
  /** What a program in a container has printed; rejects with what it complained of. */
  exec(namespace: string, pod: string, container: string, command: string[]): Promise<string>;
}

export function openAdmin(config = adminConfig()): Admin {
  const core = config.makeApiClient(CoreV1Api);
  return {
    config,
    core,
    async leftovers({ id, namespace }) {
      const namespaces = await core.listNamespace({ labelSelector: `${LABELS.storeId}=${id}` });
      const volumes = await core.listPersistentVolume();
      const own = volumes.items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
      return [
        ...namespaces.items.map(({ metadata }) => `namespace ${metadata?.name}`),
        ...own.map(({ metadata }) => `volume ${metadata?.name}`),
      ];
    },
    async exec(namespace, pod, container, command) {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const printed = Promise.all([text(stdout), text(stderr)]);
      const status = await new Promise<string>((resolve, reject) => {
        new Exec(config)
          .exec(namespace, pod, container, command, stdout, stderr, null, false, ({ status: how = '' }) => resolve(how))
          .catch(reject);
      });
      stdout.end();
      stderr.end();
      const [out, complaint] = await printed;
      if (status !== 'Success') throw new Error(`${command.join(' ')} failed: ${complaint}`);
      return out;
    },
  };
}
