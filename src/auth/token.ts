import { createHash, randomBytes } from 'node:crypto';

/** What a token is for; its prefix shows it to people and to secret scanners. */
const PREFIXES = { apiKey: 'spk_', session: 'sps_', signInLink: 'spl_', liveTicket: 'spt_' } as const;

/** A new secret of 256 random bits, such as `spk_…`. Shown once; only its hash is kept. */
export function newToken(kind: keyof typeof PREFIXES): string {
  return PREFIXES[kind] + randomBytes(32).toString('base64url');
}

/** What the database keeps. Plain SHA-256 is enough: 256 random bits can't be guessed, a password could. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The first characters, by which a person tells their keys apart. */
export function tokenHint(token: string): string {
  return token.slice(0, 10);
}

/** A cheap look before the database is asked: 43 characters hold 256 bits in base64url. */
export function looksLike(kind: keyof typeof PREFIXES, token: string): boolean {
  return token.startsWith(PREFIXES[kind]) && /^[\w-]{43}$/.test(token.slice(PREFIXES[kind].length));
}
