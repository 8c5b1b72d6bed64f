import type { IncomingMessage } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import { hashToken, looksLike } from '../auth/token.ts';
import type { Config } from '../config.ts';
import type { Database, Tx } from '../db/database.ts';
import { redeemLiveTicket, userOfCredential, type HeldCredential } from '../db/live-tickets.ts';
import { visibleSources } from '../db/visible-sources.ts';
import type { Answer } from '../gateway/answers.ts';
import type { Scope } from '../orders/summary.ts';
import { NO_STORE, NO_TICKET, OTHER_SITE } from './answers.ts';

/** Who may come in, and what for. */
export interface Admission {
  identity: Identity;
  held: HeldCredential;
  scope: Scope;
  /** The last change that they have seen. */
  since: number | null;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Looks at a request to become a live connection: who it is for, where it comes from, what it asks for. */
export function createEntrance(
  db: Database,
  config: Pick<Config, 'publicUrl' | 'ALLOWED_ORIGINS'>,
): (request: IncomingMessage) => Promise<Admission | Answer> {
  const origins = new Set([config.publicUrl, ...config.ALLOWED_ORIGINS].map((url) => new URL(url).origin));
  return async (request) => {
    const query = new URLSearchParams(request.url?.split('?')[1]);
    const holder = await redeem(db, query.get('ticket') ?? '');
    if (!holder) return NO_TICKET;
    const { origin } = request.headers;
    // Without one it is no browser, and nobody's page can have sent it.
    if (origin !== undefined && !origins.has(origin)) return OTHER_SITE;
    const sourceId = query.get('storeId') || null;
    if (sourceId !== null && !(await maySee(db, holder.identity, sourceId))) return NO_STORE;
    const since = query.get('since') ?? '';
    return { ...holder, scope: { sourceId }, since: /^\d{1,15}$/.test(since) ? Number(since) : null };
  };
}

/** Who stands behind a credential now; null when it is not valid any more. */
export async function identityOf(tx: Tx, held: HeldCredential): Promise<Identity | null> {
  const user = await userOfCredential(tx, held);
  if (!user) return null;
  const { userId, email, role, expiresAt } = user;
  return {
    actor: { userId, email, role },
    credential: { kind: held.credentialKind, id: held.credentialId, expiresAt },
  };
}

async function redeem(db: Database, ticket: string): Promise<{ identity: Identity; held: HeldCredential } | null> {
  if (!looksLike('liveTicket', ticket)) return null;
  return db.asStranger(async (tx) => {
    const held = await redeemLiveTicket(tx, hashToken(ticket));
    const identity = held && (await identityOf(tx, held));
    return identity && { identity, held };
  });
}

async function maySee(db: Database, { actor }: Identity, sourceId: string): Promise<boolean> {
  if (!UUID.test(sourceId)) return false;
  return (await db.asUser(actor, (tx) => visibleSources(tx, sourceId))).length > 0;
}
