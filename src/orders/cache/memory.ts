import type { CacheStore } from './store.ts';

/** In memory, of this process alone: those used least recently make room. */
export function createMemoryStore(limit = 1000, now = Date.now): CacheStore {
  const entries = new Map<string, { text: string; until: number }>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      if (entry.until <= now()) return null;
      entries.set(key, entry); // a Map keeps the order of insertion: the newest last
      return entry.text;
    },
    async set(key, text, lifetimeMs) {
      entries.delete(key);
      entries.set(key, { text, until: now() + lifetimeMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break;
        entries.delete(oldest);
      }
    },
    async close() {
      entries.clear();
    },
  };
}
