import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseSettings } from '../config.ts';
import { errorText } from '../errors.ts';
import { clientConfig } from './client-config.ts';
import { isConnectionLost } from './failures.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/**
 * Waits until the database answers, trying again after 0.25 s, 0.5 s, 1 s and so on up to 10 s (API-12).
 * Rejects at once when waiting can't help, such as for a wrong password, and when `signal` says stop.
 */
export async function waitForDatabase(settings: DatabaseSettings, log: Logger, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_DELAY_MS; ; wait = Math.min(wait * 2, LONGEST_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await withClient(settings, async (client) => void (await client.query('SELECT 1')));
    } catch (error) {
      if (!isConnectionLost(error)) throw explained(settings, error);
      const where = `${settings.host}:${settings.port}`;
      log.warn({ reason: errorText(error) }, `The database at ${where} does not answer; next try in ${wait / 1000} s`);
    }
    await delay(wait, undefined, { signal });
  }
}

/** One connection for one piece of work outside the pool: start-up and administration. */
export async function withClient<T>(settings: DatabaseSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...clientConfig(settings), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // reported by whatever query is under way
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explained(settings: DatabaseSettings, error: unknown): Error {
  const reason = errorText(error);
  return new Error(
    `PostgreSQL at ${settings.host}:${settings.port} refuses the user ${settings.user} for the database ` +
      `${settings.name}: ${reason}. Check DATABASE_URL or DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD.`,
    { cause: error },
  );
}
