import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StorePlan } from '../../../engines/engine.ts';
import { TerminalError } from '../../errors.ts';
import type { StoreRef } from '../runtime.ts';
import type { Accounts } from './accounts.ts';
import { recover } from './checkpoint.ts';
import type { CheckpointOf } from './checkpoint.ts';
import { hasDatabase, holdsData, makeDatabase } from './databases.ts';
import { fill, storeEnvironment, TEMPORARY } from './environment.ts';
import type { Values } from './environment.ts';
import type { Content } from './folders.ts';
import { hasStoreFolder, isFolder, makeStoreFolder, readMarker, storeFolders } from './folders.ts';
import { isHealthy } from './health.ts';
import { runningRecord } from './launch.ts';
import type { Launch } from './launch.ts';
import { databaseNames } from './names.ts';
import { usablePort } from './ports.ts';
import type { PortLeases } from './ports.ts';
import { engineFolder, templateOf } from './prepare-part.ts';
import type { DatabaseServer } from './server.ts';
import type { Supervisor } from './supervisor.ts';
import { isTemplateReady } from './template.ts';
import type { Turns } from '../turns.ts';

/** What the steps of a store need to look and to act. */
export interface StepContext {
  home: string;
  installationId: string;
  node: string;
  accounts: Accounts | null;
  server: DatabaseServer;
  ports: PortLeases;
  supervisor: Supervisor;
  turns: Turns;
}

/** One thing that a store needs. `done` looks and changes nothing; `make` may be interrupted and repeated. */
export interface Step {
  name: string;
  done(context: StepContext, ref: StoreRef, plan: StorePlan): Promise<boolean>;
  make(context: StepContext, ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<void>;
  /** True when `make` would put something new where the store's own data has been. */
  losesData?(context: StepContext, ref: StoreRef): Promise<boolean>;
}

const database: Step = {
  name: 'database',
  done: async ({ server, installationId }, ref, { database: wanted }) =>
    wanted === null || hasDatabase(server, databaseNames(installationId, ref.id)),
  losesData: async ({ server, installationId }, ref) =>
    !(await holdsData(server, databaseNames(installationId, ref.id))),
  async make(context, ref, plan, signal) {
    if (plan.database === null) return;
    const { server, installationId } = context;
    const { password } = plan.database;
    const template = templateOf(context, plan.engine, plan.engineVersion);
    const of = checkpointOf(context, ref);
    await makeDatabase(
      server,
      { installationId, storeId: ref.id, names: of.names, password, template: template.name },
      async (query) => {
        await recover(query, of);
        const [live] = await query('SELECT FROM pg_database WHERE datname = $1', [of.names.live]);
        if (!live && !(await isTemplateReady(server, template))) {
          throw new Error(`Version ${plan.engineVersion} of ${plan.engine} is not prepared on this machine yet.`);
        }
      },
      signal,
    );
  },
};

const files: Step = {
  name: 'files',
  done: ({ home, installationId }, ref, plan) =>
    hasStoreFolder(
      home,
      { installation: installationId, storeId: ref.id, slug: ref.slug },
      contentOf(home, plan).folders,
    ),
  losesData: async ({ home }, ref) => !(await isFolder(storeFolders(home, ref.slug).data)),
  async make({ home, installationId, accounts, turns }, ref, plan, signal) {
    const marker = { installation: installationId, storeId: ref.id, slug: ref.slug };
    // One store at a time, so that two can't choose the same account.
    await turns.wait('accounts', signal, () =>
      makeStoreFolder(home, marker, contentOf(home, plan), async () => (await accounts?.choose()) ?? null),
    );
  },
};

const running: Step = {
  name: 'process',
  async done(context, ref, plan) {
    const record = await runningRecord(storeFolders(context.home, ref.slug).processFile);
    if (!record || record.hash !== hashOf(plan)) return false;
    return record.port === (await context.ports.find(ref.id));
  },
  async make(context, ref, plan, signal) {
    if (await running.done(context, ref, plan)) return;
    const known = await runningRecord(storeFolders(context.home, ref.slug).processFile);
    // It runs, but not as planned.
    if (known) await context.supervisor.end(ref.id);
    signal.throwIfAborted();
    await context.supervisor
      .keep({ storeId: ref.id, slug: ref.slug }, () => launchOf(context, ref, plan))
      .start(signal);
  },
};

const health: Step = {
  name: 'health',
  async done({ home }, ref, plan) {
    const record = await runningRecord(storeFolders(home, ref.slug).processFile);
    return record !== null && isHealthy(record, plan.process.healthPath);
  },
  async make({ supervisor }, ref, plan, signal) {
    const keeper = supervisor.find(ref.id);
    if (!keeper) throw new Error("The shop's process does not run.");
    await keeper.healthy(plan.process.healthPath, signal);
  },
};

/** In the order in which they are made; each stands on those before it. */
const STEPS: readonly Step[] = [database, files, running, health];

/** The first step whose result is not there. */
export async function firstMissing(context: StepContext, ref: StoreRef, plan: StorePlan): Promise<Step | null> {
  for (const step of STEPS) if (!(await step.done(context, ref, plan))) return step;
  return null;
}

export function stepNamed(name: string): Step {
  const step = STEPS.find((one) => one.name === name);
  if (!step) throw new TerminalError(`There is no step "${name}" in this runtime.`);
  return step;
}

export function checkpointOf(
  { home, installationId }: Pick<StepContext, 'home' | 'installationId'>,
  ref: StoreRef,
): CheckpointOf {
  return {
    names: databaseNames(installationId, ref.id),
    folders: storeFolders(home, ref.slug),
    installationId,
    storeId: ref.id,
  };
}

/** How to start a store now. Asked anew before every start, because another program may have taken the port. */
export async function launchOf(context: StepContext, ref: StoreRef, plan: StorePlan): Promise<Launch> {
  const { home, installationId, server, node } = context;
  const folders = storeFolders(home, ref.slug);
  const engineDir = engineFolder(home, plan.engine, plan.engineVersion);
  if (!(await isFolder(engineDir))) {
    throw new TerminalError(
      `Version ${plan.engineVersion} of ${plan.engine}, which this shop was made with, is gone from this machine.`,
    );
  }
  const names = databaseNames(installationId, ref.id);
  const port = await usablePort(context.ports, ref.id);
  const uid = (await readMarker(folders.marker))?.uid ?? null;
  const values: Values = {
    databaseUrl: plan.database === null ? '' : server.url(names.live, names.role, plan.database.password),
    host: '127.0.0.1',
    port: String(port),
    engineDir,
    storeDir: folders.data,
    node,
  };
  return {
    command: plan.process.command.map((part) => fill(part, values)),
    env: storeEnvironment(plan.process.env, values, { installationId, storeId: ref.id }),
    cwd: folders.data,
    uid,
    logFile: folders.log,
    processFile: folders.processFile,
    port,
    healthPath: plan.process.healthPath,
    hash: hashOf(plan),
  };
}

/** Tells two plans' processes apart. (Of random secrets a hash gives nothing away.) */
function hashOf(plan: StorePlan): string {
  const what = [plan.engine, plan.engineVersion, plan.database, plan.process];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

function contentOf(home: string, { engine, engineVersion, files: { from, folders } }: StorePlan): Content {
  return {
    from: from === null ? null : join(engineFolder(home, engine, engineVersion), from),
    folders: [TEMPORARY, ...folders],
  };
}
