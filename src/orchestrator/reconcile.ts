import { findStore, updateStore } from '../db/stores.ts';
import { errorStack, TerminalError } from '../errors.ts';
import { decide } from '../stores/decide.ts';
import type { Store } from '../stores/store.ts';
import { isChangingVersion } from '../stores/versions.ts';
import { fail } from './actions/fail.ts';
import { act, isStep, stepOf, type Deed } from './actions/index.ts';
import { revert } from './actions/revert.ts';
import type { Context } from './context.ts';
import { look } from './look.ts';
import { isOwnTrouble, MAX_TRIES, publicText, retryTime } from './outcome.ts';
import { change, operationFor, saveBegin, saveDone, tell } from './progress.ts';
import { Interrupted } from './running.ts';
import { withLimit } from './time-limit.ts';
import { failureText } from './words.ts';
import type { Work } from './work.ts';

/** The longest that one step may take. The limit of a whole provisioning is a setting. */
const STEP_LIMIT_MS = 5 * 60_000;
/** A runtime calls when something has changed; that a trouble lasts for too long is no change. */
const WATCH_MS = 60_000;

interface Outcome {
  settled: boolean;
  /** The step that was just done: deciding on it once more means that it has no effect. */
  done: string | null;
}

const SETTLED: Outcome = { settled: true, done: null };
const UNSETTLED: Outcome = { settled: false, done: null };

interface Life {
  since: Date;
  stop: AbortSignal;
  /** Something else is wanted of the store now. */
  interruption: AbortSignal;
}

/**
 * Brings one store nearer to what is wanted of it until there is nothing left to do now: looks, decides, saves what
 * it is about to do, does it, and looks again. Level-triggered: why it was called does not matter, and it may be
 * killed anywhere and called again by any replica with the same end (ORC-1).
 *
 * Rejects only when the platform itself is in trouble or stops; what is wrong with the store ends up in its row.
 */
export async function reconcile(context: Context, storeId: string, since: Date, stop: AbortSignal): Promise<void> {
  const pass = context.running.enter(storeId);
  try {
    let done: string | null = null;
    for (;;) {
      stop.throwIfAborted();
      // Taken before looking, so that no change of mind after the look is missed.
      const interruption = pass.signal();
      const outcome: Outcome = await turn(context, storeId, done, { since, stop, interruption }).catch(
        (error: unknown) => {
          const interrupted = error instanceof Interrupted || interruption.aborted;
          if (stop.aborted || !interrupted) throw error;
          return UNSETTLED;
        },
      );
      if (outcome.settled) return;
      done = outcome.done;
    }
  } finally {
    pass.leave();
  }
}

/**
 * The time in which nobody could work on a store, because no worker was there, does not count against its limit.
 * `since` is when this worker began; the row's last change is the last sign of work. True when the limit was moved.
 */
async function forgetTheGap(context: Context, store: Store, since: Date): Promise<boolean> {
  const { deadlineAt, updatedAt } = store;
  if (!isLimited(store) || deadlineAt === null || updatedAt >= since) return false;
  const moved = new Date(deadlineAt.getTime() + Date.now() - updatedAt.getTime());
  await change(context, store, (tx) => updateStore(tx, store.id, { deadlineAt: moved }));
  return true;
}

/** True for what has a time limit as a whole: making a store, and changing its version. */
function isLimited(store: Store): boolean {
  return store.status === 'provisioning' || isChangingVersion(store);
}

async function turn(context: Context, storeId: string, done: string | null, life: Life): Promise<Outcome> {
  const sight = await look(context, storeId).catch((error: unknown) => blind(context, storeId, error));
  if (sight === null) return SETTLED;
  const { store } = sight;
  if (await forgetTheGap(context, store, life.since)) return UNSETTLED;
  const action = decide(sight.situation);
  // A removal is what interrupts; nothing else can be wanted after it.
  const { stop, interruption } = life;
  const signal = action.do === 'remove' ? stop : AbortSignal.any([stop, interruption]);
  const log = context.log.child({ storeId, slug: store.slug, correlationId: store.correlationId });
  log.debug({ action, seen: sight.observation }, 'Decided');
  switch (action.do) {
    case 'rest':
      await rest(context, store);
      return SETTLED;
    case 'watch':
      await watch(context, store, action.step, action.message);
      await context.queue.reconcileBy(store, new Date(Date.now() + WATCH_MS));
      return SETTLED;
    case 'wait':
      await context.queue.reconcileAt(store, action.until);
      return SETTLED;
    case 'fail':
      await fail(context, store, action.step, action.message);
      return SETTLED;
    default:
      return carryOut({ context, sight, signal, log }, action, done);
  }
}

