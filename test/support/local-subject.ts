import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { withClient } from '../../src/db/connect.ts';
import { createLocalRuntime } from '../../src/runtimes/local/runtime.ts';
import type { LocalRuntimeOptions } from '../../src/runtimes/local/runtime.ts';
import type { EngineName } from '../../src/stores/store.ts';
import type { Runtime } from '../../src/runtimes/runtime.ts';
import { databaseNames, prefixOf } from '../../src/runtimes/local/names.ts';
import { isFree } from '../../src/runtimes/local/ports.ts';
import { silentLog } from './database.ts';
import { dumpDatabase, dumpFiles } from './dump.ts';
import { memoryLeases } from './leases.ts';
import { noDownloads } from './no-downloads.ts';
import { makeTinyEngine } from './tiny-engine/engine.ts';
import type { TinyStore } from './tiny-engine/engine.ts';
import type { HostOrders } from '../contracts/local-host.ts';
import type { RuntimeSubject } from '../contracts/runtime.ts';

export interface LocalSubject extends RuntimeSubject {
  home: string;
  installationId: string;
  ports: ReturnType<typeof memoryLeases>;
  /** A runtime on the same ground, with something changed. */
  another(changes?: Partial<LocalRuntimeOptions>): Runtime;
  folder(store: TinyStore): string;
  pidOf(store: TinyStore): Promise<number>;
}

/** A local runtime in a home of its own, with looks at it from outside. */
export async function makeLocalSubject(kind: EngineName = 'medusa'): Promise<LocalSubject> {
  const { login, superuser } = inject('postgres');
  const home = await mkdtemp(join(tmpdir(), 'store-platform-runtime-'));
  await chmod(home, 0o711);
  const installationId = randomUUID();
  const engine = await makeTinyEngine(kind);
  const ports = memoryLeases();
  const database = { ...login, name: 'postgres' };
  const another = (changes: Partial<LocalRuntimeOptions> = {}) =>
    createLocalRuntime({
      home,
      installationId,
      database,
      ports,
      environment: {},
      assets: noDownloads,
      log: silentLog,
      ...changes,
    });
  const folder = ({ ref }: TinyStore) => join(home, 'stores', ref.slug);

  const pidOf = async (store: TinyStore): Promise<number> => {
    const { pid } = JSON.parse(await readFile(join(folder(store), 'process.json'), 'utf8')) as { pid: number };
    return pid;
  };

  return {
    home,
    installationId,
    ports,
    folder,
    pidOf,
    engine,
    runtime: another(),
    another,
    async killedAfter(steps, store) {
      const port = await ports.lease(store.ref.id);
      const orders: HostOrders = { home, installationId, database, port, store, steps };
      const script = join(import.meta.dirname, '../contracts/local-host.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(orders)], { stdio: 'inherit' });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal !== 'SIGKILL') throw new Error('the platform was to be killed and ended by itself');
    },
    async leftovers(store) {
      const names = databaseNames(installationId, store.ref.id);
      const marked = await processesMarked(store.ref.id);
      const inDatabase = await withClient({ ...superuser, name: 'postgres' }, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `SELECT 'database ' || datname AS name FROM pg_database WHERE starts_with(datname, $1)
           UNION SELECT 'role ' || rolname FROM pg_roles WHERE starts_with(rolname, $1)`,
          [names.live],
        );
        return rows.map(({ name }) => name);
      });
      const files = (await readdir(join(home, 'stores')).catch(() => [])).filter((name) =>
        name.includes(store.ref.slug),
      );
      const port = ports.last(store.ref.id);
      const listening = port !== undefined && !(await isFree(port)) ? [`port ${port}`] : [];
      return [...marked, ...inDatabase, ...files.map((name) => `folder ${name}`), ...listening];
    },
    async dump(store) {
      const data = join(folder(store), 'data');
      if (store.plan.database === null) return { files: await dumpFiles(data) };
      return dumpDatabase({ ...superuser, name: databaseNames(installationId, store.ref.id).live }, data);
    },
    async killStore(store) {
      process.kill(await pidOf(store), 'SIGKILL');
    },
    async close() {
      await dropAll(superuser, prefixOf(installationId));
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function processesMarked(storeId: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(`STORE_PLATFORM_STORE_ID=${storeId}`) ? [`process ${pid}`] : [];
    }),
  );
  return found.flat();
}

async function dropAll(superuser: Parameters<typeof withClient>[0], prefix: string): Promise<void> {
  await withClient({ ...superuser, name: 'postgres' }, async (client) => {
    const databases = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of databases.rows) {
      await client.query(`ALTER DATABASE "${name}" IS_TEMPLATE false`);
      await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    }
    const roles = await client.query<{ name: string }>(
      'SELECT rolname AS name FROM pg_roles WHERE starts_with(rolname, $1)',
      [prefix],
    );
    for (const { name } of roles.rows) await client.query(`DROP ROLE "${name}"`);
  });
}
