import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Config } from './config.ts';
import { BAD_REQUEST_LINE, NO_WEBSOCKET, UNKNOWN_HOST } from './gateway/answers.ts';
import type { Gateway } from './gateway/gateway.ts';
import { hostOf, hostRule, isPlainPath, type Destination } from './gateway/hosts.ts';
import { rawAnswer, sendAnswer } from './gateway/page.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Returns false, and does nothing, where there is no WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

const noUpgrade: Upgrade = () => false;

/** The one server on HOST:PORT. */
export interface FrontDoor {
  server: Server;
  /**
   * Who serves the platform's own host names from now on, `upgrade` those who ask for a WebSocket there; the gateway,
   * once there is one, serves the shops'.
   */
  open(platform: Handler, gateway: Gateway | null, upgrade?: Upgrade): void;
  /** Goes on answering, but ends each connection with its next answer, so that clients look for another door. */
  leave(): void;
  /** Stops accepting, lets requests under way end, and after `graceMs` ends them. */
  close(graceMs: number): Promise<void>;
}

/** A large upload on a slow line is honest; headers alone have Node's own limit of a minute. */
const REQUEST_TIMEOUT_MS = 3_600_000;
/** Longer than the minute after which load balancers drop an idle connection, so that they are the ones to do it. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Decides by the Host header alone who answers: the platform, a shop through the gateway, or nobody (421). A shop's
 * host never reaches the platform's API, and a name that is neither reaches nothing but the health checks, which load
 * balancers and kubelets ask for by address.
 */
export function createFrontDoor(config: Config, starting: Handler): FrontDoor {
  const destinationOf = hostRule(config);
  let platform = starting;
  let gateway: Gateway | null = null;
  let platformUpgrade = noUpgrade;
  let leaving = false;

  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS });
  server.on('request', (request, response) => {
    if (leaving) response.shouldKeepAlive = false;
    if (!isPlainPath(request)) return sendAnswer(request, response, BAD_REQUEST_LINE);
    const destination = destinationOf(hostOf(request));
    if (destination.to === 'platform' || isHealthCheck(request, destination)) return platform(request, response);
    if (destination.to === 'store' && gateway) return gateway.handle(destination.slug, request, response);
    sendAnswer(request, response, UNKNOWN_HOST);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return declineUpgrade(server, request, socket, head);
    const destination = isPlainPath(request) ? destinationOf(hostOf(request)) : null;
    if (destination?.to === 'store' && gateway) return gateway.upgrade(destination.slug, request, socket, head);
    if (destination?.to !== 'platform') return refuse(socket, rawAnswer(UNKNOWN_HOST));
    if (!platformUpgrade(request, socket, head)) refuse(socket, rawAnswer(NO_WEBSOCKET));
  });
  server.on('connect', (_request, socket: Duplex) => refuse(socket, rawAnswer(BAD_REQUEST_LINE)));

  return {
    server,
    open(handler, shops, upgrade = noUpgrade) {
      platform = handler;
      gateway = shops;
      platformUpgrade = upgrade;
    },
    leave() {
      leaving = true;
    },
    close: (graceMs) => closeServer(server, graceMs),
  };
}

function isHealthCheck(request: IncomingMessage, destination: Destination): boolean {
  return destination.to === 'nowhere' && /^\/health(\/live|\/ready)?(\?|$)/.test(request.url ?? '');
}

/**
 * Some clients offer HTTP/2 with each request (`Upgrade: h2c`) and expect it to be ignored, but Node has left HTTP by
 * now: the answer is written by hand, and the connection ends with it. A body can't be had back.
 */
function declineUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (head.length > 0 || Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding']) {
    return refuse(socket, rawAnswer(BAD_REQUEST_LINE));
  }
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  server.emit('request', request, response);
}

function refuse(socket: Duplex, answer: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(answer);
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // Node closes what is idle now; what becomes idle later would keep its connection for its whole keep-alive time.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
}
