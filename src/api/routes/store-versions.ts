import type { FastifyRequest } from 'fastify';
import type { Tx } from '../../db/database.ts';
import { addEvent } from '../../db/store-events.ts';
import { changeStatus, enqueueReconcile } from '../../db/stores.ts';
import { AppError } from '../../errors.ts';
import { allowed } from '../../stores/status.ts';
import type { VersionChange } from '../../stores/versions.ts';
import { audit } from '../audit.ts';
import { command, type Answer } from '../command.ts';
import { mustBeOn } from '../features.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders, IdParams } from '../schemas/fields.ts';
import { StoreReply } from '../schemas/stores.ts';
import { judgeHere } from '../versions.ts';
import { storeView } from '../views.ts';
import { accepted, lockVisibleStore } from './stores.ts';

const SUMMARIES: Record<VersionChange, string> = {
  upgrade: 'Bring a store to the newest version of its engine',
  rollback: 'Bring a store back to the version that it ran before',
};

const ORDERED: Record<VersionChange, string> = {
  upgrade: 'An upgrade was ordered.',
  rollback: 'The way back to the version before was ordered.',
};

/** The version of a store's engine: forward and back (KUB-7). */
export function storeVersionRoutes(app: App, parts: Parts): void {
  for (const change of ['upgrade', 'rollback'] as const) {
    app.post(
      `/stores/:id/${change}`,
      {
        schema: {
          tags: ['stores'],
          summary: SUMMARIES[change],
          description:
            'Answers at once; `operation` is of type `upgrade` until it is done. The store stays open and keeps its ' +
            'data. A version that does not come up is given up by itself, and the one before it is brought back.',
          headers: IdempotencyHeaders,
          params: IdParams,
          response: responses(202, StoreReply, 'Its version is being changed.', [404, 409, 413, 415, 422]),
        },
      },
      (request, reply) =>
        command(parts, request, reply, (tx) => changeVersion(parts, tx, request, request.params.id, change)),
    );
  }
}

/** Row, event, audit and job: all of it or nothing (ORC-3). */
async function changeVersion(
  parts: Parts,
  tx: Tx,
  request: FastifyRequest,
  id: string,
  change: VersionChange,
): Promise<Answer> {
  mustBeOn(parts.config, 'upgrades');
  const store = await lockVisibleStore(tx, id);
  const verdict = judgeHere(change, store, parts);
  if ('refusal' in verdict) {
    const details = { status: store.status, allowed: allowed(store.status) };
    throw new AppError('INVALID_STATE', verdict.refusal, { details });
  }
  const { from, to } = verdict;
  const changed = await changeStatus(tx, id, change, {
    engineVersion: to,
    upgradeFrom: from,
    operation: { type: 'upgrade', step: 'upgrade', startedAt: new Date().toISOString() },
    deadlineAt: new Date(Date.now() + parts.config.PROVISION_TIMEOUT_SECONDS * 1000),
    correlationId: request.id,
  });
  const about = { storeId: id, correlationId: request.id };
  await addEvent(tx, { ...about, type: change, message: ORDERED[change], metadata: { from, to } });
  await audit(tx, request, `store.${change}`, { storeId: id, subject: store.name, details: { from, to } });
  await enqueueReconcile(tx, id, request.id);
  return accepted(storeView(changed, parts, actorOf(request)));
}
