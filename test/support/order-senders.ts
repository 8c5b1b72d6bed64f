import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export interface Senders {
  /** Lets all requests under way be acknowledged, however often they have to be sent again. */
  stop(): Promise<{ acknowledged: Set<string>; repeated: number }>;
  /** Ends them as they are. */
  abandon(): void;
}

interface Target {
  /** Where the APIs are; any of them is as good as the others. */
  urls: readonly string[];
  token: string;
  sourceId: string;
}

const ANSWER_WITHIN_MS = 5000;
const AGAIN_AFTER_MS = 50;
/** Each sends some hundred orders a second, and leaves the processes under test some of the machine. */
const BETWEEN_MS = 20;
const GOODS = ['Espresso', 'Latte', 'Tea', 'Croissant'];

/** Tills that sell, cancel and give back all the time, and send what was not acknowledged again, as shops do. */
export function startSenders(count: number, { urls, token, sourceId }: Target): Senders {
  const acknowledged = new Set<string>();
  const ending = new AbortController();
  let isAbandoned = false;
  let repeated = 0;

  async function send(orders: readonly unknown[]): Promise<boolean> {
    const url = urls[randomInt(urls.length)];
    const answer = await fetch(`${url}/api/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ orders }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (answer && answer.status !== 202 && answer.status < 500) throw new Error(`${answer.status} ${text}`);
    // An answer that breaks off is none.
    return answer?.status === 202 && typeof text === 'string';
  }

  async function till(): Promise<void> {
    while (!ending.signal.aborted) {
      const orders = Array.from({ length: randomInt(1, 20) }, () => story(sourceId)).flat();
      while (!(await send(orders))) {
        if (isAbandoned) return;
        repeated += 1;
        await delay(AGAIN_AFTER_MS);
      }
      for (const { eventId } of orders) acknowledged.add(eventId);
      // Now and then an acknowledged one is sent again too.
      if (randomInt(10) === 0) await send(orders);
      await delay(BETWEEN_MS);
    }
  }

  const tills = Promise.all(Array.from({ length: count }, till));
  tills.catch(() => undefined); // whoever stops them hears of it
  return {
    async stop() {
      ending.abort();
      await tills;
      return { acknowledged, repeated };
    },
    abandon() {
      ending.abort();
      isAbandoned = true;
    },
  };
}

/** All that is told of one order, in any order of arrival. */
function story(storeId: string): { eventId: string }[] {
  const externalId = randomUUID();
  const total = randomInt(100, 5000);
  const base = { storeId, externalId, currency: 'EUR', placedAt: new Date().toISOString() };
  const items = [{ name: GOODS[randomInt(GOODS.length)], quantity: randomInt(1, 4), unitPrice: 250 }];
  const events = [
    { ...base, event: 'placed', eventId: `${externalId}:placed`, items, total },
    { ...base, event: 'paid', eventId: `${externalId}:paid` },
    { ...base, event: 'refunded', eventId: `${externalId}:refunded`, refunded: randomInt(1, total) },
    { ...base, event: 'cancelled', eventId: `${externalId}:cancelled` },
  ];
  const [placed, ...later] = events;
  const told = later.filter(() => randomInt(4) === 0);
  return randomInt(2) === 0 ? [placed!, ...told] : [...told, placed!];
}
