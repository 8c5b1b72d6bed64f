import { join } from 'node:path';
import { openEngines, type Engines } from '../engines/index.ts';
import type { Logger } from 'pino';
import type { Config, DatabaseSettings } from './config.ts';
import { createAssets } from './assets/assets.ts';
import { waitForDatabase } from './db/connect.ts';
import { openDatabase, type Database } from './db/database.ts';
import { startEmbedded } from './db/embedded.ts';
import { installationId } from './db/installation.ts';
import { migrate } from './db/migrate.ts';
import { findPort, leasePort, releasePort } from './db/ports.ts';
import { createSecretBox, loadSecretsKey, type SecretBox } from './db/secret-box.ts';
import type { Lifecycle } from './lifecycle.ts';
import { root } from './root.ts';
import type { RoleBindingPlan } from './runtimes/kubernetes/context.ts';
import { createLocalRuntime } from './runtimes/local/runtime.ts';
import type { PortLeases } from './runtimes/local/ports.ts';
import type { Runtime } from './runtimes/runtime.ts';

export interface PlatformOptions {
  config: Config;
  /** The process's own, for what has to be handed on to npm. */
  environment: NodeJS.ProcessEnv;
  log: Logger;
  lifecycle: Lifecycle;
  /** Shows something to whoever has started the platform; not a log. */
  show: (text: string) => void;
  /** Other kinds of shop than those in `engines/`, for tests. */
  engines?: Engines;
  /** See OrchestratorDeps; for tests. */
  onBoundary?: (name: string) => void | Promise<void>;
}

/** Two are never free: the orchestrator's lock and the one on which its queue listens. */
const HELD_CONNECTIONS = 2;

/** What all roles of the platform share. */
export interface Core extends PlatformOptions {
  /** Where the database is, for parts that need connections of their own. */
  settings: DatabaseSettings;
  db: Database;
  secrets: SecretBox;
  engines: Engines;
  runtime: Runtime;
}

/** Opens the database, brings it up to date, and makes what stands on it. The runtime is made, but not started. */
export async function openCore(options: PlatformOptions): Promise<Core> {
  const { config, environment, log, lifecycle } = options;
  const settings = config.database ?? (await openEmbedded(options));
  await waitForDatabase(settings, log, lifecycle.signal);
  await migrate(settings, log);
  const db = openDatabase(settings, { log, poolSize: config.DB_POOL_SIZE + HELD_CONNECTIONS });
  lifecycle.onStop('database connections', () => db.close());

  const known =
    options.engines ?? (await openEngines(root, { php: config.STORE_PLATFORM_PHP, path: environment['PATH'] }));
  const id = await db.asOrchestrator(installationId);
  const runtime =
    config.RUNTIME === 'kubernetes' ? await onKubernetes(options, id) : onThisMachine(options, id, settings, db);
  lifecycle.onStop('stores', () => runtime.stop());
  const secrets = createSecretBox(await loadSecretsKey(config));
  return { ...options, settings, db, secrets, engines: known, runtime };
}

/** Loaded only where it is used: its client for the cluster costs half a second and 80 MB. */
async function onKubernetes({ config, environment, log }: PlatformOptions, id: string): Promise<Runtime> {
  const { createKubernetesRuntime } = await import('./runtimes/kubernetes/runtime.ts');
  const roleBindings = config.STORE_ROLE_BINDINGS.map(roleBinding);
  return createKubernetesRuntime({
    installationId: id,
    charts: join(root, 'charts'),
    valuesFile: config.STORE_VALUES_FILE ?? null,
    helm: config.HELM,
    roleBindings,
    // The accounts that work on stores are the platform's own, so where they are it is.
    platformNamespace: roleBindings[0]?.namespace ?? null,
    environment,
    log,
  });
}

/** `role:namespace/account`, whose shape config.ts has seen to. */
function roleBinding(text: string): RoleBindingPlan {
  const [clusterRole = '', subject = ''] = text.split(':');
  const [namespace = '', account = ''] = subject.split('/');
  return { clusterRole, namespace, account };
}

function onThisMachine(
  { config, environment, log }: PlatformOptions,
  id: string,
  database: DatabaseSettings,
  db: Database,
): Runtime {
  return createLocalRuntime({
    home: config.home,
    installationId: id,
    database,
    ports: portLeases(db, { min: config.STORE_PORT_MIN, max: config.STORE_PORT_MAX }),
    assets: createAssets({
      folder: config.assets,
      baseUrl: config.STORE_PLATFORM_ASSETS_URL,
      home: config.home,
      log,
    }),
    environment,
    log,
  });
}

async function openEmbedded({ config, log, lifecycle }: PlatformOptions): Promise<DatabaseSettings> {
  const embedded = await startEmbedded({ home: config.home, log });
  lifecycle.onStop('embedded PostgreSQL', () => embedded.stop());
  return embedded.settings;
}

function portLeases(db: Database, range: { min: number; max: number }): PortLeases {
  return {
    find: (storeId) => db.asOrchestrator((tx) => findPort(tx, storeId)),
    release: (storeId) => db.asOrchestrator((tx) => releasePort(tx, storeId)),
    async lease(storeId) {
      const port = await db.asOrchestrator((tx) => leasePort(tx, storeId, range));
      if (port === null)
        throw new Error(
          `All ports from ${range.min} to ${range.max} are in use. Widen STORE_PORT_MIN and STORE_PORT_MAX.`,
        );
      return port;
    },
  };
}