/** What can't be looked at can't be worked on: that counts like a step that has failed. */
async function blind(context: Context, storeId: string, error: unknown): Promise<null> {
  if (await isOwnTrouble(context, error)) throw error;
  const store = await context.db.asOrchestrator((tx) => findStore(tx, storeId));
  if (store !== null) await afterFailure(context, store, 'look', error);
  return null;
}

/** Nothing is being done any more, so nothing is said to be done. */
async function rest(context: Context, store: Store): Promise<void> {
  if (store.operation !== null) await change(context, store, (tx) => updateStore(tx, store.id, { operation: null }));
}

/** The first look at a trouble that the runtime mends by itself is a line in the timeline; the rest is in the log. */
async function watch(context: Context, store: Store, step: string, message: string): Promise<void> {
  if (store.operation !== null) return;
  await change(context, store, async (tx, current) => {
    await updateStore(tx, store.id, { operation: operationFor(current, step) });
    await tell(tx, store, 'restarted', message, { step });
  });
}

async function carryOut(work: Work, action: Deed, done: string | null): Promise<Outcome> {
  const step = stepOf(action);
  try {
    if (step === done) throw new Error('It was done, but to no effect.');
    await perform(work, action, step);
  } catch (error) {
    if (work.signal.aborted || error instanceof Interrupted) throw error;
    if (await isOwnTrouble(work.context, error)) throw error;
    return afterFailure(work.context, work.sight.store, step, error);
  }
  return { settled: action.do === 'prepare' || action.do === 'remove', done: step };
}

async function perform(work: Work, action: Deed, step: string): Promise<void> {
  const { context, log } = work;
  const { store } = work.sight;
  if (isStep(action)) await saveBegin(context, store, step);
  await context.onBoundary(`${step}:before`);
  const start = performance.now();
  await withLimit(work.signal, timeFor(store, action), (signal) => act({ ...work, signal }, action));
  const ms = Math.round(performance.now() - start);
  await context.onBoundary(`${step}:after`);
  log.info({ step, ms }, 'Step done');
  if (isStep(action) && action.do !== 'remove') await saveDone(context, store, step, ms);
}

/** What ends a change of version only says so in the database: it is never too late for that. */
function timeFor(store: Store, action: Deed): number {
  const { deadlineAt } = store;
  const ends = action.do === 'settle' || action.do === 'revert';
  if (ends || !isLimited(store) || deadlineAt === null) return STEP_LIMIT_MS;
  return Math.max(0, Math.min(STEP_LIMIT_MS, deadlineAt.getTime() - Date.now()));
}

/**
 * Again later, or never again. What is being removed, or only cannot be looked at, is never given up; a version that
 * does not come up is, and the one before it is wanted at once.
 */
async function afterFailure(context: Context, store: Store, step: string, error: unknown): Promise<Outcome> {
  const tries = (operationFor(store, step).tries ?? 0) + 1;
  const reason = publicText(error);
  const { id: storeId, slug, correlationId } = store;
  context.log.warn({ storeId, slug, correlationId, step, tries, stack: errorStack(error) }, 'A step has failed');
  const endless = store.status === 'deleting' || (step === 'look' && store.readyAt !== null);
  const final = !endless && (error instanceof TerminalError || tries >= MAX_TRIES);
  if (!final) await tryLater(context, store, step, tries, reason);
  else if (store.status === 'failed') await rest(context, store);
  else if (!isChangingVersion(store)) await fail(context, store, step, reason);
  else {
    await revert(context, store, step, reason);
    return UNSETTLED;
  }
  return SETTLED;
}

async function tryLater(context: Context, store: Store, step: string, tries: number, reason: string): Promise<void> {
  const retryAt = retryTime(tries);
  await change(context, store, async (tx, current) => {
    const operation = { ...operationFor(current, step), tries, retryAt: retryAt.toISOString() };
    await updateStore(tx, store.id, { operation });
    const seconds = Math.round((retryAt.getTime() - Date.now()) / 1000);
    const message = `${failureText(step, reason)} Trying again in ${seconds} s.`;
    if (tries <= MAX_TRIES || tries % 10 === 0) await tell(tx, store, 'retry', message, { step, tries, seconds });
  });
  await context.queue.reconcileAt(store, retryAt);
}
