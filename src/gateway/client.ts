import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { trustedProxies } from '../auth/trusted-proxies.ts';

/** What is known for certain about the one who asks. */
export interface Client {
  address: string;
  proto: 'http' | 'https';
  /** The port that the client's browser sees, as text; empty when it is the scheme's own. */
  port: string;
}

/**
 * Tells who a request comes from: the socket's other end, or, when that is one of TRUSTED_PROXIES, whoever the proxies
 * say, read from the right up to the first address that is not theirs. What a client claims of itself never counts.
 */
export function clientReader(proxies: readonly string[]): (request: IncomingMessage) => Client {
  const isTrusted = trustedProxies(proxies);

  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const port = /:(\d+)$/.exec(request.headers.host ?? '')?.[1] ?? '';
    if (!isTrusted(peer)) return { address: peer, proto: 'http', port };
    const hops = listed(request.headers['x-forwarded-for'])
      .map(plainAddress)
      .filter((hop) => isIP(hop) !== 0);
    const address = hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? peer;
    const proto = listed(request.headers['x-forwarded-proto']).at(-1) === 'https' ? 'https' : 'http';
    return { address, proto, port: listed(request.headers['x-forwarded-port']).at(-1) ?? port };
  };
}

/** On a dual-stack socket an IPv4 client looks like `::ffff:127.0.0.1`. */
function plainAddress(address: string): string {
  return address.trim().replace(/^::ffff:(?=\d+\.)/i, '');
}

function listed(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
