import { sessionCookie } from '../auth/session-cookie.ts';

/** The platform's own session, with and without TLS: a shop must neither see nor set it (cookies ignore ports). */
const OWN = new Set(['http:', 'https:'].map((scheme) => sessionCookie(scheme).name));

/** A Cookie header without the platform's own cookies; undefined when nothing is left. */
export function withoutPlatformCookies(header: string | undefined): string | undefined {
  const kept = header?.split(';').filter((pair) => !OWN.has(nameOf(pair)));
  return kept?.some((pair) => pair.trim() !== '') ? kept.join(';').trim() : undefined;
}

/** A shop's Set-Cookie headers without those that would replace the platform's own. */
export function withoutPlatformSetCookies(headers: string[] | undefined): string[] {
  return (headers ?? []).filter((header) => !OWN.has(nameOf(header)));
}

function nameOf(pair: string): string {
  return (pair.split('=', 1)[0] ?? '').trim();
}
