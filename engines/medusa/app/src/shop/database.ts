import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@medusajs/framework/pg';

const ATTEMPTS = 5;

/**
 * Medusa's own loader retries a lost database for minutes and ends in a stack trace. A short look
 * first gives a clear answer, and still rides over a database that is just being restarted.
 */
export async function reachDatabase(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectOnce(url);
    } catch (error) {
      if (attempt === ATTEMPTS) throw new Error(`cannot reach the database: ${reason(error)}`);
      await sleep(500 * attempt);
    }
  }
}

async function connectOnce(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => {});
  }
}

/** Node wraps refused connections into an AggregateError without a message of its own. */
export function reason(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
