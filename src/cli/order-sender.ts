import { setTimeout as sleep } from 'node:timers/promises';
import type { ToldOrder } from '../simulator/orders.ts';
import { answer, type Api } from './client.ts';
import { CliError } from './errors.ts';

/** What the platform has said about what was sent. */
export interface Delivery {
  /** Stored now. */
  accepted: number;
  /** Stored before, by this or by an earlier run. */
  duplicates: number;
  /** Sent once more, because nothing had been said about it. */
  resent: number;
  /** What nothing was said about when it ended. */
  open: number;
}

export interface OrderSender {
  /** Resolves when there is room for the next ones. Rejects, as `finish` does, when the platform refuses something. */
  send(orders: readonly ToldOrder[]): Promise<void>;
  /** Resolves when the platform has spoken about all that was sent. */
  finish(): Promise<void>;
  delivery(): Delivery;
}

/** So many requests are under way at once. */
const AT_ONCE = 4;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** A platform that is being restarted comes back within this time. */
const PATIENCE_MS = 60_000;

/** Sends orders, again with the same ids where the platform did not say that it has them, until `signal` is aborted. */
export function createOrderSender(api: Api, signal: AbortSignal): OrderSender {
  const delivery: Delivery = { accepted: 0, duplicates: 0, resent: 0, open: 0 };
  const underWay = new Set<Promise<void>>();
  let failure: unknown;

  async function deliver(orders: readonly ToldOrder[]): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let failures = 0; ; failures += 1) {
      const { said, again, error } = await post(api, orders);
      if (said) {
        delivery.accepted += said.accepted;
        delivery.duplicates += said.duplicates;
        delivery.open -= orders.length;
        return;
      }
      if (Date.now() > deadline) throw error;
      await sleep(Math.max(again, backoff(failures)), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      delivery.resent += orders.length;
    }
  }

  return {
    delivery: () => ({ ...delivery }),
    async send(orders) {
      while (underWay.size >= AT_ONCE) await Promise.race(underWay);
      if (failure !== undefined) throw failure;
      delivery.open += orders.length;
      const one: Promise<void> = deliver(orders)
        .catch((error: unknown) => void (failure ??= error))
        .finally(() => underWay.delete(one));
      underWay.add(one);
    },
    async finish() {
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    },
  };
}

interface Attempt {
  said?: { accepted: number; duplicates: number };
  /** How long the platform wants to be left alone, in ms. */
  again: number;
  error?: unknown;
}

/** Rejects where sending it again would not help. */
async function post({ client }: Api, orders: readonly ToldOrder[]): Promise<Attempt> {
  try {
    const reply = await client.POST('/api/v1/orders', { body: { orders: [...orders] } });
    const { status, headers } = reply.response;
    const said = answer(Promise.resolve(reply));
    if (status !== 429 && status < 500) return { said: await said, again: 0 };
    return {
      again: 1000 * Number(headers.get('retry-after') ?? 0),
      error: await said.catch((error: unknown) => error),
    };
  } catch (error) {
    // Not signed in and wrongly used are nothing that passes; a platform that does not answer is.
    if (error instanceof CliError && error.code === undefined && error.exitCode === 1) return { again: 0, error };
    throw error;
  }
}

/** Ever longer, and no two senders wait the same. */
function backoff(failures: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return (wait * (1 + Math.random())) / 2;
}
