import type { Logger } from 'pino';
import type { Database, Tx } from '../../db/database.ts';
import type { OrderMetrics } from '../metrics.ts';
import type { Guard } from '../resilience.ts';

/**
 * The way from batches that are stored (`order_batches`) to those that are in the figures. Any number of processes may
 * take from one stream. Each batch is applied at least once, and applying one that is gone does nothing.
 */
export interface OrderStream {
  /** Resolves once it takes batches, or would if what it needs were there. */
  start(): Promise<void>;
  /** Takes no more, and finishes what is under way. */
  stop(): Promise<void>;
  health(): { ok: boolean; message?: string };
}

export interface StreamDeps {
  db: Database;
  /** Puts batches, which the transaction holds, into the figures, and deletes them. Returns how many orders changed. */
  apply: (tx: Tx, batchIds: readonly number[]) => Promise<number>;
  metrics: OrderMetrics;
  /** For the database. */
  guard: Guard;
  log: Logger;
  /** How long nobody looks when nobody is told; tests have less time. */
  pollMs?: number;
}

/** Two, so that one can apply while the other's commit waits for the disk. */
export const LANES = 2;
/** The net below the notifications, and the time between two tries of a batch that failed. */
export const POLL_MS = 2000;
/** A transaction takes about so many orders: enough that its commit does not count, few enough that it is short. */
export const ORDERS_AT_ONCE = 1000;
