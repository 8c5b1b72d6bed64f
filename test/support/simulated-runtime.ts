import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Engine, StorePlan } from '../../engines/engine.ts';
import type { Engines } from '../../engines/index.ts';
import type { EngineName } from '../../src/stores/store.ts';
import type { Observation, Resource, Runtime, StoreRef } from '../../src/runtimes/runtime.ts';

type Kind = Runtime['kind'];

const STEPS: Record<Kind, readonly string[]> = {
  local: ['database', 'files', 'process', 'health'],
  kubernetes: ['namespace', 'secrets', 'release', 'health'],
};
/** On Kubernetes a store is brought to another version under its data. */
const OF_A_VERSION = new Set(['release', 'health']);

/**
 * A world of shops in files, so that it outlives whoever works on it: one folder a store, one file a thing that a
 * runtime would have made. It keeps the promises of `Runtime`, does nothing real, and tells when two work at once.
 */
export interface World {
  folder: string;
  runtime: Runtime;
  engines: Engines;
  /** Called before each change of a store; may throw, or wait for the signal. */
  before: (deed: string, ref: Pick<StoreRef, 'id'>, signal: AbortSignal | null) => void | Promise<void>;
  /** What is there of a store. */
  things(storeId: string): string[];
  put(storeId: string, thing: string, content?: string): void;
  read(storeId: string, thing: string): string | null;
  take(storeId: string, thing: string): void;
  /** How often two have changed one store at the same time. */
  overlaps(): number;
  deeds: string[];
  /** Medusa's. */
  forgetPreparations(): void;
  changed(storeId: string): void;
  trouble: Map<string, { message: string; terminal: boolean }>;
  /** Versions that do not come up, and say so. Kubernetes only. */
  broken: Set<string>;
}

export function simulatedWorld(folder: string, kind: Kind = 'local'): World {
  mkdirSync(join(folder, 'stores'), { recursive: true });
  // One engine at a time is what tests look at: the other has been prepared long ago.
  writeFileSync(join(folder, 'prepared-woocommerce-1'), '');
  const at = (storeId: string, thing = ''): string => join(folder, 'stores', storeId, thing);
  const listeners: ((storeId: string) => void)[] = [];
  const world: World = {
    folder,
    before: () => undefined,
    things: (storeId) => (existsSync(at(storeId)) ? readdirSync(at(storeId)).filter((name) => name !== '.busy') : []),
    put(storeId, thing, content = '') {
      mkdirSync(at(storeId), { recursive: true });
      writeFileSync(at(storeId, thing), content);
    },
    read: (storeId, thing) => (existsSync(at(storeId, thing)) ? readFileSync(at(storeId, thing), 'utf8') : null),
    take: (storeId, thing) => rmSync(at(storeId, thing), { force: true }),
    overlaps: () =>
      Number(existsSync(join(folder, 'overlaps')) && readFileSync(join(folder, 'overlaps'), 'utf8').length),
    deeds: [],
    forgetPreparations() {
      for (const name of readdirSync(folder).filter((one) => one.startsWith('prepared-medusa')))
        rmSync(join(folder, name));
    },
    changed: (storeId) => listeners.forEach((listener) => listener(storeId)),
    trouble: new Map(),
    broken: new Set(),
    engines: { medusa: simulatedEngine(folder, 'medusa'), woocommerce: simulatedEngine(folder, 'woocommerce') },
    runtime: undefined as unknown as Runtime,
  };
  world.runtime = simulatedRuntime(world, kind, listeners);
  return world;
}

