import type { DatabaseSettings } from '../config.ts';
import { withClient } from './connect.ts';
import { sessionOf, type Tx } from './session.ts';

/**
 * A transaction of the platform itself for work that may take minutes, which the pool's limits would cut short: on a
 * connection of its own, and for as long as it takes.
 */
export async function longTransaction<T>(settings: DatabaseSettings, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withClient(settings, async (client) => {
    await client.query('BEGIN; SET LOCAL ROLE store_platform_orchestrator; SET LOCAL statement_timeout = 0');
    const result = await work(sessionOf(client));
    await client.query('COMMIT');
    return result;
  });
}
