import { z } from 'zod';
import { Limit, Offset, queryInt, text, time } from './fields.ts';

const Email = text(3, 320)
  .trim()
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address')
  .meta({ example: 'ada@example.com' });
const Password = z.string().min(10, 'must have at least 10 characters').max(256);
const Role = z.enum(['admin', 'member']);

export const UserReply = z
  .object({ id: z.uuid(), email: z.string(), role: Role, suspended: z.boolean(), createdAt: time })
  .meta({ id: 'User' });
export const ListUsersQuery = z.strictObject({ limit: Limit, offset: Offset });
export const UserPageReply = z
  .object({ users: z.array(UserReply), total: z.int(), limit: z.int(), offset: z.int(), hasMore: z.boolean() })
  .meta({ id: 'UserPage' });
export const CreateUserBody = z.strictObject({ email: Email, role: Role.optional() }).meta({ id: 'NewUser' });
export const UpdateUserBody = z.strictObject({ role: Role }).meta({ id: 'UserPatch' });
const SignInUrl = z.string().meta({ description: 'Signs in once, within 7 days.' });
export const InvitationReply = z.object({ user: UserReply, signInUrl: SignInUrl }).meta({ id: 'Invitation' });
export const SignInLinkReply = z.object({ signInUrl: SignInUrl, expiresAt: time }).meta({ id: 'SignInLink' });

export const ApiKeyReply = z
  .object({
    id: z.uuid(),
    name: z.string(),
    hint: z.string().meta({ description: 'Its first characters.' }),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    lastUsedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'ApiKey' });
export const ApiKeysReply = z.object({ apiKeys: z.array(ApiKeyReply) }).meta({ id: 'ApiKeys' });
export const CreateApiKeyBody = z
  .strictObject({
    name: text(1, 255),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'In the future. Left out: it does not expire.' }),
  })
  .meta({ id: 'NewApiKey' });
export const NewApiKeyReply = ApiKeyReply.extend({
  key: z.string().meta({ description: 'Shown once.' }),
}).meta({ id: 'ApiKeyWithSecret' });

export const SignInBody = z
  .union([
    z.strictObject({ email: text(1, 320), password: z.string().min(1).max(1024) }),
    z.strictObject({ token: text(1, 255).meta({ description: 'Of a one-time sign-in link.' }) }),
  ])
  .meta({ id: 'SignIn' });
export const MeReply = z
  .object({
    user: UserReply.omit({ suspended: true, createdAt: true }),
    credential: z.object({ kind: z.enum(['api-key', 'session', 'trusted-header']), expiresAt: time.nullable() }),
    limits: z.object({ stores: z.int() }),
  })
  .meta({ id: 'Me' });
export const SetPasswordBody = z
  .strictObject({
    password: Password,
    currentPassword: z.string().max(1024).optional().meta({ description: 'Needed where a password is set already.' }),
  })
  .meta({ id: 'NewPassword' });

export const ListAuditQuery = z.strictObject({
  limit: Limit,
  before: queryInt(1, Number.MAX_SAFE_INTEGER, 'The lowest id of the page before.').optional(),
  storeId: z.uuid().optional(),
});
export const AuditPageReply = z
  .object({
    entries: z.array(
      z.object({
        id: z.int(),
        at: time,
        actorId: z.uuid().nullable(),
        actor: z.string(),
        action: z.string(),
        storeId: z.uuid().nullable(),
        subject: z.string().nullable(),
        address: z.string().nullable(),
        correlationId: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
    hasMore: z.boolean(),
  })
  .meta({ id: 'AuditPage' });