function simulatedRuntime(world: World, kind: Kind, listeners: ((storeId: string) => void)[]): Runtime {
  const { folder, things, put, read, take } = world;

  /** Marks the store as worked on, by this process, and notes when somebody else is at it. */
  async function alone<T>(deed: string, ref: StoreRef, signal: AbortSignal | null, work: () => T): Promise<T> {
    world.deeds.push(`${deed} ${ref.slug || ref.id}`);
    const busy = read(ref.id, '.busy');
    if (busy !== null && busy !== String(process.pid) && isAlive(Number(busy)))
      writeFileSync(join(folder, 'overlaps'), 'x', { flag: 'a' });
    if (existsSync(join(folder, 'stores', ref.id)) || deed !== 'remove') put(ref.id, '.busy', String(process.pid));
    try {
      await world.before(deed, ref, signal);
      signal?.throwIfAborted();
      return work();
    } finally {
      if (read(ref.id, '.busy') !== null) take(ref.id, '.busy');
    }
  }

  function observe(ref: StoreRef, { engineVersion }: StorePlan): Observation {
    const isMissing = (step: string): boolean => {
      const content = read(ref.id, step);
      return content === null || (kind === 'kubernetes' && OF_A_VERSION.has(step) && content !== engineVersion);
    };
    const missing = STEPS[kind].find(isMissing) ?? null;
    const broken = missing === 'health' && world.broken.has(engineVersion);
    return {
      missing,
      dataMissing: missing === STEPS[kind][0],
      origin: null,
      endpoint: missing === null ? { host: '127.0.0.1', port: 20_000 } : null,
      checkpoint: read(ref.id, 'checkpoint') !== null,
      trouble: missing === null ? null : broken ? BROKEN : (world.trouble.get(ref.id) ?? null),
    };
  }

  function resources(): Resource[] {
    const ids = readdirSync(join(folder, 'stores'));
    return ids.flatMap((storeId) =>
      things(storeId).map((name) => ({ kind: 'folder' as const, name: `${storeId}/${name}`, storeId, since: null })),
    );
  }

  return {
    kind,
    start: async () => undefined,
    stop: async () => undefined,
    async prepare(engine, preparation, onProgress, signal) {
      await world.before('prepare', { id: engine }, signal);
      signal.throwIfAborted();
      for (const fraction of [0.1, 0.5, 0.9]) onProgress({ phase: 'install', title: 'Installing', fraction });
      writeFileSync(join(folder, `prepared-${engine}-${preparation.version}`), '');
      return { phases: [{ phase: 'install', ms: 1 }], assets: [] };
    },
    isPrepared: async (engine, preparation) =>
      kind === 'kubernetes' || existsSync(join(folder, `prepared-${engine}-${preparation.version}`)),
    async admit(plan) {
      world.deeds.push(`admit ${plan.store.slug}`);
      return existsSync(join(folder, 'full'))
        ? 'There is not enough memory: it needs 350 MiB, and 20 MiB are free.'
        : null;
    },
    observe: async (ref, plan) => observe(ref, plan),
    apply: (step, ref, plan, signal) =>
      alone(`apply ${step}`, ref, signal, () => {
        if (step === 'release') take(ref.id, 'health');
        put(ref.id, step, contentOf(step, plan));
      }),
    open: async () => null,
    checkpoint: (ref, _plan, signal) =>
      alone('checkpoint', ref, signal, () => put(ref.id, 'checkpoint', read(ref.id, 'orders') ?? '0')),
    rollback: (ref, _plan, signal) =>
      alone('rollback', ref, signal, () => {
        const orders = read(ref.id, 'checkpoint');
        if (orders === null) return;
        put(ref.id, 'orders', orders);
        take(ref.id, 'checkpoint');
      }),
    remove: (ref) =>
      alone('remove', ref, null, () => {
        const kept = things(ref.id).filter((name) => name === 'stuck');
        world.trouble.delete(ref.id);
        if (kept.length === 0) rmSync(join(folder, 'stores', ref.id), { recursive: true, force: true });
        return kept.map((name) => ({ kind: 'volume' as const, name, storeId: ref.id, since: null }));
      }),
    halt: async (ref) => {
      world.deeds.push(`halt ${ref.slug || ref.id}`);
      world.trouble.delete(ref.id);
      take(ref.id, 'process');
      take(ref.id, 'health');
    },
    resources: async () => resources(),
    room: async () => null,
    usage: async () => ({ at: new Date(), memoryBytes: 1, cpuSeconds: 1, diskBytes: 1 }),
    logs: async () => Readable.from([]),
    onChange: (listener) => void listeners.push(listener),
  };
}

const BROKEN = { message: 'Its image can not be pulled.', terminal: true };

function contentOf(step: string, { database, engineVersion }: StorePlan): string {
  if (step === 'database' || step === 'secrets') return database?.password ?? '';
  return step === 'process' || OF_A_VERSION.has(step) ? engineVersion : '0';
}

/** A purchase is one more in the count of the shop's orders. */
function simulatedEngine(folder: string, name: EngineName): Engine {
  return {
    name,
    advice: null,
    imageVersion: '1',
    preparation: { version: '1', parts: [], diskBytes: 0 },
    paths: { storefront: '/', admin: '/app', api: '/store' },
    secrets: (store) => ({ databasePassword: { kind: 'hex', bytes: 32 }, storeId: { kind: 'text', value: store.id } }),
    plan: (store, secrets, version) => ({
      store,
      engine: name,
      engineVersion: version,
      database: { password: secrets['databasePassword'] ?? '' },
      files: { from: null, folders: [] },
      process: { command: [], env: {}, healthPath: '/', memoryBytes: 1 },
      diskBytes: 1,
      release: { chart: 'none', values: {}, secret: {} },
    }),
    credentials: (store) => ({ admin: { url: store.publicUrl, username: '', password: '' }, api: {} }),
    async purchase(_fetch, secrets) {
      const file = join(folder, 'stores', secrets['storeId'] ?? '', 'orders');
      const orders = Number(existsSync(file) ? readFileSync(file, 'utf8') : '0') + 1;
      writeFileSync(file, String(orders));
      return { orderId: `order_${orders}`, orderNumber: String(orders), legs: [{ name: 'order', ms: 1 }] };
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
