import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { AppError } from '../../errors.ts';
import { isSigned, isSignedByWooCommerce, type SignatureHeaders } from '../../orders/signature.ts';
import type { SourceInfo, Sources } from '../../orders/sources.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The source that has signed this request, where nobody else has sent it. */
    signedBy: SourceInfo | null;
  }
}

/** How something is signed. */
interface Scheme {
  /** The id of the source by whose secrets a request should be signed; null where it names none, or several. */
  sourceOf(request: FastifyRequest, body: Buffer): string | null;
  isGood(request: FastifyRequest, body: Buffer, secrets: readonly string[]): boolean;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `webhook_id=1`, with which WooCommerce asks whether somebody is there, unsigned. */
const PING = /^webhook_id=\d{1,20}$/;
const PING_BYTES = 40;

export function signatures(app: FastifyInstance): void {
  app.decorateRequest('signedBy', null);
}

/** For routes that take what a source has signed by Standard Webhooks: all of its orders are of that one source. */
export function signedOrders(sources: Sources) {
  return {
    isToBeVerified: (request: FastifyRequest) => request.headers['webhook-signature'] !== undefined,
    preParsing: async (request: FastifyRequest, _reply: FastifyReply, payload: RequestPayload) =>
      request.identity === null ? verified(request, payload, sources, STANDARD_WEBHOOKS) : payload,
  };
}

const STANDARD_WEBHOOKS: Scheme = {
  sourceOf: (_request, body) => sourceOfOrders(body),
  isGood: ({ headers }, body, secrets) => isSigned(body, headers as never as SignatureHeaders, secrets),
};

/** For the route of one source that takes what its WooCommerce has signed, and answers WooCommerce's first question. */
export function signedByWooCommerce(sources: Sources) {
  return {
    isToBeVerified: (request: FastifyRequest) => isWooCommerceSigned(request) || mayBePing(request),
    preParsing: async (request: FastifyRequest, reply: FastifyReply, payload: RequestPayload) => {
      if (request.identity !== null) return payload;
      if (isWooCommerceSigned(request)) return verified(request, payload, sources, WOOCOMMERCE);
      const body = await readAll(payload, PING_BYTES);
      if (body === null || !PING.test(body.toString())) throw notVerified();
      return reply.code(200).send({ status: 'ok' });
    },
  };
}

const WOOCOMMERCE: Scheme = {
  sourceOf: ({ params }) => asId((params as { id?: unknown }).id),
  isGood: ({ headers }, body, secrets) =>
    isSignedByWooCommerce(body, String(headers['x-wc-webhook-signature']), secrets),
};

function isWooCommerceSigned({ headers }: FastifyRequest): boolean {
  return headers['x-wc-webhook-signature'] !== undefined;
}

function mayBePing({ headers }: FastifyRequest): boolean {
  return (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

/** The same body once its signature has been verified, for whoever parses it; else throws UNAUTHENTICATED. */
async function verified(
  request: FastifyRequest,
  payload: RequestPayload,
  sources: Sources,
  scheme: Scheme,
): Promise<RequestPayload> {
  const body = await readAll(payload, request.routeOptions.bodyLimit);
  const id = body && scheme.sourceOf(request, body);
  if (!body || !id || !scheme.isGood(request, body, await sources.secretsOf(id))) throw notVerified();
  request.signedBy = await sources.find(id);
  if (request.signedBy === null) throw notVerified();
  return Object.assign(Readable.from([body], { objectMode: false }), { receivedEncodedLength: body.length });
}

/** Null for a body that is too large: nothing can be said about who sent it. */
async function readAll(payload: Readable, limit: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    payload.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= limit) pieces.push(piece);
      else resolve(null);
    });
    payload.on('end', () => resolve(Buffer.concat(pieces)));
    payload.on('error', reject);
  });
}

/** Looks at the body only as far as is needed to know whose secrets count. */
function sourceOfOrders(body: Buffer): string | null {
  try {
    const value = JSON.parse(body.toString()) as { storeId?: unknown; orders?: unknown } | null;
    const orders = Array.isArray(value?.orders) ? (value.orders as ({ storeId?: unknown } | null)[]) : [value];
    const ids = new Set(orders.map((order) => order?.storeId));
    return ids.size === 1 ? asId([...ids][0]) : null;
  } catch {
    return null;
  }
}

function asId(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : null;
}

function notVerified(): AppError {
  return new AppError(
    'UNAUTHENTICATED',
    'The signature is not right: check the secret, the clock, and that all orders are of the source that signs.',
  );
}
