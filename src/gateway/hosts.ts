import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

/** Where a request belongs, by the name in its Host header alone. */
export type Destination = { to: 'platform' } | { to: 'store'; slug: string } | { to: 'nowhere' };

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::[0-9]{1,5})?$/;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * The rule by which one port serves the platform and all shops. A name that is neither the platform's nor of the
 * form `<slug>.<STORE_DOMAIN>` leads nowhere: a page that has its own name resolve to this machine (DNS rebinding)
 * therefore reaches nothing. Ports are not compared: a forwarded port is still the same platform.
 */
export function hostRule(
  config: Pick<Config, 'HOST' | 'STORE_DOMAIN' | 'publicUrl' | 'internalUrl'>,
): (host: string | null) => Destination {
  // By the internal address shops come, which may not resolve the public one.
  const addresses = [config.publicUrl, config.internalUrl].map((url) => new URL(url).hostname);
  const platform = new Set(['localhost', '127.0.0.1', '[::1]', ...addresses]);
  if (!ANY_ADDRESS.has(config.HOST))
    platform.add(isIP(config.HOST) === 6 ? `[${config.HOST}]` : config.HOST.toLowerCase());
  const suffix = `.${config.STORE_DOMAIN}`;

  return (host) => {
    const name = host === null ? undefined : HOST.exec(host.toLowerCase())?.[1];
    if (name === undefined) return { to: 'nowhere' };
    if (platform.has(name)) return { to: 'platform' };
    const slug = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
    return SLUG.test(slug) ? { to: 'store', slug } : { to: 'nowhere' };
  };
}

/** The one Host header of a request; null when there is none or more than one, which nobody honest sends. */
export function hostOf(request: IncomingMessage): string | null {
  const hosts = request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
  return hosts === 1 ? (request.headers.host ?? null) : null;
}

/**
 * True for `/path` alone: an absolute address in the request line (`GET http://elsewhere/`) asks for an open proxy,
 * and which of its two hosts counts is what servers in a row disagree on.
 */
export function isPlainPath(request: IncomingMessage): boolean {
  return request.url?.startsWith('/') === true;
}
