import type { StoreRef, Usage } from '../runtime.ts';
import { storeFolders } from './folders.ts';
import { databaseNames } from './names.ts';
import type { StepContext } from './steps.ts';
import { processesOf } from './store-processes.ts';
import { folderBytes, measureProcesses } from './usage.ts';

/** Memory and processor time of all of a store's processes, disk of its folder and databases; null while it is stopped. */
export async function storeUsage(context: StepContext, ref: StoreRef): Promise<Usage | null> {
  const processes = await processesOf(context, ref.id);
  if (processes.length === 0) return null;
  const names = databaseNames(context.installationId, ref.id);
  const [used, files, [databases]] = await Promise.all([
    measureProcesses(processes.map(({ pid }) => pid)),
    folderBytes(storeFolders(context.home, ref.slug).root),
    context.server.query<{ bytes: number | null }>(
      'SELECT sum(pg_database_size(oid))::bigint AS bytes FROM pg_database WHERE datname = ANY($1)',
      [[names.live, names.checkpoint, names.dirty]],
    ),
  ]);
  return { at: new Date(), ...used, diskBytes: files + (databases?.bytes ?? 0) };
}
