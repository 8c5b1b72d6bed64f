import { createBell } from './bell.ts';
import { createGroups } from './groups.ts';
import { pause, reportTo, startLoop, type Loop } from './loop.ts';
import { LANES, POLL_MS, type OrderStream, type StreamDeps } from './stream.ts';

/** The batches' own table is the queue: notifications say when to look, and a row's lock says whose it is. */
export function createPostgresStream(deps: StreamDeps): OrderStream {
  const { db, log, pollMs = POLL_MS } = deps;
  const bell = createBell();
  const groups = createGroups(deps);
  let loops: Loop[] = [];
  let stopListening: (() => Promise<void>) | null = null;

  async function lane(signal: AbortSignal): Promise<void> {
    const seen = bell.rung;
    const { taken, more } = await groups.applyOldest();
    if (more) bell.ring();
    if (taken === 0) await bell.wait(seen, pollMs, signal);
  }

  async function retries(signal: AbortSignal): Promise<void> {
    await pause(pollMs, signal);
    if (!signal.aborted) await groups.retryFailed();
  }

  return {
    async start() {
      stopListening = await db.listen('order_batch', bell.ring, bell.ring);
      const report = reportTo(log);
      loops = [...Array.from({ length: LANES }, () => startLoop(lane, report)), startLoop(retries, report)];
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await stopListening?.();
    },
    health() {
      const waits = loops.some((loop) => loop.trouble() !== null);
      return waits ? { ok: false, message: 'Orders are not aggregated: the database does not answer.' } : { ok: true };
    },
  };
}
