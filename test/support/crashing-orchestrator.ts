import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig, type DatabaseSettings } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { createSecretBox } from '../../src/db/secret-box.ts';
import { createOrchestrator } from '../../src/orchestrator/orchestrator.ts';
import { silentLog } from './database.ts';
import { TEST_KEY } from './orchestrated.ts';
import { simulatedWorld } from './simulated-runtime.ts';

/** What a test says to its child, as JSON in the first argument. */
export interface CrashPlan {
  settings: DatabaseSettings;
  folder: string;
  /** The boundary at which this process is gone, as in a power cut. */
  dieAt: string;
  /** Which time it comes there; the first one where nothing is said. */
  nth?: number;
  /** Where the simulated stores run, and which of their versions do not come up. */
  kind?: 'local' | 'kubernetes';
  broken?: string[];
}

const plan = JSON.parse(process.argv[2] ?? '') as CrashPlan;
const world = simulatedWorld(plan.folder, plan.kind);
for (const version of plan.broken ?? []) world.broken.add(version);
// Long enough that a store has to wait for it.
if (plan.dieAt.startsWith('prepare:')) world.before = (deed) => (deed === 'prepare' ? delay(1000) : undefined);
let left = plan.nth ?? 1;
const orchestrator = createOrchestrator({
  config: loadConfig({ NODE_ENV: 'test', STORE_PLATFORM_HOME: plan.folder }),
  db: openDatabase(plan.settings, { log: silentLog, poolSize: 6 }),
  runtime: world.runtime,
  engines: world.engines,
  secrets: createSecretBox(TEST_KEY),
  log: silentLog,
  onBoundary(name) {
    if (name === plan.dieAt && (left -= 1) === 0) process.kill(process.pid, 'SIGKILL');
  },
});
await orchestrator.start();
