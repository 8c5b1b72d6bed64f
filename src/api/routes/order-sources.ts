import { randomBytes, randomUUID } from 'node:crypto';
import {
  addSourceSecret,
  deleteOrderSource,
  findOrderSource,
  insertOrderSource,
  listOrderSources,
  updateOrderSource,
  type OrderSource,
} from '../../db/order-sources.ts';
import type { Tx } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { sourceSecretContext } from '../../orders/sources.ts';
import { fromWooCommerce } from '../../orders/woocommerce-webhook.ts';
import { audit } from '../audit.ts';
import { command } from '../command.ts';
import { invalidOrder } from '../order-body.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { signedByWooCommerce } from '../plugins/signatures.ts';
import { responses } from '../responses.ts';
import { IdempotencyHeaders, IdParams } from '../schemas/fields.ts';
import {
  AcceptedReply,
  CreateOrderSourceBody,
  NewOrderSourceReply,
  OrderSecretReply,
  OrderSourceReply,
  OrderSourcesReply,
  PingReply,
  UpdateOrderSourceBody,
  WooCommerceBody,
} from '../schemas/orders.ts';
import { orderSourceView } from '../views.ts';
import { accept, BODY_LIMIT, countRefusal } from './orders.ts';

const TAGS = ['order-sources'];
const NOT_CACHED = { 'cache-control': 'no-store' };

/** Where orders come from: each store is a source, and others can be made, such as a till or another shop. */
export function orderSourceRoutes(app: App, parts: Parts): void {
  readSources(app, parts);
  makeSources(app, parts);
  changeSources(app, parts);
  renewSecrets(app, parts);
  takeWebhooks(app, parts);
}

function readSources(app: App, parts: Parts): void {
  app.get(
    '/order-sources',
    {
      schema: {
        tags: TAGS,
        summary: 'List the sources of orders, stores among them',
        response: responses(200, OrderSourcesReply, 'Newest first; admins see all.'),
      },
    },
    async (request) => ({
      sources: (await parts.db.asUser(actorOf(request), listOrderSources)).map(orderSourceView),
    }),
  );

  app.get(
    '/order-sources/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Show a source of orders',
        params: IdParams,
        response: responses(200, OrderSourceReply, 'The source.', [404]),
      },
    },
    async (request) =>
      orderSourceView(await parts.db.asUser(actorOf(request), (tx) => visibleSource(tx, request.params.id))),
  );
}

function makeSources(app: App, parts: Parts): void {
  app.post(
    '/order-sources',
    {
      schema: {
        tags: TAGS,
        summary: 'Make a source of orders that is no store',
        headers: IdempotencyHeaders,
        body: CreateOrderSourceBody,
        response: responses(201, NewOrderSourceReply, 'The source, with its secret, shown this once.', [413, 415, 422]),
      },
    },
    (request, reply) =>
      command(
        parts,
        request,
        reply,
        async (tx) => {
          const source = await insertOrderSource(tx, { ...request.body, userId: actorOf(request).userId });
          const secret = await addSecret(parts, tx, source.id);
          await audit(tx, request, 'order-source.create', { subject: source.name, details: { id: source.id } });
          return { status: 201, body: { ...orderSourceView(source), secret }, headers: NOT_CACHED };
        },
        { secret: true },
      ),
  );
}

function changeSources(app: App, parts: Parts): void {
  app.patch(
    '/order-sources/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Change the name or the time zone of a source',
        description:
          'In another zone its days and hours are counted anew, those of the past too. A store keeps its name.',
        params: IdParams,
        body: UpdateOrderSourceBody,
        response: responses(200, OrderSourceReply, 'The source.', [404, 409, 413, 415]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, async (tx) => {
        const { name, timeZone } = request.body;
        const before = await visibleSource(tx, request.params.id);
        if (before.storeId !== null && name !== undefined) throw isStore('its name is that of the store.');
        const change = { ...(name !== undefined && { name }), ...(timeZone !== undefined && { timeZone }) };
        const source = (await updateOrderSource(tx, before.id, change)) ?? before;
        await audit(tx, request, 'order-source.change', { ...about(source), details: { id: source.id, ...change } });
        return { status: 200, body: orderSourceView(source) };
      }),
  );

  app.delete(
    '/order-sources/:id',
    {
      schema: {
        tags: TAGS,
        summary: 'Delete a source that is no store, and all its orders',
        params: IdParams,
        response: responses(204, null, 'It is gone; its orders count no more.', [404, 409]),
      },
    },
    (request, reply) =>
      command(parts, request, reply, async (tx) => {
        const source = await visibleSource(tx, request.params.id);
        if (source.storeId !== null) throw isStore('it goes when the store is deleted.');
        await deleteOrderSource(tx, source.id);
        await audit(tx, request, 'order-source.delete', { subject: source.name, details: { id: source.id } });
        return { status: 204 };
      }),
  );
}

