/** Times in ms. Tests shorten them; nobody else has a reason to. */
export interface LiveOptions {
  /** Between two messages of a group: 20 a second. */
  deltaMs: number;
  /** Between two readings of a group's figures, and the longest time without one. */
  figuresMs: number;
  figuresAtLeastMs: number;
  /** How often sockets and figures are looked after. */
  tickMs: number;
  /** The net below notifications. */
  pollMs: number;
  /** Every socket is pinged this often, and ended when the last ping is not answered by then. */
  pingMs: number;
  lifetimeMs: number;
  /** A socket with more bytes unsent loses its backlog; one that has not sent them after `lagMs` ends. */
  maxBuffered: number;
  lagMs: number;
  /** What is kept of the feed in memory: so many orders with their items, for so long. */
  keptParts: number;
  keptMs: number;
  /** How many changes somebody who comes back may have missed; after more a snapshot is cheaper. */
  resumeRows: number;
  /** Looks at tickets and people, and readings of figures, at once: the rest of the API needs connections too. */
  lookUpsAtOnce: number;
  readsAtOnce: number;
  /** How long the feed is followed after the last socket has gone: most come back. */
  lingerMs: number;
  /** The time of day, in ms. */
  now: () => number;
}

export const LIVE_DEFAULTS: LiveOptions = {
  deltaMs: 50,
  figuresMs: 1000,
  figuresAtLeastMs: 60_000,
  tickMs: 250,
  pollMs: 5000,
  pingMs: 15_000,
  lifetimeMs: 3_600_000,
  maxBuffered: 256 * 1024,
  lagMs: 30_000,
  keptParts: 100_000,
  keptMs: 60_000,
  resumeRows: 2000,
  lookUpsAtOnce: 4,
  readsAtOnce: 4,
  lingerMs: 60_000,
  now: Date.now,
};
