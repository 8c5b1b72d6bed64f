import type { z } from 'zod';
import type { Engine } from '../../engines/engine.ts';
import type { ApiKey } from '../db/api-keys.ts';
import type { AuditEntry } from '../db/audit.ts';
import type { Actor } from '../db/database.ts';
import type { Orphan } from '../db/orphans.ts';
import type { DeadBatch } from '../db/order-batches.ts';
import type { OrderSource } from '../db/order-sources.ts';
import type { EnginePreparation } from '../db/preparations.ts';
import type { StoreEvent } from '../db/store-events.ts';
import type { StoreUsage } from '../db/store-usage.ts';
import type { User } from '../db/users.ts';
import { storeOrigin, storeUrls } from '../stores/addresses.ts';
import type { Store, StoreUrls } from '../stores/store.ts';
import type { VersionChange } from '../stores/versions.ts';
import type { Deps } from './deps.ts';
import { isOn } from './features.ts';
import { judgeHere } from './versions.ts';
import type { ApiKeyReply, AuditPageReply, UserReply } from './schemas/people.ts';
import type { EnginesReply, StoreEventReply, StoreReply, UsageReply } from './schemas/stores.ts';
import type { DeadBatchesReply, OrderSourceReply } from './schemas/orders.ts';
import type { OrphansReply } from './schemas/orphans.ts';

/**
 * What people see of our rows: each field is named here, so that a new column never gets out by itself.
 */

/** A store as the contract shows it. Admins also see whose it is. */
export function storeView(store: Store, deps: Deps, viewer: Actor): z.infer<typeof StoreReply> {
  return {
    id: store.id,
    name: store.name,
    slug: store.slug,
    engine: store.engine,
    status: store.status,
    activity: store.activity,
    operation: operationView(store.operation),
    namespace: store.namespace,
    urls: store.urls ?? expectedUrls(store, deps),
    engineVersion: store.engineVersion,
    upgradeTo: versionAfter('upgrade', store, deps),
    rollbackTo: versionAfter('rollback', store, deps),
    errorMessage: store.errorMessage,
    createdAt: store.createdAt.toISOString(),
    updatedAt: store.updatedAt.toISOString(),
    ...(viewer.role === 'admin' && { ownerId: store.userId }),
  };
}

function versionAfter(change: VersionChange, store: Store, deps: Deps): string | null {
  const verdict = judgeHere(change, store, deps);
  return isOn(deps.config, 'upgrades') && 'to' in verdict ? verdict.to : null;
}

/** Without what the orchestrator notes there for itself. */
function operationView(operation: Store['operation']): z.infer<typeof StoreReply>['operation'] {
  return operation && { type: operation.type, step: operation.step, startedAt: operation.startedAt };
}

/** Where a store will be. The gateway answers there from the start, with a page that says how far it is. */
function expectedUrls({ slug, engine: name }: Store, { config, engines }: Deps): StoreUrls {
  return storeUrls(storeOrigin(config, slug), engines[name].paths, null);
}

export function eventView(event: StoreEvent): z.infer<typeof StoreEventReply> {
  const { id, storeId, type, message, metadata, correlationId, createdAt } = event;
  return { id, storeId, type, message, metadata, correlationId, createdAt: createdAt.toISOString() };
}

export function usageView({
  at,
  memoryBytes,
  cpuSeconds,
  diskBytes,
}: StoreUsage): z.infer<typeof UsageReply>['usage'][number] {
  return { at: at.toISOString(), memoryBytes, cpuSeconds, diskBytes };
}

export function userView({ id, email, role, suspendedAt, createdAt }: User): z.infer<typeof UserReply> {
  return { id, email, role, suspended: suspendedAt !== null, createdAt: createdAt.toISOString() };
}

export function apiKeyView(key: ApiKey): z.infer<typeof ApiKeyReply> {
  return {
    id: key.id,
    name: key.name,
    hint: key.hint,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
  };
}

export function auditView(entry: AuditEntry): z.infer<typeof AuditPageReply>['entries'][number] {
  const { id, at, actorId, actor, action, storeId, subject, address, correlationId, details } = entry;
  return { id, at: at.toISOString(), actorId, actor, action, storeId, subject, address, correlationId, details };
}

export function orphanView(orphan: Orphan): z.infer<typeof OrphansReply>['orphans'][number] {
  const { kind, name, storeId, firstSeenAt, confirmedAt } = orphan;
  return {
    kind,
    name,
    storeId,
    firstSeenAt: firstSeenAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
  };
}

export function orderSourceView(source: OrderSource): z.infer<typeof OrderSourceReply> {
  const { id, name, timeZone, storeId, createdAt } = source;
  return { id, name, timeZone, storeId, createdAt: createdAt.toISOString() };
}

export function deadBatchView(batch: DeadBatch): z.infer<typeof DeadBatchesReply>['batches'][number] {
  const { id, orders, attempts, receivedAt, failedAt, error } = batch;
  return { id, orders, attempts, receivedAt: receivedAt.toISOString(), failedAt: failedAt.toISOString(), error };
}

export function engineView(
  engine: Engine,
  preparation: EnginePreparation | undefined,
): z.infer<typeof EnginesReply>['engines'][number] {
  return {
    name: engine.name,
    version: engine.preparation.version,
    advice: engine.advice,
    preparation: preparation
      ? {
          status: preparation.status,
          phase: preparation.phase,
          fraction: preparation.fraction,
          message: preparation.message,
          phases: preparation.phases,
          assets: preparation.assets,
          startedAt: preparation.startedAt.toISOString(),
          updatedAt: preparation.updatedAt.toISOString(),
        }
      : null,
  };
}
