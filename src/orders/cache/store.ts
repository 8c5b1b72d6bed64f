/**
 * Where finished summaries are kept, as text: it may lose them at any time, and what comes out is validated by whoever
 * asked. Calls never reject: a store that is away has nothing.
 */
export interface CacheStore {
  get(key: string): Promise<string | null>;
  /** Every entry has a lifetime. */
  set(key: string, text: string, lifetimeMs: number): Promise<void>;
  close(): Promise<void>;
}
