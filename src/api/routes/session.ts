import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashPassword, verifyPassword } from '../../auth/password.ts';
import { sessionCookie } from '../../auth/session-cookie.ts';
import { beginSession, byLink, byPassword, sessionAge } from '../../auth/sign-in.ts';
import type { Actor } from '../../db/database.ts';
import { deleteSession, deleteSessionsOf } from '../../db/sessions.ts';
import { updateUser, userByEmail } from '../../db/users.ts';
import { AppError } from '../../errors.ts';
import { addressOf, audit } from '../audit.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { MeReply, SetPasswordBody, SignInBody } from '../schemas/people.ts';

const TAGS = ['session'];
/** Whoever has just signed in, by an admin's link perhaps because the password is forgotten, may set a new one. */
const FRESH_SECONDS = 15 * 60;

/** Signing in and out, and who one is. */
export function sessionRoutes(app: App, parts: Parts): void {
  app.post(
    '/session',
    {
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Sign in by password or by a one-time link',
        description: 'For browsers: the answer sets a cookie. Scripts send an API key with each request instead.',
        body: SignInBody,
        response: responses(200, MeReply, 'Signed in.', [413, 415]),
      },
    },
    (request, reply) => signIn(parts, request, reply),
  );

  app.delete(
    '/session',
    { schema: { tags: TAGS, summary: 'Sign out', response: responses(204, null, 'Signed out.') } },
    async (request, reply) => {
      const { credential } = request.identity ?? {};
      if (credential?.kind === 'session') await endSession(parts, request, reply, credential.id ?? '');
      return reply.code(204).send();
    },
  );

  app.get(
    '/me',
    { schema: { tags: TAGS, summary: 'Who am I', response: responses(200, MeReply, 'You.') } },
    (request) => me(parts, request),
  );

  app.put(
    '/me/password',
    {
      schema: {
        tags: TAGS,
        summary: 'Set your password',
        description:
          'The present one is needed, unless there is none or you have signed in within the last 15 minutes.',
        body: SetPasswordBody,
        response: responses(204, null, 'Set. All other sessions have ended.', [413, 415]),
      },
    },
    (request, reply) => setPassword(parts, request, reply, request.body),
  );
}

async function signIn(parts: Parts, request: FastifyRequest, reply: FastifyReply) {
  const { config, db, limits } = parts;
  if (request.hostname !== new URL(config.publicUrl).hostname) {
    throw new AppError('FORBIDDEN', `Sign in at ${config.publicUrl}; here only API keys count.`);
  }
  const shown = request.body as { email: string; password: string } | { token: string };
  if ('email' in shown) await limits.countGuess(request, reply);
  const actor = 'token' in shown ? await byLink(db, shown.token) : await byPassword(db, shown.email, shown.password);
  if (!actor) {
    request.log.warn({ address: request.ip }, 'Somebody failed to sign in');
    throw new AppError(
      'UNAUTHENTICATED',
      'token' in shown ? LINK_REFUSED : 'The e-mail address or the password is wrong.',
    );
  }
  await openSession(parts, request, reply, actor);
  return me(parts, request);
}

const LINK_REFUSED = 'This sign-in link was used already or has expired. Ask an admin for a new one.';

async function openSession(parts: Parts, request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<void> {
  const { token, expiresAt } = await parts.db.asUser(actor, async (tx) => {
    request.identity = { actor, credential: { kind: 'session', id: null, expiresAt: null } };
    await audit(tx, request, 'session.create');
    return beginSession(tx, sessionOf(request, actor));
  });
  request.identity = { actor, credential: { kind: 'session', id: null, expiresAt } };
  giveCookie(parts, reply, token);
}

async function endSession(parts: Parts, request: FastifyRequest, reply: FastifyReply, id: string): Promise<void> {
  const actor = actorOf(request);
  await parts.db.asUser(actor, async (tx) => {
    await deleteSession(tx, id);
    await audit(tx, request, 'session.end');
  });
  parts.authenticator.forget(actor.userId);
  const { name, options } = sessionCookie(parts.config.publicUrl);
  reply.header('set-cookie', reply.server.serializeCookie(name, '', { ...options, maxAge: 0 }));
}

function me({ config }: Parts, request: FastifyRequest) {
  const { userId: id, email, role } = actorOf(request);
  const { kind, expiresAt } = request.identity?.credential ?? { kind: 'session' as const, expiresAt: null };
  return {
    user: { id, email, role },
    credential: { kind, expiresAt: expiresAt?.toISOString() ?? null },
    limits: { stores: config.MAX_STORES_PER_USER },
  };
}

/** Ends all sessions, since a password is mostly changed because somebody else may know it, and begins this one anew. */
async function setPassword(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  { password, currentPassword }: { password: string; currentPassword?: string | undefined },
) {
  const actor = actorOf(request);
  await mayReplacePassword(parts, request, reply, currentPassword);
  const passwordHash = await hashPassword(password);
  const isSession = request.identity?.credential.kind === 'session';
  const token = await parts.db.asUser(actor, async (tx) => {
    await updateUser(tx, actor.userId, { passwordHash });
    await deleteSessionsOf(tx, actor.userId);
    await audit(tx, request, 'password.set');
    return isSession ? (await beginSession(tx, sessionOf(request, actor))).token : null;
  });
  parts.authenticator.forget(actor.userId);
  if (token !== null) giveCookie(parts, reply, token);
  return reply.code(204).send();
}

async function mayReplacePassword(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  current: string | undefined,
) {
  const { credential } = request.identity ?? {};
  const fresh =
    credential?.kind === 'session' && credential.expiresAt && sessionAge(credential.expiresAt) < FRESH_SECONDS;
  if (fresh) return;
  const actor = actorOf(request);
  const user = await parts.db.asUser(actor, (tx) => userByEmail(tx, actor.email));
  if (!user?.passwordHash) return;
  await parts.limits.countGuess(request, reply);
  if (await verifyPassword(current ?? '', user.passwordHash)) return;
  throw new AppError('FORBIDDEN', 'The present password is wrong.', {
    details: { fields: [{ field: 'currentPassword' }] },
  });
}

function sessionOf(request: FastifyRequest, { userId }: Actor) {
  return { userId, userAgent: request.headers['user-agent'] ?? null, address: addressOf(request) };
}

function giveCookie({ config }: Parts, reply: FastifyReply, token: string): void {
  const { name, options } = sessionCookie(config.publicUrl);
  reply.header('set-cookie', reply.server.serializeCookie(name, token, options));
}
