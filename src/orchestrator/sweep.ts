import { forgetOrphan, listOrphans, noteOrphan, type Orphan } from '../db/orphans.ts';
import { enqueueReconcile, findStore } from '../db/stores.ts';
import type { Resource, StoreRef } from '../runtimes/runtime.ts';
import type { Context } from './context.ts';

/** So long something that belongs to no store is kept, stopped, before it is removed. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** More stores at once than this are not removed without an operator's word: a restored database must cost no shop. */
const WITHOUT_A_WORD = 3;

/**
 * Finds what carries this installation's id and belongs to no store (ORC-5). What a store in `deleting` owns is
 * removed with it, at once; what no row knows is stopped, reported, and removed a day later, if it is not too much.
 */
export async function sweep(context: Context, now = new Date()): Promise<void> {
  // The resources first: whatever is in the list was made for a row that existed before it.
  const resources = await context.runtime.resources();
  const unknown = await withoutStore(context, resources);
  const orphans = await note(context, unknown);
  const stores = [...new Set(unknown.map(({ storeId }) => storeId))];
  for (const id of stores) await context.runtime.halt(orphanRef(id));

  const due = stores.filter((id) =>
    orphans.filter(({ storeId }) => storeId === id).every((orphan) => mayGo(orphan, now)),
  );
  const confirmed = due.filter((id) =>
    orphans.some(({ storeId, confirmedAt }) => storeId === id && confirmedAt !== null),
  );
  const removed = due.length > WITHOUT_A_WORD ? confirmed : due;
  if (removed.length < due.length) {
    context.log.error(
      { stores: due, limit: WITHOUT_A_WORD },
      'More stores than the limit are due to be removed because the database does not know them. ' +
        'If it was not restored from an older backup, let them go: store-platform orphans --confirm. ' +
        'Otherwise restore the right one.',
    );
  }
  for (const id of removed) await removeOrphan(context, id);
}

/** The resources of stores that have no row. Those of a store in `deleting` are left to its own removal. */
async function withoutStore(context: Context, resources: readonly Resource[]): Promise<Resource[]> {
  const ids = [...new Set(resources.map(({ storeId }) => storeId))];
  const unknown = new Set<string>();
  await context.db.asOrchestrator(async (tx) => {
    for (const id of ids) {
      const store = await findStore(tx, id);
      if (store === null) unknown.add(id);
      else if (store.status === 'deleting') await enqueueReconcile(tx, id, store.correlationId);
    }
  });
  return resources.filter(({ storeId }) => unknown.has(storeId));
}

/** Keeps the table of orphans equal to what is there; returns it. */
async function note(context: Context, found: readonly Resource[]): Promise<Orphan[]> {
  return context.db.asOrchestrator(async (tx) => {
    const before = await listOrphans(tx);
    for (const known of before.filter((orphan) => !found.some((resource) => isSame(orphan, resource)))) {
      await forgetOrphan(tx, known.kind, known.name);
    }
    const now: Orphan[] = [];
    for (const { kind, name, storeId } of found) {
      now.push(await noteOrphan(tx, { kind, name, storeId }));
      if (!before.some((orphan) => isSame(orphan, { kind, name }))) {
        context.log.warn({ kind, name, storeId }, 'Found something that belongs to no store; stopped, removed in 24 h');
      }
    }
    return now;
  });
}

function isSame(orphan: Orphan, { kind, name }: Pick<Resource, 'kind' | 'name'>): boolean {
  return orphan.kind === kind && orphan.name === name;
}

function mayGo({ firstSeenAt, confirmedAt }: Orphan, now: Date): boolean {
  return confirmedAt !== null || now.getTime() - firstSeenAt.getTime() >= KEEP_MS;
}

async function removeOrphan(context: Context, storeId: string): Promise<void> {
  const left = await context.runtime.remove(orphanRef(storeId));
  context.log.warn({ storeId, left }, left.length === 0 ? 'Removed an orphan' : 'An orphan could not be removed');
}

function orphanRef(id: string): StoreRef {
  return { id, slug: '', namespace: '' };
}
