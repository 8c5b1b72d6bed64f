import { Client } from '@medusajs/framework/pg';

/** A connection of our own. It is for its owner to end. */
export async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000 });
  // Told of a lost connection, a client without a listener would end the process; the next query says it as well.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
