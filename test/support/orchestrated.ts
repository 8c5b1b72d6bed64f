import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { loadConfig, type Config } from '../../src/config.ts';
import type { Database } from '../../src/db/database.ts';
import { createSecretBox } from '../../src/db/secret-box.ts';
import { addEvent, listEvents, type StoreEvent } from '../../src/db/store-events.ts';
import { changeStatus, enqueueReconcile, findStore, insertStore } from '../../src/db/stores.ts';
import { createOrchestrator, type Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { makeNamespace, makeSlug } from '../../src/stores/names.ts';
import type { Store } from '../../src/stores/store.ts';
import { silentLog, testDatabase, testUser, type TestDatabase } from './database.ts';
import { simulatedWorld, type World } from './simulated-runtime.ts';

export const TEST_KEY = Buffer.alloc(32, 7);

export interface Orchestrated extends TestDatabase {
  world: World;
  /** Starts one; all are stopped at the end. */
  orchestrator(options?: OrchestratorOptions): Promise<Orchestrator>;
  /** What the API does, in one transaction: row, event, job. */
  create(): Promise<Store>;
  remove(id: string): Promise<void>;
  retry(id: string): Promise<void>;
  /** An upgrade or a rollback. */
  changeVersion(id: string, to: string, withinMs?: number): Promise<void>;
  store(id: string): Promise<Store | null>;
  events(id: string): Promise<StoreEvent[]>;
  /** Waits until the store is in this status, or gone. */
  until(id: string, status: Store['status'] | 'gone', withinMs?: number): Promise<void>;
  end(): Promise<void>;
}

export interface OrchestratorOptions {
  db?: Database;
  world?: World;
  log?: Logger;
  env?: Record<string, string>;
  /** Settings beyond what the environment allows. */
  config?: Partial<Config>;
  onBoundary?: (name: string) => void | Promise<void>;
}

/** A database, a simulated world, and what one needs to put orchestrators between them. */
export async function orchestrated(kind: 'local' | 'kubernetes' = 'local'): Promise<Orchestrated> {
  const database = await testDatabase();
  const { db } = database;
  const folder = mkdtempSync(join(tmpdir(), 'store-platform-world-'));
  const world = simulatedWorld(folder, kind);
  const { userId } = await testUser(db);
  const running: Orchestrator[] = [];

  const self: Orchestrated = {
    ...database,
    world,
    async orchestrator(options = {}) {
      const one = createOrchestrator({
        config: { ...loadConfig({ NODE_ENV: 'test', STORE_PLATFORM_HOME: folder, ...options.env }), ...options.config },
        db: options.db ?? db,
        runtime: (options.world ?? world).runtime,
        engines: (options.world ?? world).engines,
        secrets: createSecretBox(TEST_KEY),
        log: options.log ?? silentLog,
        ...(options.onBoundary && { onBoundary: options.onBoundary }),
      });
      running.push(one);
      await one.start();
      return one;
    },
    create: () => createStore(db, userId),
    remove: (id) => ask(db, id, (tx) => changeStatus(tx, id, 'delete')),
    retry: (id) =>
      ask(db, id, async (tx) => {
        const store = await findStore(tx, id);
        await changeStatus(tx, id, 'retry', { attempt: (store?.attempt ?? 0) + 1, errorMessage: null });
      }),
    changeVersion: (id, to, withinMs = 60_000) =>
      ask(db, id, async (tx) => {
        const store = await findStore(tx, id);
        await changeStatus(tx, id, 'upgrade', {
          engineVersion: to,
          upgradeFrom: store?.engineVersion ?? null,
          operation: { type: 'upgrade', step: 'upgrade', startedAt: new Date().toISOString() },
          deadlineAt: new Date(Date.now() + withinMs),
        });
      }),
    store: (id) => db.asOrchestrator((tx) => findStore(tx, id)),
    events: (id) => db.asOrchestrator((tx) => listEvents(tx, id, { limit: 100 })),
    until: (id, status, withinMs = 10_000) => until(self, id, status, withinMs),
    async end() {
      await Promise.all(running.map((one) => one.stop()));
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

async function createStore(db: Database, userId: string): Promise<Store> {
  const id = randomUUID();
  const slug = makeSlug('Tea House', randomBytes(4).toString('hex'));
  const namespace = makeNamespace(slug, id);
  return db.asOrchestrator(async (tx) => {
    const correlationId = `test-${id}`;
    const row = {
      id,
      userId,
      name: 'Tea House',
      slug,
      engine: 'medusa' as const,
      namespace,
      idempotencyKey: null,
      correlationId,
    };
    const store = await insertStore(tx, row);
    await addEvent(tx, { storeId: id, type: 'created', message: 'Created', correlationId });
    await enqueueReconcile(tx, id, correlationId);
    return store;
  });
}

async function ask(db: Database, id: string, change: Parameters<Database['asOrchestrator']>[0]): Promise<void> {
  await db.asOrchestrator(async (tx) => {
    await change(tx);
    await enqueueReconcile(tx, id, 'test');
  });
}

async function until(
  self: Orchestrated,
  id: string,
  status: Store['status'] | 'gone',
  withinMs: number,
): Promise<void> {
  const limit = Date.now() + withinMs;
  for (;;) {
    const store = await self.store(id);
    if ((store?.status ?? 'gone') === status) return;
    if (Date.now() > limit) {
      const story = (await self.events(id)).map(({ type, message }) => `${type}: ${message}`).join('\n');
      throw new Error(
        `The store is ${store?.status ?? 'gone'} (${JSON.stringify(store?.operation)}), not ${status}:\n${story}`,
      );
    }
    await delay(20);
  }
}
