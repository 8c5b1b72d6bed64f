import type { ApiKey } from '../../api/types.ts';

export type KeyState = 'active' | 'expired' | 'revoked';

export function stateOf({ revokedAt, expiresAt }: ApiKey, now = Date.now()): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}

/** Those that let somebody in come first; otherwise as the API orders them, newest first. */
export function activeFirst(keys: readonly ApiKey[]): ApiKey[] {
  return keys.toSorted((one, other) => Number(hasEnded(one)) - Number(hasEnded(other)));
}

function hasEnded(key: ApiKey): boolean {
  return stateOf(key) !== 'active';
}
