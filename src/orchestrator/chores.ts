import { storesInStatus } from '../db/stores.ts';
import { storeOrigin } from '../stores/addresses.ts';
import type { Context } from './context.ts';
import { look, type Sight } from './look.ts';
import { shopFetch } from './shop-fetch.ts';

const LOOK_MS = 10_000;

/**
 * Has the shops do what is due in them (mail, stock that was held for too long), where their engine does that only when
 * somebody comes by. One shop after the other, so that chores never crowd out shoppers. Returns what ends it.
 */
export function remindOfChores(context: Context): () => void {
  const due: Due = new Map();
  const stop = new AbortController();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    remindAll(context, due, stop.signal)
      .catch((error: unknown) => context.log.debug({ err: error }, 'The stores were not reminded of their chores'))
      .finally(() => (busy = false));
  }, LOOK_MS);
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}

/** When a store is to be reminded next, by its id, in milliseconds since 1970. */
export type Due = Map<string, number>;

/** Only shops that were handed over: before, whatever changed by itself would get in the way of the proof. */
export async function remindAll(context: Context, due: Due, signal: AbortSignal, now = Date.now): Promise<void> {
  const stores = await context.db.asOrchestrator((tx) => storesInStatus(tx, 'ready'));
  const known = new Set(stores.map(({ id }) => id));
  for (const id of due.keys()) if (!known.has(id)) due.delete(id);
  for (const { id } of stores) {
    if (signal.aborted) return;
    if (now() < (due.get(id) ?? 0)) continue;
    const sight = await look(context, id);
    const chores = sight?.prepared?.plan.process.chores;
    due.set(id, chores ? now() + chores.everySeconds * 1000 : Number.POSITIVE_INFINITY);
    if (!sight || !chores) continue;
    await remind(context, sight, chores.path, signal).catch((error: unknown) => {
      if (!signal.aborted) context.log.warn({ err: error, storeId: id }, 'A store could not do its chores');
    });
  }
}

async function remind({ config }: Context, sight: Sight, path: string, signal: AbortSignal): Promise<void> {
  const endpoint = sight.observation?.endpoint;
  if (!endpoint) return; // it is being started again
  const { host } = new URL(storeOrigin(config, sight.store.slug));
  const answer = await shopFetch(endpoint, host)(path, { signal });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the shop answered ${answer.status}`);
}
