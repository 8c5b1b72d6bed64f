import type { Database } from '../db/database.ts';
import { findPort } from '../db/ports.ts';
import { findStoreBySlug } from '../db/stores.ts';
import type { Route } from './routes.ts';

/**
 * The route of a slug by what the database says. The port is the one that this installation has leased to the store, on
 * this machine's loopback address: whatever a store says of itself, the gateway leads nowhere else.
 */
export function loadRoute(db: Database): (slug: string) => Promise<Route | null> {
  return (slug) =>
    db.asOrchestrator(async (tx) => {
      const store = await findStoreBySlug(tx, slug);
      if (!store) return null;
      const port = await findPort(tx, store.id);
      const endpoint = port === null ? null : { host: '127.0.0.1', port };
      return { storeId: store.id, status: store.status, step: store.operation?.step ?? null, endpoint };
    });
}
