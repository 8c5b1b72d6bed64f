import type { Tx } from './session.ts';

/** Who did what to which store, when and from where (IDN-6). Outlives the store and the person. */
export interface AuditEntry {
  id: number;
  at: Date;
  actorId: string | null;
  actor: string;
  action: string;
  storeId: string | null;
  subject: string | null;
  address: string | null;
  correlationId: string | null;
  details: Record<string, unknown>;
}

export interface NewAuditEntry {
  /** Null for the platform itself; row-level security lets a person write only as themselves. */
  actorId: string | null;
  actor: string;
  action: string;
  storeId?: string | null;
  subject?: string | null;
  address?: string | null;
  correlationId?: string | null;
  details?: Record<string, unknown>;
}

export async function addAudit(tx: Tx, { details = {}, ...entry }: NewAuditEntry): Promise<void> {
  await tx
    .insertInto('auditLog')
    .values({ ...entry, details: JSON.stringify(details) })
    .execute();
}

/** The newest entries that the acting person may see, of one store or of all; `before` is the last page's lowest id. */
export async function listAudit(
  tx: Tx,
  page: { limit: number; storeId?: string | undefined; before?: number | undefined },
): Promise<AuditEntry[]> {
  let query = tx.selectFrom('auditLog').selectAll().orderBy('id', 'desc').limit(page.limit);
  if (page.storeId) query = query.where('storeId', '=', page.storeId);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  return query.execute();
}
