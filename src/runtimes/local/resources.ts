import type { Resource } from '../runtime.ts';
import { databaseResources, dropDatabases } from './databases.ts';
import { allMarkers, removeStoreFolder } from './folders.ts';
import type { Marker } from './folders.ts';
import type { StepContext } from './steps.ts';
import { processResources } from './store-processes.ts';

/** Everything on this machine that carries this installation's id, of all stores or of one. */
export async function resourcesOf(context: StepContext, storeId?: string): Promise<Resource[]> {
  const [processes, databases, folders] = await Promise.all([
    processResources(context),
    databaseResources(context.server, context.installationId),
    ownFolders(context),
  ]);
  const all = [...processes, ...databases, ...folders.map(asResource)];
  return storeId === undefined ? all : all.filter((one) => one.storeId === storeId);
}

/** Removes everything of a store, found by its id alone, and then looks: returns what is left. */
export async function removeEverything(context: StepContext, storeId: string): Promise<Resource[]> {
  await context.supervisor.end(storeId);
  await dropDatabases(context.server, context.installationId, storeId);
  const folders = (await ownFolders(context)).filter((marker) => marker.storeId === storeId);
  for (const { slug } of folders) await removeStoreFolder(context.home, slug);
  await context.ports.release(storeId);
  return resourcesOf(context, storeId);
}

async function ownFolders({ home, installationId }: StepContext): Promise<Marker[]> {
  return (await allMarkers(home)).filter((marker) => marker.installation === installationId);
}

function asResource({ storeId, slug, createdAt }: Marker): Resource {
  return { kind: 'folder', name: slug, storeId, since: new Date(createdAt) };
}