function renewSecrets(app: App, parts: Parts): void {
  app.post(
    '/order-sources/:id/secrets',
    {
      schema: {
        tags: TAGS,
        summary: 'Make a new secret for a source that is no store',
        description: 'Those that it has are good for another 24 hours, so that its sender can be changed meanwhile.',
        headers: IdempotencyHeaders,
        params: IdParams,
        response: responses(201, OrderSecretReply, 'The secret, shown this once.', [404, 409, 413, 415, 422]),
      },
    },
    (request, reply) =>
      command(
        parts,
        request,
        reply,
        async (tx) => {
          const source = await visibleSource(tx, request.params.id);
          if (source.storeId !== null) throw isStore('its secret is kept by the platform.');
          const secret = await addSecret(parts, tx, source.id);
          await audit(tx, request, 'order-source.secret', { subject: source.name, details: { id: source.id } });
          return { status: 201, body: { secret }, headers: NOT_CACHED };
        },
        { secret: true },
      ),
  );
}

const TAKEN: ReturnType<typeof responses> = {
  ...responses(202, AcceptedReply, 'It is stored, or tells nothing that counts.', [404, 413, 415, 422]),
  200: {
    description: 'To the form `webhook_id=…`, with which WooCommerce asks whether somebody is there.',
    content: { 'application/json': { schema: PingReply } },
  },
};

function takeWebhooks(app: App, parts: Parts): void {
  const { isToBeVerified, preParsing } = signedByWooCommerce(parts.sources);
  app.post(
    '/order-sources/:id/woocommerce',
    {
      bodyLimit: BODY_LIMIT,
      config: { isToBeVerified, isLimitedByOrders: true, isBusy: true },
      preParsing,
      onError: countRefusal(parts),
      schema: {
        tags: TAGS,
        summary: "Take a WooCommerce's own webhooks about orders",
        description:
          'The delivery URL of webhooks of the topics Order created, updated and deleted, with the secret of the ' +
          'source as their secret. It is verified by `X-WC-Webhook-Signature`.',
        security: [{ apiKey: [] }, { session: [] }, { woocommerceSignature: [] }],
        params: IdParams,
        body: WooCommerceBody,
        response: TAKEN,
      },
    },
    async (request, reply) => {
      const event = fromWooCommerce(request.body, request.params.id.toLowerCase(), new Date());
      if (event === 'unreadable') {
        throw invalidOrder([{ field: 'body', message: 'must be an order as WooCommerce sends it (REST API v3)' }]);
      }
      const events = event === null ? [] : [event];
      await parts.limits.countOrders(request, reply, events.length);
      return reply.code(202).send(await accept(parts, request, events));
    },
  );
}

/** The source, if the acting person may see it; NOT_FOUND alike for another's and for none. */
async function visibleSource(tx: Tx, id: string): Promise<OrderSource> {
  const source = await findOrderSource(tx, id);
  if (!source) throw new AppError('NOT_FOUND', 'There is no such order source.');
  return source;
}

function about({ storeId, name }: OrderSource): { subject: string; storeId?: string } {
  return { subject: name, ...(storeId !== null && { storeId }) };
}

function isStore(consequence: string): AppError {
  return new AppError('CONFLICT', `This source is a store: ${consequence}`);
}

/** 256 random bits in the form of Standard Webhooks. */
async function addSecret({ secrets }: Parts, tx: Tx, sourceId: string): Promise<string> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const id = randomUUID();
  const ciphertext = secrets.seal(secret, sourceSecretContext(sourceId, id));
  await addSourceSecret(tx, { id, sourceId, keyId: secrets.keyId, ciphertext });
  return secret;
}
