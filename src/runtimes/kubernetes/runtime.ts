import { readdir, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { errorText } from '../../errors.ts';
import type { Runtime } from '../runtime.ts';
import { makeTurns } from '../turns.ts';
import { admit } from './admission.ts';
import { makeChanges } from './changes.ts';
import { makeCheckpoint, rollBack } from './checkpoint.ts';
import { connectCluster } from './client.ts';
import type { Context, RoleBindingPlan } from './context.ts';
import { halt } from './halt.ts';
import { makeHelm } from './helm.ts';
import { readLog } from './logs.ts';
import { observe } from './observe.ts';
import { open } from './open.ts';
import { removeEverything } from './remove.ts';
import { resourcesOf } from './resources.ts';
import { stepNamed } from './steps.ts';
import { makeMeter } from './usage.ts';
import { orAborted } from './watching.ts';

export interface KubernetesRuntimeOptions {
  installationId: string;
  /** The folder of all charts. */
  charts: string;
  /** The operator's values for every store, or null. */
  valuesFile: string | null;
  /** The program, by name or path. */
  helm: string;
  roleBindings: readonly RoleBindingPlan[];
  /** Where the platform itself runs, so that stores let it in; null outside the cluster. */
  platformNamespace: string | null;
  /** The platform's own environment: what Helm needs to find the cluster is taken from it, nothing else. */
  environment: Readonly<Record<string, string | undefined>>;
  /** The cluster, where it is not the one that the environment leads to. */
  config?: KubeConfig;
  log: Logger;
}

/** Stores as namespaces with a Helm release each. */
export function createKubernetesRuntime(options: KubernetesRuntimeOptions): Runtime {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const context = contextOf(options, stopped);
  const { cluster, helm, log } = context;
  const turns = makeTurns();
  const changes = makeChanges(cluster);
  const meter = makeMeter(context);

  /** Its turn on a store. The caller is free as soon as it gives up; the turn ends when the work has really ended. */
  function work<T>(storeId: string, signal: AbortSignal, doIt: (either: AbortSignal) => Promise<T>): Promise<T> {
    const either = AbortSignal.any([signal, stopped]);
    return orAborted(turns.wait(storeId, either, doIt), either);
  }

  return {
    kind: 'kubernetes',
    async start() {
      context.operatorValues = await operatorValues(options.valuesFile);
      await findCharts(options.charts);
      const helmVersion = await helm.start();
      const { gitVersion } = await cluster.version.getCode().catch((error: unknown) => {
        throw new Error(`Stores can't be run: ${errorText(error)} Look at KUBECONFIG.`, { cause: error });
      });
      log.info({ kubernetes: gitVersion, helm: helmVersion }, 'Stores run on Kubernetes');
    },
    async stop() {
      stopping.abort(new Error('The platform stops.'));
      changes.stop();
      await turns.idle();
      await helm.stop();
      cluster.close();
    },
    // Images are built elsewhere (`npm run images`), and a store begins with its own set-up.
    prepare: async () => ({ phases: [], assets: [] }),
    isPrepared: async () => true,
    admit: (plan) => admit(context, plan),
    async observe(ref, plan) {
      const seen = await observe(context, ref, plan);
      if (seen.missing !== 'namespace') changes.see(ref.id, ref.namespace);
      return seen;
    },
    apply: (step, ref, plan, signal) =>
      work(ref.id, signal, async (either) => stepNamed(step).make(context, ref, plan, either)),
    open: (ref, plan, signal) => work(ref.id, signal, (either) => open(context, ref, plan, either)),
    checkpoint: (ref, _, signal) => work(ref.id, signal, (either) => makeCheckpoint(context, ref, either)),
    rollback: (ref, _, signal) => work(ref.id, signal, (either) => rollBack(context, ref, either)),
    remove(ref) {
      changes.forget(ref.id);
      meter.forget(ref.id);
      return turns.takeOver(ref.id, () => removeEverything(context, ref));
    },
    halt: (ref) => turns.takeOver(ref.id, () => halt(context, ref)),
    resources: () => resourcesOf(context),
    usage: (ref) => meter.measure(ref),
    room: async () => null,
    logs: async (ref, following) => Readable.from(await readLog(context, ref, following), { objectMode: false }),
    onChange: changes.onChange,
  };
}

function contextOf(options: KubernetesRuntimeOptions, stopped: AbortSignal): Context {
  const { installationId, charts, roleBindings, platformNamespace, environment, log } = options;
  const kubeconfig = options.config?.exportConfig() ?? null;
  return {
    cluster: connectCluster(options.config ?? fromEnvironment()),
    helm: makeHelm({ program: options.helm, environment, kubeconfig }),
    installationId,
    charts,
    roleBindings,
    platformNamespace,
    operatorValues: '',
    log,
    stopped,
  };
}

function fromEnvironment(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  return config;
}

/** Read once: what it says is part of what stores are made of, and all of them are to be made of the same. */
async function operatorValues(file: string | null): Promise<string> {
  if (file === null) return '';
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`STORE_VALUES_FILE can't be read: ${errorText(error)}`, { cause: error });
  });
}

async function findCharts(folder: string): Promise<void> {
  await readdir(folder).catch((error: unknown) => {
    throw new Error(`The charts of the stores are not there: ${errorText(error)}`, { cause: error });
  });
}
