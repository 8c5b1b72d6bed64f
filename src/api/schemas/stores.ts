import { z } from 'zod';
import { nameProblem } from '../../stores/names.ts';
import { ACTIVITIES, ENGINES, STATUSES } from '../../stores/store.ts';
import { Limit, Offset, queryBoolean, queryInt, text, time } from './fields.ts';

const EventId = queryInt(0, Number.MAX_SAFE_INTEGER, 'The last one that was seen: answers with those after it.');

const Engine = z.enum(ENGINES).meta({ id: 'Engine' });
const Status = z.enum(STATUSES).meta({ id: 'StoreStatus' });

export const StoreReply = z
  .object({
    id: z.uuid(),
    name: z.string(),
    slug: z.string(),
    engine: Engine,
    status: Status,
    activity: z.enum(ACTIVITIES),
    operation: z
      .object({ type: z.enum(['provision', 'repair', 'upgrade', 'delete']), step: z.string(), startedAt: time })
      .nullable()
      .meta({ description: 'What the platform is doing with the store right now.' }),
    namespace: z.string(),
    urls: z.object({
      storefront: z.string(),
      admin: z.string(),
      api: z.string(),
      direct: z
        .string()
        .nullable()
        .meta({ description: 'An address on this machine that needs no host name; null until there is one.' }),
    }),
    engineVersion: z
      .string()
      .nullable()
      .meta({ description: 'The version of its engine that it is to run; null until it is chosen.' }),
    upgradeTo: z
      .string()
      .nullable()
      .meta({ description: 'The version that an upgrade would bring now; null where none is possible.' }),
    rollbackTo: z
      .string()
      .nullable()
      .meta({ description: 'The version that a rollback would bring back now; null where none is possible.' }),
    errorMessage: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
    ownerId: z.uuid().optional().meta({ description: 'Whose it is; shown to admins.' }),
  })
  .meta({ id: 'Store' });

/** `nameProblem` (API-6) as a schema that also tells readers of the document what is allowed. */
const StoreName = z
  .string()
  .trim()
  .superRefine((name, context) => {
    const problem = nameProblem(name);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({
    minLength: 3,
    maxLength: 255,
    pattern: '^ *(?=[^a-zA-Z0-9]*[a-zA-Z0-9])[a-zA-Z0-9_-][a-zA-Z0-9_ -]+[a-zA-Z0-9_-] *$',
    description: 'Need not be unique. Spaces around it are cut off.',
    example: 'Tea House',
  });

export const CreateStoreBody = z.strictObject({ name: StoreName, engine: Engine }).meta({ id: 'NewStore' });

export const ListStoresQuery = z.strictObject({
  limit: Limit,
  offset: Offset,
  cursor: text(1, 255).optional().meta({
    description: 'nextCursor of the page before; quicker than offset on deep pages. Not together with offset.',
  }),
  status: z.enum(STATUSES).optional(),
  engine: z.enum(ENGINES).optional(),
  q: text(1, 255).optional().meta({ description: 'Part of the name or slug.' }),
});

export const StorePageReply = z
  .object({
    stores: z.array(StoreReply),
    total: z.int(),
    limit: z.int(),
    offset: z.int(),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'StorePage' });

export const StoreEventReply = z
  .object({
    id: z.int(),
    storeId: z.uuid(),
    type: z.string(),
    message: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    correlationId: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'StoreEvent' });

export const ListEventsQuery = z.strictObject({ limit: Limit, after: EventId.optional() });
export const EventPageReply = z
  .object({ events: z.array(StoreEventReply), hasMore: z.boolean() })
  .meta({ id: 'StoreEventPage' });

export const StreamQuery = z.strictObject({
  storeId: z.uuid().optional().meta({ description: 'Only the events of this store.' }),
  after: EventId.optional(),
});
export const StreamHeaders = z.looseObject({
  'last-event-id': z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an event')
    .optional()
    .meta({ description: 'As browsers send it when they reconnect; the events after it come first.' }),
});

export const CredentialsReply = z
  .object({
    admin: z.object({ url: z.string(), username: z.string(), password: z.string() }),
    api: z.object({ publishableKey: z.string().optional(), applicationPassword: z.string().optional() }),
  })
  .meta({ id: 'StoreCredentials' });

export const LogsQuery = z.strictObject({
  tail: queryInt(0, 10_000, 'How many of the last lines (default 200).').optional(),
  follow: queryBoolean(
    'Go on with what comes: newline-delimited JSON, or text/event-stream where Accept asks for it.',
  ).optional(),
});
export const LogsReply = z.object({ lines: z.array(z.string()) }).meta({ id: 'StoreLogs' });

export const UsageQuery = z.strictObject({ limit: Limit });
export const UsageReply = z
  .object({
    usage: z.array(z.object({ at: time, memoryBytes: z.int(), cpuSeconds: z.number(), diskBytes: z.int() })),
  })
  .meta({ id: 'StoreUsage' });

export const EnginesReply = z
  .object({
    engines: z.array(
      z.object({
        name: Engine,
        version: z.string(),
        advice: z
          .string()
          .nullable()
          .meta({ description: 'What would make shops of this kind better on this machine, for its operator.' }),
        preparation: z
          .object({
            status: z.enum(['running', 'ready', 'failed']),
            phase: z.string().nullable(),
            fraction: z.number(),
            message: z.string().nullable(),
            phases: z.array(z.object({ phase: z.string(), ms: z.number() })),
            assets: z
              .array(
                z.object({
                  file: z.string(),
                  bytes: z.int(),
                  sha256: z.string(),
                  source: z.enum(['operator', 'download']),
                }),
              )
              .meta({ description: 'The downloads that went in, and whether an operator had put them there.' }),
            startedAt: time,
            updatedAt: time,
          })
          .nullable()
          .meta({
            description: 'The one-time preparation that all stores of this engine share; null before the first.',
          }),
      }),
    ),
  })
  .meta({ id: 'Engines' });
