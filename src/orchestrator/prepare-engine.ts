import type { Engine } from '../../engines/engine.ts';
import { beginPreparation, updatePreparation } from '../db/preparations.ts';
import { enqueueReconcile, storesWaitingForEngine } from '../db/stores.ts';
import { errorStack, TerminalError } from '../errors.ts';
import type { PrepareProgress } from '../runtimes/runtime.ts';
import type { EngineName } from '../stores/store.ts';
import { fail } from './actions/fail.ts';
import type { Context } from './context.ts';
import { isOwnTrouble, publicText } from './outcome.ts';
import { tell } from './progress.ts';
import { Interrupted } from './running.ts';
import { throttled } from './throttled.ts';

/** From this try on the stores that wait are told that it does not work; the preparation itself is tried on. */
const PATIENCE = 3;
const WRITE_EVERY_MS = 1000;
/** The share of the whole that is worth a line in a timeline. */
const WORTH_TELLING = 0.01;
/** The log is for those who watch from the terminal where the platform runs: a line now and then. */
const WORTH_LOGGING = 0.1;

/**
 * Prepares an engine's version, once for all stores: resumable, shared, in no store's time limit (ORC-4). Then calls
 * the stores that wait for it. Rejects when it should be tried again; `attempt` counts from 1.
 */
export async function prepareEngine(
  context: Context,
  name: EngineName,
  attempt: number,
  stop: AbortSignal,
): Promise<void> {
  const engine = context.engines[name];
  if (!(await context.runtime.isPrepared(name, engine.preparation))) {
    await runPreparation(context, engine, attempt, stop);
  }
  await callWaiting(context, engine);
}

async function runPreparation(context: Context, engine: Engine, attempt: number, stop: AbortSignal): Promise<void> {
  const { name, preparation } = engine;
  const log = context.log.child({ engine: name, version: preparation.version });
  await context.db.asOrchestrator((tx) => beginPreparation(tx, name, preparation.version));
  await context.onBoundary('prepare-engine:before');
  log.info('Preparing the engine');
  const report = progressReport(context, engine);
  try {
    const { phases, assets } = await context.runtime.prepare(name, preparation, report.next, stop);
    await report.end();
    await context.onBoundary('prepare-engine:after');
    const done = { status: 'ready' as const, phase: null, fraction: 1, message: null, phases, assets };
    await context.db.asOrchestrator((tx) => updatePreparation(tx, name, preparation.version, done));
    log.info({ phases, assets }, 'The engine is prepared');
  } catch (error) {
    await report.end();
    stop.throwIfAborted();
    if (!(await isOwnTrouble(context, error))) {
      log.error({ attempt, stack: errorStack(error) }, 'The preparation of the engine has failed');
      await tellOfFailure(context, engine, error, attempt);
    }
    throw error;
  }
}

/** The stores that wait go on, and so does the timeline of each. */
async function callWaiting(context: Context, { name, preparation }: Engine): Promise<void> {
  await context.db.asOrchestrator(async (tx) => {
    await updatePreparation(tx, name, preparation.version, { status: 'ready', fraction: 1, message: null });
    for (const store of await storesWaitingForEngine(tx, name)) {
      await enqueueReconcile(tx, store.id, store.correlationId);
    }
  });
}

async function tellOfFailure(
  context: Context,
  { name, preparation }: Engine,
  error: unknown,
  attempt: number,
): Promise<void> {
  const message = publicText(error);
  const waiting = await context.db.asOrchestrator(async (tx) => {
    await updatePreparation(tx, name, preparation.version, { status: 'failed', message });
    const stores = await storesWaitingForEngine(tx, name);
    for (const store of stores)
      await tell(tx, store, 'engine-preparing', `It did not work: ${message}`, { engine: name, attempt });
    return stores;
  });
  if (attempt < PATIENCE && !(error instanceof TerminalError)) return;
  for (const store of waiting.filter(({ status }) => status === 'provisioning')) {
    await fail(context, store, 'prepare', message).catch((reason: unknown) => {
      if (!(reason instanceof Interrupted)) throw reason;
    });
  }
}

/** Notes how far it is, at most once a second, also in the timelines of those that wait. What can't be written is left out. */
function progressReport({ db, log }: Context, { name, preparation }: Engine) {
  let told = { phase: '', fraction: -1 };
  let logged = -1;
  return throttled(WRITE_EVERY_MS, ({ phase, title, fraction }: PrepareProgress) =>
    db
      .asOrchestrator(async (tx) => {
        await updatePreparation(tx, name, preparation.version, { phase, fraction });
        if (phase === told.phase && fraction - told.fraction < WORTH_TELLING) return;
        told = { phase, fraction };
        const message = `${title} (${Math.floor(fraction * 100)} %)`;
        if (fraction - logged >= WORTH_LOGGING) {
          logged = fraction;
          log.info({ engine: name }, message);
        }
        const metadata = { engine: name, phase, title, fraction };
        for (const store of await storesWaitingForEngine(tx, name)) {
          await tell(tx, store, 'engine-preparing', message, metadata);
        }
      })
      .catch((error: unknown) => log.debug({ err: error }, 'Progress could not be written')),
  );
}
