import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ShopFetch } from '../../engines/engine.ts';
import type { Endpoint } from '../runtimes/runtime.ts';

const SILENCE_LIMIT_MS = 60_000;

/**
 * HTTP to a store at its own address, under the host name that shoppers use. Node's `fetch` can't do that: it ignores
 * a `Host` header, and `shop.localhost` does not resolve here. Rejects after a minute without an answer.
 */
export function shopFetch(endpoint: Endpoint, host: string): ShopFetch {
  return async (path, init = {}) => {
    const message = await send(endpoint, host, path, init);
    const headers = Object.entries(message.headersDistinct).flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name, value]),
    );
    const status = message.statusCode ?? 0;
    const empty = status === 204 || status === 304;
    if (empty) message.resume();
    const body = empty ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
    return new Response(body, { status, headers });
  };
}

function send(endpoint: Endpoint, host: string, path: string, init: RequestInit): Promise<IncomingMessage> {
  const { body, method = 'GET', signal } = init;
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new TypeError('Only text can be sent to a shop.');
  const headers: Record<string, string> = {};
  new Headers(init.headers).forEach((value, name) => (headers[name] = value));
  headers['host'] = host;
  const options = { host: endpoint.host, port: endpoint.port, path, method, headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = request(signal ? { ...options, signal } : options, resolve);
    outgoing.setTimeout(SILENCE_LIMIT_MS, () => outgoing.destroy(new Error('the shop gave no answer for a minute')));
    outgoing.once('error', reject);
    outgoing.end(body ?? undefined);
  });
}
