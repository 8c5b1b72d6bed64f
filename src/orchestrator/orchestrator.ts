import type { Registry } from 'prom-client';
import { enqueueAllReconciles, enqueueReconcile, findStore, storesInStatus, storesNeedingWork } from '../db/stores.ts';
import { remindOfChores } from './chores.ts';
import type { Context, OrchestratorDeps } from './context.ts';
import { createMetrics } from './metrics.ts';
import { startPoller, type Poller } from './poller.ts';
import { createQueue } from './queue.ts';
import { createRunning } from './running.ts';
import { CRONTAB, makeTasks } from './tasks.ts';
import { sampleUsage } from './usage.ts';
import { startWorker, type Worker } from './worker.ts';

export interface Orchestrator {
  start(): Promise<void>;
  /** Takes no more work, gives what runs a moment to end, then aborts it: all of it is resumed by the next start. */
  stop(): Promise<void>;
  health(): { ok: boolean; message?: string };
  metrics: Registry;
}

/** Enough for a step that is about to end; the others lose nothing by being done again. */
const DRAIN_MS = 2000;

/**
 * Makes wanted and real stores the same: observe, decide, save, act. Everything goes through the database, so any
 * number of replicas may run; one of them at a time works on a store.
 */
export function createOrchestrator(deps: OrchestratorDeps): Orchestrator {
  const { config, db, runtime, log } = deps;
  let poller: Poller | null = null;
  let worker: Worker | null = null;
  let ends: (() => unknown)[] = [];
  const queue = createQueue(db.pool, (at) => poller?.noLaterThan(at));
  const metrics = createMetrics(() => queue.figures());
  const context: Context = { onBoundary: () => undefined, ...deps, queue, running: createRunning(), metrics };

  return {
    metrics: metrics.registry,

    async start() {
      runtime.onChange((storeId) => void ask(context, storeId));
      ends = [await listenForDeletions(context), sampleUsage(context), remindOfChores(context)];
      worker = startWorker({
        pool: db.pool,
        // As many more, so that preparing engines, which takes minutes, is in no store's way.
        concurrency: config.WORKER_CONCURRENCY + Object.keys(deps.engines).length,
        pollMs: config.MAX_POLL_INTERVAL_MS,
        crontab: CRONTAB,
        tasks: (life) => makeTasks(context, life, () => poller?.poke()),
        onLife: () => beginWork(context),
        onFreed: () => poller?.poke(),
        log,
      });
      poller = startPoller({
        minMs: config.MIN_POLL_INTERVAL_MS,
        maxMs: config.MAX_POLL_INTERVAL_MS,
        look: () => findWork(context, (jobs) => worker?.nudge(jobs)),
        log,
      });
    },

    async stop() {
      poller?.stop();
      await worker?.stop(DRAIN_MS);
      await Promise.all(ends.map((end) => end()));
    },

    health: () =>
      worker?.alive()
        ? { ok: true }
        : { ok: false, message: 'The orchestrator takes no jobs: it waits for the database.' },
  };
}

/** What a worker that has just begun sees to: every store that should run or be gone, the engines, and the orphans (ORC-5). */
async function beginWork({ db, engines, runtime, queue, log }: Context): Promise<void> {
  const stores = await db.asOrchestrator(enqueueAllReconciles);
  if (stores > 0) log.info({ stores }, 'Looking at every store');
  for (const engine of Object.values(engines)) {
    if (await runtime.isPrepared(engine.name, engine.preparation)) continue;
    await queue.prepareEngine(engine.name, true);
  }
  await queue.sweep();
}

/** Jobs that nobody was told of, and stores on their way that have no job at all. */
async function findWork(
  { db, queue }: Context,
  nudge: (jobs: number) => void,
): Promise<{ found: number; next: Date | null }> {
  const { jobs, next } = await queue.due();
  if (jobs > 0) nudge(jobs);
  const stores = await db.asOrchestrator(storesNeedingWork);
  if (stores.length === 0) return { found: jobs, next };
  const known = await queue.storesWithJob();
  const lost = stores.filter(({ id }) => !known.has(id));
  await db.asOrchestrator(async (tx) => {
    for (const store of lost) await enqueueReconcile(tx, store.id, store.correlationId);
  });
  return { found: jobs + lost.length, next };
}

/** Something happened to a store by itself. */
async function ask({ db, log }: Context, storeId: string): Promise<void> {
  // The next life looks at every store anyway, so a request that is lost with the database is made up for.
  await db
    .asOrchestrator(async (tx) => {
      const store = await findStore(tx, storeId);
      if (store !== null) await enqueueReconcile(tx, storeId, store.correlationId);
    })
    .catch((error: unknown) => log.debug({ err: error, storeId }, 'A change of a store was not queued'));
}

/** A deletion ends at once what any replica is doing with the store: `store_change` carries `<id> <status>`. */
async function listenForDeletions({ db, running, log }: Context): Promise<() => Promise<void>> {
  const missed = async (): Promise<void> => {
    const stores = await db.asOrchestrator((tx) => storesInStatus(tx, 'deleting'));
    for (const { id } of stores) running.interrupt(id);
  };
  return db.listen(
    'store_change',
    (payload) => {
      const [id, status] = payload.split(' ');
      if (id !== undefined && (status === 'deleting' || status === 'gone')) running.interrupt(id);
    },
    () => void missed().catch((error: unknown) => log.debug({ err: error }, 'Could not look for deletions')),
  );
}
