import type { Logger } from 'pino';
import { touchApiKey, userOfApiKey } from '../db/api-keys.ts';
import type { Database, Tx } from '../db/database.ts';
import { userOfSession, type CredentialHolder } from '../db/sessions.ts';
import { userByEmail, userById } from '../db/users.ts';
import type { Identity, Presented } from './identity.ts';
import { hashToken, looksLike } from './token.ts';

/**
 * How long an answer of the database is believed, in ms. A revoked key or an ended session is dropped at once by
 * the `identity_change` notification, and everything is when notifications may have been missed; this limit is the
 * net below both. It saves every second transaction of a busy key.
 */
const BELIEVED_MS = 5000;
const CACHE_LIMIT = 10_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Authenticator {
  /** Who presented this, or null when it is nobody who may come in. Throws only when the database can't be asked. */
  identify(presented: Presented): Promise<Identity | null>;
  /** The same, past the cache: for streams, which end when what they stand on does. */
  recheck(presented: Presented): Promise<Identity | null>;
  /** Something about a person's ways in has changed. */
  forget(userId: string): void;
  /** Calls back with a person's id when something about their ways in changed, with null when it may have. */
  onChange(listener: (userId: string | null) => void): () => void;
  close(): Promise<void>;
}

/** Recognises people by API key, trusted header or session, in that order; the first that is presented decides. */
export async function createAuthenticator(db: Database, log: Logger): Promise<Authenticator> {
  const cache = new Map<string, { identity: Identity; until: number }>();
  const listeners = new Set<(userId: string | null) => void>();
  // Rises with every change, so that an answer that was on its way meanwhile is used but not kept.
  let generation = 0;

  function forget(userId: string | null): void {
    generation += 1;
    for (const [key, { identity }] of cache) {
      if (userId === null || identity.actor.userId === userId) cache.delete(key);
    }
    for (const listener of listeners) listener(userId);
  }
  const stopListening = await db.listen('identity_change', forget, () => {
    log.debug('Identity changes may have been missed: asking the database again');
    forget(null);
  });

  async function identify(presented: Presented): Promise<Identity | null> {
    const key = cacheKey(presented);
    if (key === null) return null;
    const known = cache.get(key);
    if (known && known.until > Date.now()) return known.identity;
    const asked = generation;
    const identity = await lookUp(db, presented);
    if (identity && asked === generation) {
      if (cache.size >= CACHE_LIMIT) cache.clear();
      cache.set(key, { identity, until: believedUntil(identity) });
    }
    return identity;
  }

  return {
    identify,
    recheck: (presented) => lookUp(db, presented),
    forget,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stopListening,
  };
}

/** Null for what can't be valid. The cache keeps hashes, so that a heap dump holds no key longer than a request. */
function cacheKey({ bearer, trusted, session }: Presented): string | null {
  if (bearer !== null) return looksLike('apiKey', bearer) ? `k${hashToken(bearer).toString('base64')}` : null;
  if (trusted !== null) return `t${trusted}`;
  return session !== null && looksLike('session', session) ? `s${hashToken(session).toString('base64')}` : null;
}

function believedUntil({ credential }: Identity): number {
  const limit = Date.now() + BELIEVED_MS;
  return credential.expiresAt === null ? limit : Math.min(limit, credential.expiresAt.getTime());
}

async function lookUp(db: Database, presented: Presented): Promise<Identity | null> {
  if (cacheKey(presented) === null) return null;
  const { bearer, trusted, session } = presented;
  return db.asStranger(async (tx) => {
    if (bearer !== null) return byApiKey(tx, bearer);
    if (trusted !== null) return byTrustedName(tx, trusted);
    return identityOf('session', await userOfSession(tx, hashToken(session ?? '')));
  });
}

async function byApiKey(tx: Tx, key: string): Promise<Identity | null> {
  const holder = await userOfApiKey(tx, hashToken(key));
  if (holder) await touchApiKey(tx, holder.credentialId);
  return identityOf('api-key', holder);
}

/** The proxy in front has authenticated them; an id or an e-mail address says who they are here. */
async function byTrustedName(tx: Tx, name: string): Promise<Identity | null> {
  const user = UUID.test(name) ? await userById(tx, name) : await userByEmail(tx, name);
  if (!user) return null;
  const { userId, email, role } = user;
  return { actor: { userId, email, role }, credential: { kind: 'trusted-header', id: null, expiresAt: null } };
}

function identityOf(kind: 'api-key' | 'session', holder: CredentialHolder | null): Identity | null {
  if (!holder) return null;
  const { userId, email, role, credentialId, expiresAt } = holder;
  return { actor: { userId, email, role }, credential: { kind, id: credentialId, expiresAt } };
}
