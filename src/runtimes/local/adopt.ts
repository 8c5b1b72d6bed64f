import type { Logger } from 'pino';
import { allMarkers, storeFolders } from './folders.ts';
import { runningRecord } from './launch.ts';
import { endProcesses } from './processes.ts';
import type { StepContext } from './steps.ts';
import { storeProcesses } from './store-processes.ts';

const GRACE_MS = 10_000;

/**
 * Takes over the stores that have survived an earlier platform. Processes without a record (their platform died between
 * starting and recording them) can't be kept: they are ended, and started anew when their store is looked at.
 */
export async function adoptOrEnd(context: StepContext, log: Logger): Promise<void> {
  const { home, installationId, supervisor } = context;
  const adopted = new Set<string>();
  for (const { installation, storeId, slug } of await allMarkers(home)) {
    const record = await runningRecord(storeFolders(home, slug).processFile);
    if (!record || installation !== installationId) continue;
    supervisor.adopt({ storeId, slug }, record);
    adopted.add(storeId);
    log.info({ storeId, pid: record.pid }, 'a running store was adopted');
  }
  await endProcesses(async () => (await storeProcesses(context)).filter((one) => !adopted.has(one.storeId)), GRACE_MS);
}
