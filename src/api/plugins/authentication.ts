import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Identity, Presented } from '../../auth/identity.ts';
import { refusal, rowOf, type Row } from '../../auth/matrix.ts';
import { sessionCookie } from '../../auth/session-cookie.ts';
import { trustedProxies } from '../../auth/trusted-proxies.ts';
import type { Config } from '../../config.ts';
import type { Actor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null for a stranger, and on open routes, which find out only where they need to. */
    identity: Identity | null;
  }
  interface FastifyContextConfig {
    access?: Row;
    /**
     * Whether a request without other credentials is to be let through to be verified by its signature, which needs its
     * body. The route sees to that (plugins/signatures.ts) before it looks at anything else.
     */
    isToBeVerified?: (request: FastifyRequest) => boolean;
  }
}

/** Who presents what, and who that is. */
export interface Doorkeeper {
  presented(request: FastifyRequest): Presented;
  identify(request: FastifyRequest): Promise<Identity | null>;
  /** Identifies, and throws UNAUTHENTICATED or FORBIDDEN where the matrix does not let them in. */
  admit(request: FastifyRequest): Promise<void>;
}

/**
 * Checks credentials before anything else of a request is looked at: a stranger gets 401, never a 400 or 404, below
 * `/api/` for addresses that do not exist too. What each kind of caller may do is data (auth/matrix.ts); a route
 * without a row there does not build.
 */
export function authentication(app: FastifyInstance, authenticator: Authenticator, config: Config): Doorkeeper {
  const presented = presenter(config);
  const identify = (request: FastifyRequest) => {
    const shown = presented(request);
    return isEmpty(shown) ? Promise.resolve(null) : authenticator.identify(shown);
  };
  const admit = async (request: FastifyRequest): Promise<void> => {
    const row = request.routeOptions.config.access ?? unknownAddress(request);
    if (row.stranger !== 401) return;
    const shown = presented(request);
    if (isEmpty(shown) && request.routeOptions.config.isToBeVerified?.(request)) return;
    request.identity = await identify(request);
    const status = refusal(row, request.identity?.actor ?? null);
    if (status === 401) throw unauthenticated(shown);
    if (status === 403) throw new AppError('FORBIDDEN', 'Only an admin may do this.');
  };

  app.decorateRequest('identity', null);
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    for (const method of methods) {
      if (route.url === '*' && method === 'OPTIONS') continue; // CORS: a preflight brings no credentials
      const access = rowOf(method, route.url);
      if (!access)
        throw new Error(`${method} ${route.url} has no row in the authorization matrix (src/auth/matrix.ts)`);
      route.config = { ...route.config, access };
    }
  });
  app.addHook('onRequest', admit);
  return { presented, identify, admit };
}

/** The person that a guarded route acts for. */
export function actorOf(request: FastifyRequest): Actor {
  return identityOf(request).actor;
}

/** The same with what they came in by. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw unauthenticated();
  return request.identity;
}

const OPEN: Row = { stranger: 404, otherUser: 404, owner: 404, admin: 404 };
const CLOSED: Row = { ...OPEN, stranger: 401 };

function unknownAddress(request: FastifyRequest): Row {
  return request.url.startsWith('/api/') ? CLOSED : OPEN;
}

function presenter(config: Config): (request: FastifyRequest) => Presented {
  const ownHost = new URL(config.publicUrl).hostname;
  const cookieName = sessionCookie(config.publicUrl).name;
  const isProxy = trustedProxies(config.TRUSTED_PROXIES);
  return (request) => {
    const { authorization, cookie, 'x-user-id': user } = request.headers;
    // An Authorization header of another kind is a wrong key, not an invitation to look further.
    const bearer = authorization === undefined ? null : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
    const counts = cookie !== undefined && request.hostname === ownHost;
    const trusts = config.AUTH_MODE === 'trusted-header' && isProxy(request.socket.remoteAddress);
    return {
      bearer,
      session: counts ? (request.server.parseCookie(cookie)[cookieName] ?? null) : null,
      trusted: trusts && typeof user === 'string' ? user : null,
    };
  };
}

function isEmpty({ bearer, session, trusted }: Presented): boolean {
  return bearer === null && session === null && trusted === null;
}

function unauthenticated(shown?: Presented): AppError {
  const message =
    shown && !isEmpty(shown)
      ? 'This key or session is not valid (any more). Sign in again, or use another API key.'
      : 'Sign in, or send an API key as "Authorization: Bearer <key>".';
  return new AppError('UNAUTHENTICATED', message);
}
