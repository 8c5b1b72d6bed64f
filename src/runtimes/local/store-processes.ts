import type { Resource } from '../runtime.ts';
import type { Accounts } from './accounts.ts';
import { MARKS } from './environment.ts';
import { allMarkers, storeFolders } from './folders.ts';
import { runningRecord } from './launch.ts';
import { environmentOf, listProcesses } from './processes.ts';
import type { ProcessFacts } from './processes.ts';

export interface OwnProcess extends ProcessFacts {
  storeId: string;
}

export interface Whose {
  home: string;
  installationId: string;
  accounts: Accounts | null;
}

/**
 * All processes of this installation's stores, found in three ways, because a shop's code may hide from each alone:
 * by account (as root), by the marks in the environment they were started with, and by the group of the recorded one.
 */
export async function storeProcesses(whose: Whose): Promise<OwnProcess[]> {
  const markers = (await allMarkers(whose.home)).filter((marker) => marker.installation === whose.installationId);
  const processes = await listProcesses();
  const byAccount = new Map(markers.map((marker) => [marker.uid, marker.storeId]));
  const byGroup = new Map<number, string>();
  for (const { slug, storeId } of markers) {
    const record = await runningRecord(storeFolders(whose.home, slug).processFile);
    if (record) byGroup.set(record.pid, storeId);
  }
  const stores = await Promise.all(
    processes.map(async (one) => {
      const known = whose.accounts?.owns(one.uid) ? byAccount.get(one.uid) : undefined;
      return known ?? byGroup.get(one.group) ?? markedStore(one, whose);
    }),
  );
  return processes.flatMap((one, n) => {
    const storeId = stores[n];
    return storeId === undefined ? [] : [Object.assign(one, { storeId })];
  });
}

export async function processesOf(whose: Whose, storeId: string): Promise<OwnProcess[]> {
  return (await storeProcesses(whose)).filter((one) => one.storeId === storeId);
}

export async function processResources(whose: Whose): Promise<Resource[]> {
  const processes = await storeProcesses(whose);
  return processes.map(({ pid, storeId }) => ({ kind: 'process', name: String(pid), storeId, since: null }));
}

async function markedStore(one: ProcessFacts, { installationId, accounts }: Whose): Promise<string | undefined> {
  if (one.uid !== process.getuid?.() && !accounts?.owns(one.uid)) return undefined;
  const environment = await environmentOf(one.pid);
  if (!environment.includes(`${MARKS.installation}=${installationId}`)) return undefined;
  const mark = environment.find((entry) => entry.startsWith(`${MARKS.storeId}=`));
  return mark?.slice(MARKS.storeId.length + 1);
}
