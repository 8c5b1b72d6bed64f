import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { audit } from '../audit.ts';
import type { App, Parts } from '../parts.ts';
import { actorOf } from '../plugins/authentication.ts';
import { streams } from '../responses.ts';
import { IdParams } from '../schemas/fields.ts';
import { LogsQuery, LogsReply, StreamHeaders, StreamQuery } from '../schemas/stores.ts';
import { visibleStore } from './stores.ts';

const TAGS = ['stores'];
const DEFAULT_TAIL = 200;
const SSE = 'text/event-stream';
const NDJSON = 'application/x-ndjson';

/** What stays open: the live timeline of all stores that a person may see, and the logs of one. */
export function storeStreamRoutes(app: App, parts: Parts): void {
  app.get(
    '/stores/events/stream',
    {
      schema: {
        tags: TAGS,
        summary: 'Events of all your stores as they happen',
        description:
          'Server-sent events; the data of each is one event, as in a timeline. A store that is gone is told by an event of type `deleted` without an id. The stream ends with the key or session that it was opened with.',
        headers: StreamHeaders,
        querystring: StreamQuery,
        response: streams({ [SSE]: z.string() }, 'The stream.', [404]),
      },
    },
    async (request, reply) => {
      const { storeId = null, after } = request.query;
      if (storeId !== null) await parts.db.asUser(actorOf(request), (tx) => visibleStore(tx, storeId));
      const seen = request.headers['last-event-id'];
      const stream = parts.streams.open(request, reply, `${SSE}; charset=utf-8`);
      await parts.live.follow(stream, { lastId: seen === undefined ? (after ?? null) : Number(seen), storeId });
      return reply;
    },
  );

  app.get(
    '/stores/:id/logs',
    {
      schema: {
        tags: TAGS,
        summary: "A store's own output",
        params: IdParams,
        querystring: LogsQuery,
        response: streams(
          { 'application/json': LogsReply, [NDJSON]: z.string(), [SSE]: z.string() },
          'The last lines; with `follow` a stream of them, each as `{"line": "…"}`.',
          [404],
        ),
      },
    },
    async (request, reply) => {
      const { tail = DEFAULT_TAIL, follow = false } = request.query;
      const store = await parts.db.asUser(actorOf(request), async (tx) => {
        const found = await visibleStore(tx, request.params.id);
        await audit(tx, request, 'store.logs', { storeId: found.id, subject: found.name });
        return found;
      });
      return follow ? followLogs(parts, store, tail, request, reply) : readLogs(parts, store, tail, request);
    },
  );
}

type Ref = { id: string; slug: string; namespace: string };

async function readLogs(
  { logs }: Parts,
  ref: Ref,
  tail: number,
  request: FastifyRequest,
): Promise<{ lines: string[] }> {
  const lines: string[] = [];
  for await (const line of linesOf(await logs.read(ref, { tail, follow: false, signal: request.signal })))
    lines.push(line);
  return { lines };
}

async function followLogs(
  { logs, streams: open, log }: Parts,
  ref: Ref,
  tail: number,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const sse = (request.headers.accept ?? '').includes(SSE);
  const stream = open.open(request, reply, `${sse ? SSE : NDJSON}; charset=utf-8`);
  try {
    const output = await logs.read(ref, { tail, follow: true, signal: stream.signal });
    stream.write('');
    for await (const line of linesOf(output)) {
      const data = JSON.stringify({ line });
      stream.write(sse ? `data: ${data}\n\n` : `${data}\n`);
    }
  } catch (error) {
    if (!stream.signal.aborted) log.warn({ err: error, storeId: ref.id }, 'Following the logs of a store failed');
  } finally {
    stream.end();
  }
  return reply;
}

/** Lines as they become complete, whatever pieces the output comes in; the last one may lack its end. */
async function* linesOf(output: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of output as AsyncIterable<Buffer | string>) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }))).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
