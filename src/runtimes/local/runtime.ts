import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Assets } from '../../assets/assets.ts';
import type { DatabaseSettings } from '../../config.ts';
import type { Runtime } from '../runtime.ts';
import { openAccounts } from './accounts.ts';
import { makeAdmission } from './admission.ts';
import { adoptOrEnd } from './adopt.ts';
import { makeBackground } from './background.ts';
import { dropAllDirty, dropDirty } from './checkpoint.ts';
import { measureRoom } from './capacity.ts';
import { checkpoint, rollback } from './checkpoints.ts';
import type { Environment } from './environment.ts';
import { clearHidden, makeHome, storeFolders } from './folders.ts';
import { readLog } from './logs.ts';
import { nodeForStores } from './node-binary.ts';
import { observe } from './observe.ts';
import type { PortLeases } from './ports.ts';
import { isPrepared, prepare } from './prepare.ts';
import type { PrepareOptions } from './prepare-part.ts';
import { removeEverything, resourcesOf } from './resources.ts';
import { openServer } from './server.ts';
import { checkpointOf, stepNamed } from './steps.ts';
import type { StepContext } from './steps.ts';
import { processesOf } from './store-processes.ts';
import { storeUsage } from './store-usage.ts';
import { makeSupervisor } from './supervisor.ts';
import { makeTurns } from '../turns.ts';

export interface LocalRuntimeOptions {
  /** The folder of all state; nobody else uses it at the same time (see `lockHome`). */
  home: string;
  installationId: string;
  /** A login that may create databases and roles; stores' databases are made beside the one it names. */
  database: DatabaseSettings;
  ports: PortLeases;
  /** Where downloads that are no packages come from. */
  assets: Assets;
  /** The platform's own environment: npm's settings and proxies are taken from it for preparations, nothing else. */
  environment: Environment;
  log: Logger;
}

/** Stores as processes, folders and databases of this machine. */
export function createLocalRuntime(options: LocalRuntimeOptions): Runtime {
  const { home, installationId, log } = options;
  const accounts = openAccounts(home, installationId);
  const server = openServer(options.database, log);
  const whose = { home, installationId, accounts };
  const supervisor = makeSupervisor(whose, { log, databaseReachable: server.reachable });
  const admission = makeAdmission(home);
  const turns = makeTurns();
  const background = makeBackground(log);
  const preparing: PrepareOptions = { ...options, accounts, server };
  const context: StepContext = {
    home,
    installationId,
    accounts,
    server,
    ports: options.ports,
    supervisor,
    turns,
    node: process.execPath,
  };

  return {
    kind: 'local',
    async start() {
      await makeHome(home, accounts !== null);
      await clearHidden(home);
      context.node = await nodeForStores(home, accounts !== null);
      await adoptOrEnd(context, log);
      background.begin('Dropping what rollbacks replaced', dropAllDirty(server, installationId));
    },
    async stop() {
      await Promise.all([supervisor.endAll(), background.finished()]);
      await server.close();
    },
    prepare: (engine, preparation, onProgress, signal) =>
      turns.wait(`prepare ${engine} ${preparation.version}`, signal, (either) =>
        prepare(preparing, engine, preparation, onProgress, either),
      ),
    isPrepared: (engine, preparation) => isPrepared(preparing, engine, preparation),
    admit: async (plan) => ((await processesOf(whose, plan.store.id)).length > 0 ? null : admission.admit(plan)),
    observe: (ref, plan) => observe(context, ref, plan),
    apply: (step, ref, plan, signal) =>
      turns.wait(ref.id, signal, (either) => stepNamed(step).make(context, ref, plan, either)),
    open: async () => null,
    checkpoint: (ref, plan, signal) => turns.wait(ref.id, signal, (either) => checkpoint(context, ref, plan, either)),
    async rollback(ref, plan, signal) {
      await turns.wait(ref.id, signal, (either) => rollback(context, ref, plan, either));
      if (plan.database === null) return;
      const { names } = checkpointOf(context, ref);
      background.begin('Dropping what a rollback replaced', dropDirty(server, names));
    },
    async remove(ref) {
      admission.forget(ref.id);
      return turns.takeOver(ref.id, () => removeEverything(context, ref.id));
    },
    halt: (ref) => turns.takeOver(ref.id, () => supervisor.end(ref.id)),
    resources: () => resourcesOf(context),
    usage: (ref) => storeUsage(context, ref),
    room: () => measureRoom(home),
    logs: async (ref, { tail, follow, signal }) =>
      Readable.from(readLog(storeFolders(home, ref.slug).log, { tail, follow, signal }), { objectMode: false }),
    onChange: supervisor.onChange,
  };
}
