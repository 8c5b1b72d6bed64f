import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Engines } from '../../engines/index.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { SecretBox } from '../db/secret-box.ts';

/** A store's own output. The API knows no runtime; the composition root gives it this one thing of it. */
interface StoreLogs {
  read(
    ref: { id: string; slug: string; namespace: string },
    options: { tail: number; follow: boolean; signal: AbortSignal },
  ): Promise<Readable>;
}

/** The state of one part that the platform needs, in words where it is not well. */
export interface HealthCheck {
  ok: boolean;
  message?: string;
}

/** What stands behind the API: the queue of its work, and the place where stores run. */
export interface Backstage {
  runtime: string;
  queue: { waiting: number; ageSeconds: number; running: number; failed: number };
  room: { memory: Room; disk: Room } | null;
}

interface Room {
  freeBytes: number;
  totalBytes: number;
}

/** Everything the API needs, given by the composition root (and by tests). */
export interface Deps {
  config: Config;
  db: Database;
  secrets: SecretBox;
  engines: Engines;
  logs: StoreLogs;
  log: Logger;
  /** By name. The API adds its own check of the database. */
  health: () => Promise<Record<string, HealthCheck>>;
  /** For the system page. Like a store's logs it comes from parts that the API does not know. */
  backstage: () => Promise<Backstage>;
  metrics: Registry;
  /** Begins to make all figures of orders anew; nothing happens while that is under way. */
  rebuildOrders: () => void;
  /** The platform's version, for `/health` and the API's document. */
  version: string;
}
