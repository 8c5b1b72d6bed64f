import { addUsage } from '../db/store-usage.ts';
import { storesInStatus } from '../db/stores.ts';
import type { Context } from './context.ts';
import { refOf } from './look.ts';

const EVERY_MS = 30_000;

/** Notes memory, processor and disk of every ready store each 30 s. Returns what ends it. */
export function sampleUsage(context: Context): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    sampleOnce(context)
      .catch((error: unknown) => context.log.debug({ err: error }, 'The usage of the stores was not noted'))
      .finally(() => (busy = false));
  }, EVERY_MS);
  return () => clearInterval(timer);
}

export async function sampleOnce({ db, runtime }: Pick<Context, 'db' | 'runtime'>): Promise<void> {
  const stores = await db.asOrchestrator((tx) => storesInStatus(tx, 'ready'));
  for (const store of stores) {
    const usage = await runtime.usage(refOf(store));
    // A store that was deleted meanwhile takes no figures; nor does it stop those of the others.
    if (usage) await db.asOrchestrator((tx) => addUsage(tx, store.id, usage)).catch(() => undefined);
  }
}
