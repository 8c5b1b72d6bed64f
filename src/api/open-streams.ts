import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { followIdentity } from '../auth/follow-identity.ts';
import type { Actor } from '../db/database.ts';
import { identityOf, type Doorkeeper } from './plugins/authentication.ts';

/** Often enough that no proxy takes the line for dead. */
const HEARTBEAT_MS = 15_000;
/** A reader this many bytes behind is dropped: it would otherwise fill our memory. It may come back and catch up. */
const MAX_BACKLOG = 1024 * 1024;

export interface OpenStream {
  /** The person with the role that they have now. */
  actor(): Actor;
  /** The first one, which may be empty, sends the headers: whoever has those has missed nothing since. */
  write(text: string): void;
  end(): void;
  /** Aborted when the stream is over, whoever ended it. */
  signal: AbortSignal;
}

export interface OpenStreams {
  open(request: FastifyRequest, reply: FastifyReply, contentType: string): OpenStream;
  /** Ends all, so that the process can stop (API-12). */
  endAll(): void;
  readonly size: number;
}

/**
 * Answers that stay open. Each ends with the key or session that it stands on (revoked, expired, its holder
 * suspended or removed: trap 8), with the process, and when its reader goes away or falls too far behind.
 */
export function createOpenStreams(authenticator: Authenticator, doorkeeper: Doorkeeper): OpenStreams {
  const streams = new Set<OpenStream>();
  return {
    open(request, reply, contentType) {
      const ended = new AbortController();
      const { raw } = reply;
      const end = (): void => {
        if (ended.signal.aborted) return;
        ended.abort();
        raw.end();
      };
      const presented = doorkeeper.presented(request);
      const { actor } = followIdentity({
        authenticator,
        identity: identityOf(request),
        recheck: () => authenticator.recheck(presented),
        signal: ended.signal,
        end,
      });
      const stream: OpenStream = {
        actor,
        write(text) {
          if (ended.signal.aborted) return;
          if (text === '') raw.flushHeaders();
          else raw.write(text);
          if (raw.writableLength > MAX_BACKLOG) raw.destroy();
        },
        end,
        signal: ended.signal,
      };
      raw.on('close', end);
      // A socket that breaks is how most streams end; `close` follows.
      raw.on('error', () => undefined);
      begin(reply, contentType);
      if (contentType.startsWith('text/event-stream')) beat(stream);
      streams.add(stream);
      ended.signal.addEventListener('abort', () => streams.delete(stream));
      return stream;
    },
    endAll() {
      for (const stream of streams) stream.end();
    },
    get size() {
      return streams.size;
    },
  };
}

/** Takes the answer out of Fastify's hands, and with it its time limit; headers that hooks have set stay. */
function begin(reply: FastifyReply, contentType: string): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...reply.getHeaders(),
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  } as Record<string, string>);
}

function beat(stream: OpenStream): void {
  const timer = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
  stream.signal.addEventListener('abort', () => clearInterval(timer));
}
