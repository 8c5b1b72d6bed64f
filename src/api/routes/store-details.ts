import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../../../engines/engine.ts';
import type { Tx } from '../../db/database.ts';
import { secretContext } from '../../db/secret-box.ts';
import { listEvents } from '../../db/store-events.ts';
import { listSecrets } from '../../db/store-secrets.ts';
import { listUsage } from '../../db/store-usage.ts';
import { AppError } from '../../errors.ts';
import { storeOrigin } from '../../stores/addresses.ts';
import type { Store } from '../../stores/store.ts';
import { audit } from '../audit.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { responses } from '../responses.ts';
import { IdParams } from '../schemas/fields.ts';
import { CredentialsReply, EventPageReply, ListEventsQuery, UsageQuery, UsageReply } from '../schemas/stores.ts';
import { eventView, usageView } from '../views.ts';
import { visibleStore } from './stores.ts';

const TAGS = ['stores'];
const DEFAULT_LIMIT = 50;

/** What there is to know about one store: timeline, login, use of the machine. */
export function storeDetailRoutes(app: App, parts: Parts): void {
  app.get(
    '/stores/:id/events',
    {
      schema: {
        tags: TAGS,
        summary: "A store's timeline, oldest first",
        params: IdParams,
        querystring: ListEventsQuery,
        response: responses(200, EventPageReply, 'Events.', [404]),
      },
    },
    (request) =>
      parts.db.asUser(actorOf(request), async (tx) => {
        const { limit = DEFAULT_LIMIT, after } = request.query;
        await visibleStore(tx, request.params.id);
        const events = await listEvents(tx, request.params.id, { limit: limit + 1, after });
        return { events: events.slice(0, limit).map(eventView), hasMore: events.length > limit };
      }),
  );

  app.get(
    '/stores/:id/credentials',
    {
      schema: {
        tags: TAGS,
        summary: "The login of the store's own admin, and its API key",
        description: 'Each look at them is written to the audit log.',
        params: IdParams,
        response: responses(200, CredentialsReply, 'Credentials, made for this store alone.', [404, 409]),
      },
    },
    async (request, reply) => {
      const credentials = await parts.db.asUser(actorOf(request), (tx) => readCredentials(parts, tx, request));
      return reply.header('cache-control', 'no-store').send(credentials);
    },
  );

  app.get(
    '/stores/:id/usage',
    {
      schema: {
        tags: TAGS,
        summary: 'Memory, processor time and disk that a store uses, newest first',
        params: IdParams,
        querystring: UsageQuery,
        response: responses(200, UsageReply, 'Measurements.', [404]),
      },
    },
    (request) =>
      parts.db.asUser(actorOf(request), async (tx) => {
        await visibleStore(tx, request.params.id);
        const rows = await listUsage(tx, request.params.id, request.query.limit ?? DEFAULT_LIMIT);
        return { usage: rows.map(usageView) };
      }),
  );
}

/** The secrets stay sealed until somebody who may see them asks. */
async function readCredentials(parts: Parts, tx: Tx, request: FastifyRequest): Promise<Credentials> {
  const { id } = request.params as { id: string };
  const store = await visibleStore(tx, id);
  // Before the hand-over nobody could sign in with them.
  if (store.readyAt === null) throw notYet(store);
  const sealed = await listSecrets(tx, id);
  const secrets = Object.fromEntries(
    sealed.map(({ name, ciphertext }) => [name, parts.secrets.open(ciphertext, secretContext(id, name))]),
  );
  await audit(tx, request, 'store.credentials', { storeId: id, subject: store.name });
  const publicUrl = storeOrigin(parts.config, store.slug);
  return parts.engines[store.engine].credentials({ publicUrl }, secrets);
}

function notYet(store: Store): AppError {
  return new AppError('INVALID_STATE', 'The store has no credentials yet. They are there once it is ready.', {
    details: { status: store.status },
  });
}
