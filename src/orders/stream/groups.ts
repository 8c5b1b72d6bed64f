import type { Tx } from '../../db/database.ts';
import {
  batchesToRetry,
  claimBatches,
  claimNamedBatches,
  countAttempt,
  waitingOf,
  type ClaimedBatch,
} from '../../db/order-batches.ts';
import { errorText } from '../../errors.ts';
import { isPassing } from '../resilience.ts';
import { ORDERS_AT_ONCE, type StreamDeps } from './stream.ts';

/** Applies batches in groups, a transaction each, of which a bad one does not spoil the others. */
export interface Groups {
  /** The oldest that wait. Rejects when the database is away. */
  applyOldest(): Promise<{ taken: number; more: boolean }>;
  /** Those of the named that still wait. Returns those that somebody else holds, who may or may not finish. */
  applyNamed(ids: readonly number[]): Promise<Set<number>>;
  /** Those that have failed before, each alone. */
  retryFailed(): Promise<void>;
}

/** After so many tries a batch is given up, until somebody has it tried again. */
const MOST_ATTEMPTS = 5;
const BATCHES_AT_ONCE = 250;
const RETRIES_AT_ONCE = 20;

type OnDead = (id: number, error: string) => void;
type Claim = (tx: Tx) => Promise<ClaimedBatch[]>;

/** `onDead` hears of each batch that was given up. */
export function createGroups(deps: StreamDeps, onDead: OnDead = () => {}): Groups {
  const { apply, metrics } = deps;

  /** One transaction holds the batches and applies them. Returns what it has claimed. */
  async function applyTogether(claim: Claim): Promise<ClaimedBatch[]> {
    let claimed: ClaimedBatch[] = [];
    const began = performance.now();
    try {
      const changed = await inTransaction(deps, async (tx) => {
        claimed = await claim(tx);
        return claimed.length === 0 ? 0 : apply(tx, ids(claimed));
      });
      metrics.applied.inc(changed);
      const took = (performance.now() - began) / 1000;
      for (const { ageSeconds } of claimed) metrics.lag.observe(ageSeconds + took);
    } catch (error) {
      if (isPassing(error) || claimed.length === 0) throw error;
      await applyEach(claimed, error);
    }
    return claimed;
  }

  /** After a group has failed: the good ones are applied, and the tries of the bad ones are counted. */
  async function applyEach(claimed: readonly ClaimedBatch[], error: unknown): Promise<void> {
    const [only, ...others] = claimed;
    if (only && others.length === 0) return countFailure(deps, only.id, error, onDead);
    for (const { id } of claimed) await applyTogether((tx) => claimNamedBatches(tx, [id]));
  }

  return {
    async applyOldest() {
      let more = false;
      const claimed = await applyTogether(async (tx) => {
        const found = await claimBatches(tx, BATCHES_AT_ONCE);
        const group = firstOrders(found);
        more = found.length === BATCHES_AT_ONCE || group.length < found.length;
        return group;
      });
      return { taken: claimed.length, more };
    },
    async applyNamed(named) {
      const busy = new Set<number>();
      for (let at = 0; at < named.length; at += BATCHES_AT_ONCE) {
        let rest = named.slice(at, at + BATCHES_AT_ONCE);
        while (rest.length > 0) rest = await applySome(rest, busy);
      }
      return busy;
    },
    async retryFailed() {
      const failed = await inTransaction(deps, (tx) => batchesToRetry(tx, RETRIES_AT_ONCE));
      for (const id of failed) await applyTogether((tx) => claimNamedBatches(tx, [id]));
    },
  };

  /** Applies as many of them as make a group, and returns those that are left; those of others are added to `busy`. */
  async function applySome(named: readonly number[], busy: Set<number>): Promise<number[]> {
    let left: ClaimedBatch[] = [];
    await applyTogether(async (tx) => {
      const found = await claimNamedBatches(tx, named);
      const claimed = new Set(ids(found));
      const others = named.filter((id) => !claimed.has(id));
      if (others.length > 0) for (const id of await waitingOf(tx, others)) busy.add(id);
      const group = firstOrders(found);
      left = found.slice(group.length);
      return group;
    });
    return ids(left);
  }
}

async function countFailure(deps: StreamDeps, id: number, error: unknown, onDead: OnDead): Promise<void> {
  const text = errorText(error);
  deps.metrics.failures.inc();
  const dead = await inTransaction(deps, (tx) => countAttempt(tx, id, text, MOST_ATTEMPTS));
  deps.log[dead ? 'error' : 'warn']({ err: error, batch: id }, dead ? GIVEN_UP : 'A batch of orders failed');
  if (dead) onDead(id, text);
}

const inTransaction = <T>({ db, guard }: StreamDeps, work: (tx: Tx) => Promise<T>): Promise<T> =>
  guard.run(() => db.asOrchestrator(work));

const GIVEN_UP = 'A batch of orders was given up: its orders are stored, but not in the figures';

const ids = (batches: readonly ClaimedBatch[]): number[] => batches.map(({ id }) => id);

/** The first of them that hold about as many orders as one transaction should take; at least one. */
function firstOrders(batches: readonly ClaimedBatch[]): ClaimedBatch[] {
  let orders = 0;
  return batches.filter((batch) => {
    const fits = orders < ORDERS_AT_ONCE;
    orders += batch.orders;
    return fits;
  });
}
