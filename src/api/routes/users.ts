import type { FastifyReply, FastifyRequest } from 'fastify';
import { makeSignInLink } from '../../auth/sign-in.ts';
import type { Tx } from '../../db/database.ts';
import { codeOf } from '../../db/failures.ts';
import { deleteSessionsOf } from '../../db/sessions.ts';
import { deleteSignInLinksOf } from '../../db/sign-in-links.ts';
import {
  deleteUser,
  findUser,
  insertUser,
  listUsers,
  lockAndCountAdmins,
  updateUser,
  type User,
} from '../../db/users.ts';
import { AppError } from '../../errors.ts';
import { audit } from '../audit.ts';
import { command, type Answer } from '../command.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders, IdParams } from '../schemas/fields.ts';
import {
  CreateUserBody,
  InvitationReply,
  ListUsersQuery,
  SignInLinkReply,
  UpdateUserBody,
  UserPageReply,
  UserReply,
} from '../schemas/people.ts';
import { userView } from '../views.ts';

const TAGS = ['users'];
const DEFAULT_LIMIT = 50;
const FOREIGN_KEY_VIOLATION = '23503';

/** People, by admins: invite, suspend, remove (IDN-2). */
export function userRoutes(app: App, parts: Parts): void {
  readRoutes(app, parts);
  invitationRoutes(app, parts);
  changeRoutes(app, parts);
}

