import type { Operation, Store, StoreUrls } from './store.ts';
import { isChangingVersion } from './versions.ts';

/** What a runtime sees of a store, as far as it matters here. `Observation` of a runtime fits. */
export interface Seen {
  missing: string | null;
  dataMissing: boolean;
  checkpoint: boolean;
  /** What keeps it from coming up in the version that is wanted; what is wrong with another one says nothing. */
  trouble: { message: string; terminal: boolean } | null;
}

/** Everything that the next action depends on. */
export interface Situation {
  store: Store;
  /** Null as long as the store has no secrets: without them there is no plan, and nothing to look for. */
  seen: Seen | null;
  /** The engine's version is prepared, so that a store can be cloned and started from it. */
  engineReady: boolean;
  /** Where people should reach it as things are now; null while it answers nowhere. */
  urls: StoreUrls | null;
  now: Date;
}

/** One thing to do. Its effect shows in the next situation, or the same is decided again. */
export type Action =
  /** Nothing, until something changes. */
  | { do: 'rest' }
  | { do: 'wait'; until: Date }
  /** Nothing either: the runtime starts the shop again by itself. Its owner is told once. */
  | { do: 'watch'; step: string; message: string }
  /** Removes everything of a store that is being deleted, and then its row. */
  | { do: 'remove' }
  /** Makes the store's secrets. */
  | { do: 'reserve' }
  /** Sees to it that the engine is being prepared. */
  | { do: 'prepare' }
  /** Removes what a failed attempt has left, so that this one starts afresh. */
  | { do: 'discard' }
  /** Asks whether it fits the machine, and begins the attempt: from here on its time limit runs. */
  | { do: 'admit' }
  /** Makes one thing that the runtime misses. */
  | { do: 'apply'; step: string }
  /** Puts the data back that an interrupted proof has changed. */
  | { do: 'rollback' }
  | { do: 'prove' }
  /** Hands it over, or says again where it is. */
  | { do: 'publish' }
  /** It had failed and is well again. */
  | { do: 'recover' }
  /** It runs the version that was wanted: the change is at its end. */
  | { do: 'settle' }
  /** The version that was wanted does not come up: the one before is wanted again. */
  | { do: 'revert'; step: string; message: string }
  | { do: 'fail'; step: string; message: string };

export type ActionName = Action['do'];

const REST: Action = { do: 'rest' };
/** How soon to look again while the runtime's supervisor is at it; it also calls by itself. */
const SUPERVISED_MS = 5000;
const DATA_GONE = "The shop's data is gone from this machine. Nothing was put in its place; restore a backup.";

/**
 * What to do next with a store: from what is wanted and what is, never from what was done before. Pure.
 * Two promises hold in every situation: a store that is being deleted is only removed, and the data of one that was
 * handed over is never remade, rolled back or discarded.
 */
export function decide(situation: Situation): Action {
  const { store, now } = situation;
  const wanted = wantedFor(situation);
  const retryAt = retryTime(store.operation);
  const held = retryAt !== null && retryAt > now && store.operation?.type === operationType(store);
  const acts = !['rest', 'watch', 'fail', 'revert'].includes(wanted.do);
  return held && acts ? { do: 'wait', until: retryAt } : wanted;
}

/** The kind of operation that the platform's work on a store in this status is. */
export function operationType(store: Pick<Store, 'status' | 'upgradeFrom'>): Operation['type'] {
  if (store.status === 'deleting') return 'delete';
  if (isChangingVersion(store)) return 'upgrade';
  return store.status === 'provisioning' ? 'provision' : 'repair';
}

function wantedFor(situation: Situation): Action {
  switch (situation.store.status) {
    case 'deleting':
      return { do: 'remove' };
    case 'provisioning':
      return provision(situation);
    case 'ready':
      return isChangingVersion(situation.store) ? changeVersion(situation) : keepUp(situation);
    case 'failed':
      return bringBack(situation);
    case 'stopped':
      return REST;
  }
}

