import { Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { ProxyServer } from 'httpxy';
import { cleanResponseHeaders } from './headers.ts';

export interface Target {
  host: string;
  port: number;
}

/** Why a request got no answer from its shop. */
export type Failure = 'unreachable' | 'too-slow';

export interface Proxy {
  /** Passes a request on; `request.headers` are sent as they are. Calls `onFailure` only while nothing has been sent. */
  web(request: IncomingMessage, response: ServerResponse, target: Target, onFailure: (failure: Failure) => void): void;
  ws(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    target: Target,
    onFailure: (failure: Failure) => void,
  ): void;
  /** Ends what would never end by itself: WebSockets and event streams. Their clients connect again. */
  endStreams(): void;
  close(): void;
}

export interface Limits {
  connectMs: number;
  /** Silence allowed until the answer begins, counted from the last byte that went in either direction. */
  answerMs: number;
}

/** Less than any shop's own: Node closes idle connections after 5 s, and a request sent just then would be lost. */
const IDLE_MS = 2000;

class TooSlow extends Error {}

/** Keeps connections to the shops open between requests, but not for as long as the shops do. */
class ShopAgent extends Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    if (socket instanceof Socket) socket.setTimeout(IDLE_MS);
    return true;
  }
}

export function createProxy(limits: Limits): Proxy {
  const agent = new ShopAgent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 16 });
  const server = new ProxyServer({ cookieDomainRewrite: false });
  const endless = new Set<{ destroy(): unknown }>();
  const failures = new WeakMap<IncomingMessage, (failure: Failure) => void>();

  server.on('proxyReq', (outgoing) => limit(outgoing, limits));
  server.on('proxyRes', (answer, _request, response) => {
    cleanResponseHeaders(answer.headers);
    if (answer.headers['content-type']?.startsWith('text/event-stream')) track(endless, response);
  });
  server.on('proxyReqWs', (outgoing, _request, socket) => {
    limit(outgoing, limits);
    outgoing.prependOnceListener('response', (answer) => cleanResponseHeaders(answer.headers));
    outgoing.prependOnceListener('upgrade', (answer, shop) => {
      const { connection, upgrade } = answer.headers;
      cleanResponseHeaders(answer.headers);
      Object.assign(answer.headers, { connection, upgrade });
      joinFates(socket, shop);
      track(endless, socket);
    });
  });
  server.on('error', (error, request) => {
    if (request) failures.get(request)?.(error instanceof TooSlow ? 'too-slow' : 'unreachable');
  });

  return {
    web(request, response, target, onFailure) {
      failures.set(request, (failure) => (response.headersSent ? response.destroy() : onFailure(failure)));
      const options = { target: address(target), agent, headers: { connection: 'keep-alive' } };
      server.web(request, response, options).catch(() => response.destroy());
    },
    ws(request, socket, head, target, onFailure) {
      failures.set(request, onFailure);
      server.ws(request, socket as Socket, { target: address(target) }, head).catch(() => socket.destroy());
    },
    endStreams() {
      for (const stream of endless) stream.destroy();
    },
    close: () => agent.destroy(),
  };
}

function address({ host, port }: Target): { protocol: string; host: string; port: number } {
  return { protocol: 'http:', host, port };
}

/** One limit for connecting, one for the wait until the answer begins; none after that, for streams. */
function limit(outgoing: ClientRequest, limits: Limits): void {
  outgoing.setTimeout(limits.answerMs, () => outgoing.destroy(new TooSlow()));
  outgoing.once('response', () => outgoing.setTimeout(0));
  outgoing.once('upgrade', (_answer, socket) => socket.setTimeout(0));
  const timer = setTimeout(() => outgoing.destroy(new Error('The shop takes no connections.')), limits.connectMs);
  outgoing.once('close', () => clearTimeout(timer));
  const connected = () => clearTimeout(timer);
  const watch = (socket: Socket) => (socket.connecting ? socket.once('connect', connected) : connected());
  if (outgoing.socket) watch(outgoing.socket);
  else outgoing.once('socket', watch);
}

/** When one side of a WebSocket goes away without a word, so must the other. */
function joinFates(one: Duplex, other: Duplex): void {
  one.once('close', () => other.destroy());
  other.once('close', () => one.destroy());
}

function track(set: Set<{ destroy(): unknown }>, stream: Duplex | ServerResponse | { destroy(): unknown }): void {
  set.add(stream);
  if ('once' in stream) stream.once('close', () => set.delete(stream));
}