function invitationRoutes(app: App, parts: Parts): void {
  app.post(
    '/users',
    {
      schema: {
        tags: TAGS,
        summary: 'Invite a person',
        headers: IdempotencyHeaders,
        body: CreateUserBody,
        response: responses(201, InvitationReply, 'Give them `signInUrl`; it works once.', [409, 413, 415, 422]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, (tx) => invite(parts, tx, request, request.body), { secret: true }),
  );

  app.post(
    '/users/:id/sign-in-links',
    {
      schema: {
        tags: TAGS,
        summary: 'Make a one-time link that signs a person in',
        headers: IdempotencyHeaders,
        params: IdParams,
        response: responses(201, SignInLinkReply, 'Give it to them alone.', [404, 409, 413, 415, 422]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, (tx) => signInLink(parts, tx, request, request.params.id), { secret: true }),
  );
}

function changeRoutes(app: App, parts: Parts): void {
  app.patch(
    '/users/:id',
    {
      schema: {
        tags: TAGS,
        summary: "Change a person's role",
        params: IdParams,
        body: UpdateUserBody,
        response: responses(200, UserReply, 'As they are now.', [404, 409, 413, 415]),
      },
    },
    (request, reply) =>
      change(parts, request, reply, request.params.id, 'user.role', async (tx, user) => {
        if (request.body.role === 'member') await keepAnAdmin(tx, user);
        return updateUser(tx, user.id, { role: request.body.role });
      }),
  );

  app.post(
    '/users/:id/suspend',
    { schema: actionSchema('Keep a person out', 'Their sessions and streams have ended; their stores go on.') },
    (request, reply) =>
      change(parts, request, reply, request.params.id, 'user.suspend', async (tx, user) => {
        await keepAnAdmin(tx, user);
        await deleteSessionsOf(tx, user.id);
        await deleteSignInLinksOf(tx, user.id);
        return updateUser(tx, user.id, { suspendedAt: user.suspendedAt ?? new Date() });
      }),
  );

  app.post(
    '/users/:id/unsuspend',
    { schema: actionSchema('Let a person in again', 'As they are now.') },
    (request, reply) =>
      change(parts, request, reply, request.params.id, 'user.unsuspend', (tx, user) =>
        updateUser(tx, user.id, { suspendedAt: null }),
      ),
  );

  app.delete(
    '/users/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Remove a person',
        description: 'Not while they have stores. What they did stays in the audit log.',
        params: IdParams,
        response: responses(204, null, 'Removed.', [404, 409]),
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const afterCommit = () => parts.authenticator.forget(id);
      return command(parts, request, reply, (tx) => remove(tx, request, id), { afterCommit });
    },
  );
}

function readRoutes(app: App, parts: Parts): void {
  app.get(
    '/users',
    {
      schema: {
        tags: TAGS,
        summary: 'List people',
        querystring: ListUsersQuery,
        response: responses(200, UserPageReply, 'Oldest first.'),
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, offset = 0 } = request.query;
      const { users, total } = await parts.db.asUser(actorOf(request), (tx) => listUsers(tx, { limit, offset }));
      return { users: users.map(userView), total, limit, offset, hasMore: offset + users.length < total };
    },
  );

  app.get(
    '/users/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Show a person',
        params: IdParams,
        response: responses(200, UserReply, 'The person.', [404]),
      },
    },
    async (request) => userView(await parts.db.asUser(actorOf(request), (tx) => knownUser(tx, request.params.id))),
  );
}

function actionSchema(summary: string, done: string) {
  return {
    tags: TAGS,
    summary,
    headers: IdempotencyHeaders,
    params: IdParams,
    response: responses(200, UserReply, done, [404, 409, 413, 415, 422]),
  };
}

async function invite(
  { config }: Parts,
  tx: Tx,
  request: FastifyRequest,
  { email, role = 'member' }: { email: string; role?: 'admin' | 'member' | undefined },
): Promise<Answer> {
  const user = await insertUser(tx, { email, role });
  if (!user)
    throw new AppError('CONFLICT', 'Somebody with this e-mail address is here already.', {
      details: { field: 'email' },
    });
  const { signInUrl } = await makeSignInLink(tx, user.id, config.publicUrl);
  await audit(tx, request, 'user.invite', { subject: email, details: { id: user.id, role } });
  return { status: 201, body: { user: userView(user), signInUrl }, headers: { 'cache-control': 'no-store' } };
}

/** Changes a person in one transaction; what they hold open is looked at again at once. */
function change(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  action: string,
  work: (tx: Tx, user: User) => Promise<User | null>,
): Promise<FastifyReply> {
  const apply = async (tx: Tx): Promise<Answer> => {
    const changed = (await work(tx, await knownUser(tx, id))) ?? nobody();
    await audit(tx, request, action, { subject: changed.email, details: { id, role: changed.role } });
    return { status: 200, body: userView(changed) };
  };
  return command(parts, request, reply, apply, { afterCommit: () => parts.authenticator.forget(id) });
}

async function signInLink({ config }: Parts, tx: Tx, request: FastifyRequest, id: string): Promise<Answer> {
  const user = await knownUser(tx, id);
  if (user.suspendedAt) throw new AppError('INVALID_STATE', 'This person is suspended. Let them in again first.');
  const { signInUrl, expiresAt } = await makeSignInLink(tx, id, config.publicUrl);
  await audit(tx, request, 'user.sign-in-link', { subject: user.email, details: { id } });
  const body = { signInUrl, expiresAt: expiresAt.toISOString() };
  return { status: 201, body, headers: { 'cache-control': 'no-store' } };
}

async function remove(tx: Tx, request: FastifyRequest, id: string): Promise<Answer> {
  const user = await knownUser(tx, id);
  await keepAnAdmin(tx, user);
  await audit(tx, request, 'user.remove', { subject: user.email, details: { id } });
  try {
    await deleteUser(tx, id);
  } catch (error) {
    if (codeOf(error) !== FOREIGN_KEY_VIOLATION) throw error;
    throw new AppError('CONFLICT', 'This person has stores. Delete those first, or suspend the person.', {
      cause: error,
    });
  }
  return { status: 204 };
}

async function knownUser(tx: Tx, id: string): Promise<User> {
  return (await findUser(tx, id)) ?? nobody();
}

function nobody(): never {
  throw new AppError('NOT_FOUND', 'There is no such person.');
}

/** Somebody has to be able to let people in. */
async function keepAnAdmin(tx: Tx, user: User): Promise<void> {
  if (user.role !== 'admin' || user.suspendedAt !== null) return;
  if ((await lockAndCountAdmins(tx)) > 1) return;
  throw new AppError('CONFLICT', 'This is the only admin. Make another one first.');
}
