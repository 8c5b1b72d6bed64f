import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { hashFolder } from '../../../engines/hash-folder.ts';
import { PLACEHOLDERS as P } from '../../../engines/engine.ts';
import type { Preparation, StorePlan } from '../../../engines/engine.ts';
import type { EngineName } from '../../../src/stores/store.ts';
import type { StoreRef } from '../../../src/runtimes/runtime.ts';
import { makeNamespace } from '../../../src/stores/names.ts';

/**
 * A shop of thirty lines, for tests of runtimes: prepared, cloned, started and bought from as a real one is. There are
 * two kinds of it, as there are of real ones: under Medusa's name it keeps its orders in a database of its own, under
 * WooCommerce's in its files.
 */
export interface TinyEngine {
  name: EngineName;
  preparation: Preparation;
  store(changes?: { env?: Record<string, string>; memoryBytes?: number; slug?: string }): TinyStore;
}

export interface TinyStore {
  ref: StoreRef;
  plan: StorePlan;
}

export const VERSION = '1.0.0-tiny';
/** What a store can be upgraded to. */
export const NEXT_VERSION = '1.0.1-tiny';

export async function makeTinyEngine(name: EngineName): Promise<TinyEngine> {
  const install = { name: 'install', title: 'Installing', command: ['node', 'install.mjs'], weight: 0.5 };
  const fill =
    name === 'medusa'
      ? { name: 'seed', title: 'Filling the template', command: ['node', 'seed.mjs'], weight: 0.5, database: true }
      : { name: 'bake', title: 'Baking the shop', command: ['node', 'bake.mjs'], weight: 0.5 };
  return {
    name,
    preparation: {
      version: VERSION,
      parts: [{ folder: VERSION, from: await source(), phases: [install, fill] }],
      diskBytes: 1_000_000,
    },
    store: (changes) => makeStore(name, changes),
  };
}

/** The app with the packages it needs: made once for a state of both, where other tools keep such things too. */
async function source(): Promise<string> {
  const app = join(import.meta.dirname, 'app');
  const { version } = JSON.parse(await readFile(createRequire(import.meta.url).resolve('pg/package.json'), 'utf8')) as {
    version: string;
  };
  const cache = join(import.meta.dirname, '../../../node_modules/.cache');
  const folder = join(cache, `tiny-engine-${await hashFolder(app)}-pg-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  await cp(app, draft, { recursive: true });
  await copyPackage('pg', import.meta.filename, join(draft, 'vendor'), new Set());
  // Another test file may have been faster; then its copy is as good.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}

function makeStore(engine: EngineName, changes: Parameters<TinyEngine['store']>[0] = {}): TinyStore {
  const id = randomUUID();
  const password = id.replaceAll('-', '');
  const slug = changes.slug ?? `tiny-${id.slice(0, 4)}`;
  return {
    ref: { id, slug, namespace: makeNamespace(slug, id) },
    plan: {
      store: {
        id,
        slug,
        name: 'Tiny',
        publicUrl: `http://${slug}.localhost`,
        userId: randomUUID(),
        createdAt: new Date(),
        open: false,
        ordersUrl: 'http://127.0.0.1:9/api/v1/orders',
      },
      engine,
      engineVersion: VERSION,
      database: engine === 'medusa' ? { password } : null,
      files: { from: engine === 'medusa' ? null : 'baked', folders: ['uploads'] },
      process: {
        command: [P.node, `${P.engineDir}/server.mjs`],
        env: {
          HOST: P.host,
          PORT: P.port,
          ...(engine === 'medusa' && { DATABASE_URL: P.databaseUrl }),
          UPLOADS_DIR: `${P.storeDir}/uploads`,
          ...changes.env,
        },
        healthPath: '/health',
        memoryBytes: changes.memoryBytes ?? 50_000_000,
      },
      diskBytes: 20_000_000,
      release: { chart: 'tiny-store', values: { env: changes.env ?? {} }, secret: { 'database-password': password } },
    },
  };
}

/** A package and all that it needs, from our own node_modules, flat. */
async function copyPackage(name: string, from: string, to: string, done: Set<string>): Promise<void> {
  if (done.has(name)) return;
  done.add(name);
  const folder = packageFolder(name, from);
  await cp(folder, join(to, name), { recursive: true });
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const needed of Object.keys(dependencies)) await copyPackage(needed, join(folder, 'package.json'), to, done);
}

function packageFolder(name: string, from: string): string {
  const paths = createRequire(from).resolve.paths(name) ?? [];
  const entry = createRequire(from).resolve(name, { paths });
  const at = entry.lastIndexOf(join('node_modules', name));
  return at === -1 ? dirname(entry) : join(entry.slice(0, at), 'node_modules', name);
}
