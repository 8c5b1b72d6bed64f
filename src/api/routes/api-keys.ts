import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { newToken, hashToken, tokenHint } from '../../auth/token.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from '../../db/api-keys.ts';
import type { Tx } from '../../db/database.ts';
import { findUser } from '../../db/users.ts';
import { AppError } from '../../errors.ts';
import { audit } from '../audit.ts';
import { command, type Answer } from '../command.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders, IdParams } from '../schemas/fields.ts';
import { ApiKeysReply, CreateApiKeyBody, NewApiKeyReply } from '../schemas/people.ts';
import { apiKeyView } from '../views.ts';

const TAGS = ['api-keys'];

/** API keys for scripts: one's own, and for admins those of others (IDN-1). */
export function apiKeyRoutes(app: App, parts: Parts): void {
  ownKeys(app, parts);
  keysOfOthers(app, parts);
}

function ownKeys(app: App, parts: Parts): void {
  app.get(
    '/api-keys',
    { schema: { tags: TAGS, summary: 'List your API keys', response: responses(200, ApiKeysReply, 'Newest first.') } },
    async (request) => {
      const actor = actorOf(request);
      return { apiKeys: (await parts.db.asUser(actor, (tx) => listApiKeys(tx, actor.userId))).map(apiKeyView) };
    },
  );

  app.post(
    '/api-keys',
    {
      schema: {
        tags: TAGS,
        summary: 'Make an API key for yourself',
        headers: IdempotencyHeaders,
        body: CreateApiKeyBody,
        response: responses(201, NewApiKeyReply, 'The key, shown this once.', [413, 415, 422]),
      },
    },
    (request, reply) => {
      const { userId } = actorOf(request);
      return command(parts, request, reply, (tx) => create(tx, request, userId, request.body), { secret: true });
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Revoke an API key',
        params: IdParams,
        response: responses(204, null, 'It lets nobody in any more, and streams that it opened are closed.', [404]),
      },
    },
    async (request, reply) => {
      let holder = '';
      return command(
        parts,
        request,
        reply,
        async (tx) => {
          holder = await revoke(tx, request, request.params.id);
          return { status: 204 };
        },
        { afterCommit: () => parts.authenticator.forget(holder) },
      );
    },
  );
}

function keysOfOthers(app: App, parts: Parts): void {
  app.get(
    '/users/:id/api-keys',
    {
      schema: {
        tags: TAGS,
        summary: "List a person's API keys",
        params: IdParams,
        response: responses(200, ApiKeysReply, 'Newest first.', [404]),
      },
    },
    (request) =>
      parts.db.asUser(actorOf(request), async (tx) => {
        await mustExist(tx, request.params.id);
        return { apiKeys: (await listApiKeys(tx, request.params.id)).map(apiKeyView) };
      }),
  );

  app.post(
    '/users/:id/api-keys',
    {
      schema: {
        tags: TAGS,
        summary: 'Make an API key for a person',
        headers: IdempotencyHeaders,
        params: IdParams,
        body: CreateApiKeyBody,
        response: responses(201, NewApiKeyReply, 'The key, shown this once.', [404, 413, 415, 422]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, (tx) => create(tx, request, request.params.id, request.body), { secret: true }),
  );
}

async function create(
  tx: Tx,
  request: FastifyRequest,
  userId: string,
  { name, expiresAt }: z.infer<typeof CreateApiKeyBody>,
): Promise<Answer> {
  const user = await mustExist(tx, userId);
  const expires = expiresAt === undefined ? null : new Date(expiresAt);
  if (expires && expires.getTime() <= Date.now()) {
    throw new AppError('VALIDATION_FAILED', 'expiresAt: must be in the future.', {
      details: { in: 'body', fields: [{ field: 'expiresAt', message: 'must be in the future' }] },
    });
  }
  const key = newToken('apiKey');
  const row = await insertApiKey(tx, {
    userId,
    name,
    keyHash: hashToken(key),
    hint: tokenHint(key),
    expiresAt: expires,
  });
  await audit(tx, request, 'api-key.create', { subject: user.email, details: { id: row.id, name } });
  return { status: 201, body: { ...apiKeyView(row), key }, headers: { 'cache-control': 'no-store' } };
}

/** Returns whose key it was. */
async function revoke(tx: Tx, request: FastifyRequest, id: string): Promise<string> {
  const key = await revokeApiKey(tx, id);
  if (!key) throw new AppError('NOT_FOUND', 'There is no such API key.');
  await audit(tx, request, 'api-key.revoke', { subject: key.name, details: { id } });
  return key.userId;
}

async function mustExist(tx: Tx, userId: string) {
  const user = await findUser(tx, userId);
  if (!user) throw new AppError('NOT_FOUND', 'There is no such person.');
  return user;
}
