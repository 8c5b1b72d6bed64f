import type { MedusaContainer } from '@medusajs/framework/types';
import { say } from '../shop/process';
import { reason } from '../shop/database';
import { factsOf } from './facts';
import { tell, type Platform } from './message';
import { listUntold, noteTold, seeOrder, type Untold } from './untold';

/** A look without an occasion, for what came with no event: an order that another process has made and died over. */
const QUIET_MS = 60_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** So that one order with which the platform has trouble holds no other up, and a platform that is away is soon left alone. */
const MOST_ERRORS = 3;

/** Has the running teller look now; nothing without one. */
export let wakeTeller: () => void = () => {};

/**
 * Tells the platform of every order that it does not know all of: at once when something has happened, again and again
 * when it could not be reached, and at the start of what was left then. What it was told of is kept in the shop's own
 * database, so nothing is lost with this process, and it never gives up.
 */
export function startTelling(container: MedusaContainer, platform: Platform): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let failures = 0;

  function wake(): void {
    if (stopped) return;
    clearTimeout(timer);
    if (round) again = true;
    else round = look().finally(next);
  }

  async function look(): Promise<void> {
    again = false;
    try {
      await tellAll(container, platform);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) say('The platform could not be told of orders. It will be.', { reason: reason(error) });
    }
  }

  function next(): void {
    round = null;
    if (again) return wake();
    const pause = failures === 0 ? QUIET_MS : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    if (!stopped) timer = setTimeout(wake, pause);
  }

  wakeTeller = wake;
  wake();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}

/** One order after the other, the oldest first, until there is none. Rejects when there are some that it can't tell of. */
async function tellAll(container: MedusaContainer, platform: Platform): Promise<void> {
  const errors: unknown[] = [];
  for (;;) {
    const untold = await listUntold(container);
    for (const one of untold) {
      await tellOne(container, platform, one).catch((error: unknown) => errors.push(error));
      if (errors.length === MOST_ERRORS) break;
    }
    if (errors.length > 0) throw errors[0];
    if (untold.length === 0) return;
  }
}

async function tellOne(container: MedusaContainer, platform: Platform, untold: Untold): Promise<void> {
  const order = await seeOrder(container, untold);
  const facts = order ? factsOf(order, platform.storeId) : [];
  const refusal = facts.length > 0 ? await tell(platform, facts) : null;
  if (refusal !== null) say('The platform refuses an order.', { order: untold.number, reason: refusal });
  await noteTold(container, untold);
}
