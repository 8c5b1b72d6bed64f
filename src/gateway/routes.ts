import type { Logger } from 'pino';
import type { Status } from '../stores/store.ts';

/** What the gateway must know about a store to answer for it. */
export interface Route {
  storeId: string;
  status: Status;
  /** The step that runs now, for the page shown meanwhile. */
  step: string | null;
  /** Where it answers; only ever a loopback address and port that the platform itself has given to this store. */
  endpoint: { host: string; port: number } | null;
}

export interface Routes {
  /** The route of a host's slug, or null when there is no such store. Rejects when it can't be looked up. */
  resolve(slug: string): Promise<Route | null>;
  /** A store has changed; without an id, anything may have. */
  forget(storeId?: string): void;
}

interface Entry {
  route: Route | null;
  until: number;
}

/** Changes are announced; these times only limit the damage should an announcement be lost. */
const READY_MS = 30_000;
/** The step of a store under way changes without an announcement, and the page shows it. */
const MOVING_MS = 1000;
const UNKNOWN_MS = 5000;
/** Host names cost nothing to invent. */
const LIMIT = 20_000;

/**
 * Remembers routes, so that a page view costs no query. When `load` fails, what was known is used on:
 * a database that is away for a while closes no shop.
 */
export function createRoutes(load: (slug: string) => Promise<Route | null>, log: Logger, now = Date.now): Routes {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Route | null>>();
  let generation = 0;

  async function reload(slug: string, known: Entry | undefined): Promise<Route | null> {
    const started = generation;
    try {
      const route = await load(slug);
      // Something changed while the answer was on its way: it may be from before.
      if (started === generation) remember(slug, route);
      return route;
    } catch (error) {
      if (!known) throw error;
      log.warn({ err: error, slug }, 'The route of a shop could not be looked up; the one known last is used');
      entries.set(slug, { route: known.route, until: now() + MOVING_MS });
      return known.route;
    } finally {
      loading.delete(slug);
    }
  }

  function remember(slug: string, route: Route | null): void {
    if (entries.size >= LIMIT) entries.clear();
    entries.set(slug, { route, until: now() + lifetime(route) });
  }

  return {
    async resolve(slug) {
      const known = entries.get(slug);
      if (known && known.until > now()) return known.route;
      const running = loading.get(slug) ?? reload(slug, known);
      loading.set(slug, running);
      return running;
    },
    forget(storeId) {
      generation += 1;
      for (const [slug, { route }] of entries) {
        // Marked as old, not dropped: it is still the best answer while the database is away.
        if (storeId === undefined || route === null || route.storeId === storeId) expire(entries, slug);
      }
      loading.clear();
    },
  };
}

function expire(entries: Map<string, Entry>, slug: string): void {
  const entry = entries.get(slug);
  if (entry) entry.until = 0;
}

function lifetime(route: Route | null): number {
  if (route === null) return UNKNOWN_MS;
  return route.status === 'ready' ? READY_MS : MOVING_MS;
}
