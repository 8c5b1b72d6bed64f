import type { Actor } from '../db/database.ts';

export type CredentialKind = 'api-key' | 'session' | 'trusted-header';

/** Who asks, and by what. */
export interface Identity {
  actor: Actor;
  credential: {
    kind: CredentialKind;
    /** The row of the key or session; null where the proxy in front vouches. */
    id: string | null;
    expiresAt: Date | null;
  };
}

/** What a request brings along to show who sent it. */
export interface Presented {
  /** The key of `Authorization: Bearer …`. */
  bearer: string | null;
  /** The session cookie, where cookies count. */
  session: string | null;
  /** The person that the authenticating proxy names: an id or an e-mail address. */
  trusted: string | null;
}
