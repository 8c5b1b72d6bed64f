import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tx } from '../db/database.ts';
import { claimIdempotencyKey, saveAnswer, type FirstAnswer } from '../db/idempotency.ts';
import { AppError } from '../errors.ts';
import type { Deps } from './deps.ts';
import { actorOf } from './plugins/authentication.ts';

const KEY_LIFETIME_MS = 24 * 3600 * 1000;

/** What a request that changes something is answered with. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** How the table keeps an answer's body. */
type KeptBody = { text: string } | { sealed: string };

interface Options {
  /** The answer holds a secret that is shown once: it is kept encrypted for replays. */
  secret?: boolean;
  /** Run once the change is committed and before the answer goes out. */
  afterCommit?: () => void;
}

/**
 * Runs a request that changes something as one transaction of the person who asks, with their rights, and answers.
 * With an `Idempotency-Key` (API-3) the key and the answer are kept in that same transaction: of equal requests, at
 * once or within 24 h, one does the work, and all get its answer; a failure keeps nothing, so it may be tried again.
 */
export async function command(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (tx: Tx) => Promise<Answer>,
  options: Options = {},
): Promise<FastifyReply> {
  const actor = actorOf(request);
  const key = request.method === 'POST' ? idempotencyKey(request) : null;
  const answer = await deps.db.asUser(actor, (tx) =>
    key === null ? work(tx) : once(deps, tx, { userId: actor.userId, key }, request, work, options),
  );
  options.afterCommit?.();
  return send(reply, answer);
}

/** The request's key, or null; its form is checked by the route's schema of headers. */
export function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}

async function once(
  deps: Deps,
  tx: Tx,
  key: { userId: string; key: string },
  request: FastifyRequest,
  work: (tx: Tx) => Promise<Answer>,
  { secret = false }: Options,
): Promise<Answer> {
  const requestHash = fingerprint(request);
  const expiresAt = new Date(Date.now() + KEY_LIFETIME_MS);
  const first = await claimIdempotencyKey(tx, { ...key, requestHash, expiresAt });
  if (first) return replay(deps, first, requestHash, contextOf(key));
  const answer = await work(tx);
  const text = JSON.stringify(answer.body ?? null);
  // As text, because jsonb would put the fields into another order than that of the first answer.
  const body = secret ? { sealed: deps.secrets.seal(text, contextOf(key)).toString('base64') } : { text };
  await saveAnswer(tx, key, { statusCode: answer.status, headers: answer.headers ?? {}, body });
  return answer;
}

/** Same address, same meaning: the validated body has its defaults filled in and its fields in one order. */
function fingerprint({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest();
}

function replay(deps: Deps, first: FirstAnswer, requestHash: Buffer, context: string): Answer {
  if (!first.requestHash.equals(requestHash)) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new one.');
  }
  const headers = { ...first.headers, 'idempotency-replayed': 'true' };
  return { status: first.statusCode ?? 200, headers, body: readBody(deps, first.body as KeptBody, context) };
}

function readBody(deps: Deps, body: KeptBody, context: string): unknown {
  return JSON.parse('text' in body ? body.text : deps.secrets.open(Buffer.from(body.sealed, 'base64'), context));
}

/** What a sealed answer is bound to, so that it opens nowhere else. */
function contextOf({ userId, key }: { userId: string; key: string }): string {
  return `idempotency ${userId} ${key}`;
}

function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers(headers)
    .send(body ?? undefined);
}
