import type { Logger } from 'pino';
import type { Engines } from '../../engines/index.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { SecretBox } from '../db/secret-box.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { Metrics } from './metrics.ts';
import type { Queue } from './queue.ts';
import type { Running } from './running.ts';

/** What the orchestrator is given by the composition root, and by tests. */
export interface OrchestratorDeps {
  config: Config;
  db: Database;
  runtime: Runtime;
  engines: Engines;
  secrets: SecretBox;
  log: Logger;
  /**
   * Called at every instant at which a crash would be interesting, such as `database:before` or `prove:checkpoint`.
   * Tests kill the process here; nobody else uses it.
   */
  onBoundary?: (name: string) => void | Promise<void>;
}

/** The same with what the orchestrator's own parts share. */
export interface Context extends Required<OrchestratorDeps> {
  queue: Queue;
  running: Running;
  metrics: Metrics;
}
