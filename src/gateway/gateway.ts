import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { answerFor, RESTARTING, STOPPING, TOO_SLOW, UNAVAILABLE, UNKNOWN_STORE, type Answer } from './answers.ts';
import { clientReader } from './client.ts';
import { requestHeaders } from './headers.ts';
import { rawAnswer, sendAnswer } from './page.ts';
import { createProxy, type Failure, type Limits, type Target } from './proxy.ts';
import type { Routes } from './routes.ts';

/** The way from a shop's host name to the shop. Only stores in the database are reached, and only ready ones. */
export interface Gateway {
  handle(slug: string, request: IncomingMessage, response: ServerResponse): void;
  upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes nothing new and ends open streams; requests under way go on. */
  drain(): void;
  close(): void;
}

export interface GatewayOptions {
  config: Pick<Config, 'TRUSTED_PROXIES'>;
  routes: Routes;
  log: Logger;
  limits?: Limits;
}

const LIMITS: Limits = { connectMs: 2000, answerMs: 60_000 };

export function createGateway({ config, routes, log, limits = LIMITS }: GatewayOptions): Gateway {
  const proxy = createProxy(limits);
  const clientOf = clientReader(config.TRUSTED_PROXIES);
  let draining = false;

  /** Where to, or what to say instead. */
  async function find(slug: string): Promise<{ storeId: string; target: Target } | { answer: Answer }> {
    if (draining) return { answer: STOPPING };
    const route = await routes.resolve(slug);
    if (!route) return { answer: UNKNOWN_STORE };
    const answer = answerFor(route.status, route.step);
    if (answer) return { answer };
    return route.endpoint ? { storeId: route.storeId, target: route.endpoint } : { answer: RESTARTING };
  }

  async function orUnavailable(slug: string): ReturnType<typeof find> {
    try {
      return await find(slug);
    } catch (error) {
      log.warn({ err: error, slug }, 'A shop could not be looked up');
      return { answer: UNAVAILABLE };
    }
  }

  function failed(storeId: string, slug: string, failure: Failure): Answer {
    log.info({ storeId, slug, failure }, 'A ready shop does not answer');
    // Perhaps it has moved to another port: look again next time.
    routes.forget(storeId);
    return failure === 'too-slow' ? TOO_SLOW : RESTARTING;
  }

  return {
    async handle(slug, request, response) {
      const found = await orUnavailable(slug);
      if (response.destroyed) return;
      if ('answer' in found) return sendAnswer(request, response, found.answer);
      const keepAlive = request.httpVersion !== '1.0' && !/\bclose\b/i.test(request.headers.connection ?? '');
      request.headers = requestHeaders(request, clientOf(request));
      // For the client's side of the answer; the shop's side is kept open whatever the client wants.
      request.headers.connection = keepAlive ? 'keep-alive' : 'close';
      proxy.web(request, response, found.target, (failure) => {
        sendAnswer(request, response, failed(found.storeId, slug, failure));
      });
    },
    async upgrade(slug, request, socket, head) {
      // Until the proxy takes over, nobody else listens, and an error without a listener ends the process.
      socket.on('error', () => socket.destroy());
      const found = await orUnavailable(slug);
      if (socket.destroyed) return;
      if ('answer' in found) return void socket.end(rawAnswer(found.answer));
      const upgrade = request.headers.upgrade;
      request.headers = { ...requestHeaders(request, clientOf(request)), connection: 'Upgrade', upgrade };
      proxy.ws(request, socket, head, found.target, (failure) => {
        if (socket.writable) socket.end(rawAnswer(failed(found.storeId, slug, failure)));
      });
    },
    drain() {
      draining = true;
      proxy.endStreams();
    },
    close: () => proxy.close(),
  };
}
