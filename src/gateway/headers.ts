import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Client } from './client.ts';
import { withoutPlatformCookies, withoutPlatformSetCookies } from './cookies.ts';

/** RFC 9110, 7.6.1: these concern one connection and end at it. (`transfer-encoding` is the body's own matter.) */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
];
/** What says where a message ends and whom it is for: a Connection header that names these is an attack. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'host']);
/** What only a proxy may say, and we are the proxy. `proxy` becomes HTTP_PROXY in CGI-like shops (httpoxy). */
const CLAIMS = /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-original-host|proxy)$/;

/**
 * The headers a shop gets: the client's own, less what belongs to this connection, less anything a client could only
 * pretend to know, less the platform's cookies, and with the forwarded headers set afresh. Shops see the client's
 * address alone in X-Forwarded-For, so they need to trust no number of hops.
 */
export function requestHeaders(request: IncomingMessage, client: Client): IncomingHttpHeaders {
  const headers = withoutHopByHop(request.headers);
  for (const name of Object.keys(headers)) if (CLAIMS.test(name)) delete headers[name];
  // The wait for "100 Continue" has been answered by our own server already.
  delete headers.expect;
  const cookie = withoutPlatformCookies(headers.cookie);
  if (cookie === undefined) delete headers.cookie;
  else headers.cookie = cookie;
  const host = request.headers.host ?? '';
  const port = client.port || (client.proto === 'https' ? '443' : '80');
  return {
    ...headers,
    host,
    'x-forwarded-for': client.address,
    'x-forwarded-host': host,
    'x-forwarded-proto': client.proto,
    'x-forwarded-port': port,
  };
}

/**
 * Cleans a shop's answer in place. A cookie may not be set for more than the shop's own host name: under one domain
 * it would reach the shops beside it.
 */
export function cleanResponseHeaders(headers: IncomingHttpHeaders): void {
  const kept = withoutHopByHop(headers);
  for (const name of Object.keys(headers)) if (!(name in kept)) delete headers[name];
  const cookies = withoutPlatformSetCookies(headers['set-cookie']).map((cookie) =>
    cookie.replace(/;\s*domain=[^;]*/gi, ''),
  );
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  else delete headers['set-cookie'];
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((token) => token.trim().toLowerCase());
  const drop = new Set([...HOP_BY_HOP, ...named.filter((name) => !FRAMING.has(name))]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop.has(name)));
}
