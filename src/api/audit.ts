import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { addAudit } from '../db/audit.ts';
import type { Tx } from '../db/database.ts';
import { actorOf } from './plugins/authentication.ts';

/** Writes down who did what, in the transaction that does it (IDN-6). */
export async function audit(
  tx: Tx,
  request: FastifyRequest,
  action: string,
  about: { storeId?: string; subject?: string; details?: Record<string, unknown> } = {},
): Promise<void> {
  const actor = actorOf(request);
  await addAudit(tx, {
    actorId: actor.userId,
    actor: actor.email,
    action,
    address: addressOf(request),
    correlationId: request.id,
    ...about,
  });
}

/** Where a request comes from; null where a proxy wrote something that is no address. */
export function addressOf({ ip }: FastifyRequest): string | null {
  const plain = ip.split('%', 1)[0] ?? ''; // an IPv6 zone means nothing elsewhere
  return isIP(plain) === 0 ? null : plain;
}
