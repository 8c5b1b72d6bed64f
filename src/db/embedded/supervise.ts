import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ServerBusyError, startPostmaster, stopPostmaster, type Postmaster, type ServerPlan } from './postmaster.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
const BUSY_RETRIES = 100;
const BUSY_DELAY_MS = 200;

/** Keeps a server running until it is told to stop. */
export interface Supervisor {
  /** Whether the server was there before we came. */
  adopted: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the server, or adopts the one that runs, and starts it again whenever it ends. The first start
 * rejects when it can't succeed; later ones are tried for ever, 0.1 s to 10 s apart.
 */
export async function supervise(plan: ServerPlan, log: Logger): Promise<Supervisor> {
  const stopping = new AbortController();
  let server = await start(plan, stopping.signal);
  const adopted = !server.ours;

  const watching = (async () => {
    for (;;) {
      await server.ended;
      if (stopping.signal.aborted) return;
      log.warn({ pid: server.pid }, 'The embedded PostgreSQL has ended; starting it again');
      const next = await startAgain(plan, log, stopping.signal);
      if (!next) return;
      log.info({ pid: next.pid }, 'The embedded PostgreSQL runs again');
      server = next;
      if (stopping.signal.aborted) await stopPostmaster(server);
    }
  })();

  return {
    adopted,
    async stop() {
      stopping.abort();
      await stopPostmaster(server);
      await watching;
    },
  };
}

/** What is left of a server that was killed holds its shared memory for a moment: waits for that. */
async function start(plan: ServerPlan, signal: AbortSignal): Promise<Postmaster> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await startPostmaster(plan);
    } catch (error) {
      if (!(error instanceof ServerBusyError) || tries === BUSY_RETRIES) throw error;
      await delay(BUSY_DELAY_MS, undefined, { signal });
    }
  }
}

async function startAgain(plan: ServerPlan, log: Logger, signal: AbortSignal): Promise<Postmaster | null> {
  for (let wait = FIRST_DELAY_MS; ; wait = Math.min(wait * 2, LONGEST_DELAY_MS)) {
    try {
      await delay(wait, undefined, { signal });
      return await start(plan, signal);
    } catch (error) {
      if (signal.aborted) return null;
      log.error({ err: error }, 'The embedded PostgreSQL does not start; trying again');
    }
  }
}