function provision({ store, seen, engineReady, now }: Situation): Action {
  const step = store.operation?.step ?? 'admit';
  if (store.deadlineAt !== null && store.deadlineAt < now) return tooLate(step);
  if (seen === null) return { do: 'reserve' };
  if (!engineReady) return { do: 'prepare' };
  // Trouble from before this attempt does not count: it ends with the attempt's beginning.
  if (store.deadlineAt === null) return begin(store);
  if (seen.trouble?.terminal) return fail(seen.missing ?? step, seen.trouble.message);
  if (seen.trouble !== null && seen.missing !== null)
    return { do: 'wait', until: new Date(now.getTime() + SUPERVISED_MS) };
  if (store.readyAt !== null) return mend(seen) ?? { do: 'publish' };
  // Before anything else is made: of an interrupted rollback the database may look as if it were missing.
  if (seen.checkpoint) return { do: 'rollback' };
  if (seen.missing !== null) return { do: 'apply', step: seen.missing };
  return { do: step === 'publish' ? 'publish' : 'prove' };
}

function begin(store: Store): Action {
  const leftovers = store.attempt > 1 && store.readyAt === null;
  return { do: leftovers && store.operation?.step !== 'admit' ? 'discard' : 'admit' };
}

function keepUp({ store, seen, engineReady, urls }: Situation): Action {
  if (seen === null) return { do: 'reserve' };
  if (seen.missing === null) return urls === null || sameUrls(store.urls, urls) ? REST : { do: 'publish' };
  if (seen.trouble?.terminal) return fail(seen.missing, seen.trouble.message);
  if (seen.trouble !== null) return { do: 'watch', step: seen.missing, message: seen.trouble.message };
  if (!engineReady) return { do: 'prepare' };
  return mend(seen) ?? REST;
}

/**
 * The shop stays open meanwhile, on whichever version serves. Whatever would fail a store leads back to the version
 * that it came from, whose own trouble, if it has any, is dealt with then.
 */
function changeVersion({ store, seen, engineReady, now }: Situation): Action {
  const step = seen?.missing ?? store.operation?.step ?? 'look';
  if (seen !== null && seen.missing === null) return { do: 'settle' };
  if (store.deadlineAt !== null && store.deadlineAt < now) {
    return { do: 'revert', step, message: 'Changing the version took longer than it may.' };
  }
  if (seen === null) return { do: 'reserve' };
  if (seen.dataMissing) return { do: 'revert', step, message: DATA_GONE };
  if (seen.trouble?.terminal) return { do: 'revert', step, message: seen.trouble.message };
  if (seen.trouble !== null) return { do: 'wait', until: new Date(now.getTime() + SUPERVISED_MS) };
  if (!engineReady) return { do: 'prepare' };
  return { do: 'apply', step };
}

/** Failed before the hand-over: its owner decides. Failed after it: runs again as soon as it can. */
function bringBack({ store, seen, engineReady }: Situation): Action {
  if (store.readyAt === null) return REST;
  if (seen === null) return { do: 'reserve' };
  if (seen.missing === null) return { do: 'recover' };
  if (seen.trouble !== null || seen.dataMissing || !engineReady) return REST;
  return { do: 'apply', step: seen.missing };
}

/** For stores that were handed over: makes what is missing, unless that would replace their owner's data. */
function mend(seen: Seen): Action | null {
  if (seen.missing === null) return null;
  if (!seen.dataMissing) return { do: 'apply', step: seen.missing };
  return fail(seen.missing, DATA_GONE);
}

function fail(step: string, message: string): Action {
  return { do: 'fail', step, message };
}

function tooLate(step: string): Action {
  return fail(step, 'Making the shop took longer than it may; it was given up at the step named here.');
}

function retryTime(operation: Operation | null): Date | null {
  return operation?.retryAt === undefined ? null : new Date(operation.retryAt);
}

function sameUrls(a: StoreUrls | null, b: StoreUrls): boolean {
  return a !== null && a.storefront === b.storefront && a.admin === b.admin && a.api === b.api && a.direct === b.direct;
}
