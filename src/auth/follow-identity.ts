import type { Actor } from '../db/database.ts';
import type { Authenticator } from './authenticator.ts';
import type { Identity } from './identity.ts';

const RECHECK_AGAIN_MS = 5000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Followed {
  authenticator: Pick<Authenticator, 'onChange'>;
  identity: Identity;
  /** Asks the database; null when what the person came in by is not valid any more. */
  recheck: () => Promise<Identity | null>;
  /** Aborted when there is nothing left to end. */
  signal: AbortSignal;
  /** Called when they may not stay. */
  end: () => void;
  /** Called with who they are now, after each look. */
  onLook?: (identity: Identity) => void;
}

export interface Follower {
  /** The person with the role that they have now. */
  actor(): Actor;
  /** Looks at once. */
  look(): Promise<void>;
}

/**
 * Keeps an eye on somebody who stays connected: what they opened ends with the key or session that it stands on
 * (revoked, expired, its holder suspended or removed: trap 8).
 */
export function followIdentity({ authenticator, identity, recheck, signal, end, onLook }: Followed): Follower {
  let { actor } = identity;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const now = await recheck();
      if (signal.aborted) return;
      if (!now) return end();
      actor = now.actor;
      waitForExpiry(now.credential.expiresAt);
      onLook?.(now);
    } catch {
      // The database is away: nobody can be revoked meanwhile either.
      later(RECHECK_AGAIN_MS);
    }
  };
  const later = (ms: number): void => {
    if (signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(ms, LONGEST_TIMER_MS));
  };
  const waitForExpiry = (expiresAt: Date | null): void => {
    if (expiresAt) later(Math.max(0, expiresAt.getTime() - Date.now()));
  };

  waitForExpiry(identity.credential.expiresAt);
  const unsubscribe = authenticator.onChange((userId) => {
    if (userId === null || userId === actor.userId) void look();
  });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    unsubscribe();
  });
  return { actor: () => actor, look };
}
