import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered worse than it should be. */
export interface Misbehaviour {
  status?: number;
  headers?: Record<string, string>;
  /** Ends the connection after so many bytes of the body. */
  cutAfter?: number;
  /** Sends so many bytes of the body, then nothing, and keeps the connection open. */
  stallAfter?: number;
  ignoreRange?: boolean;
  /** Leaves out what a later request could say that it has the same version by. */
  noValidator?: boolean;
  /** What Content-Length says. */
  length?: number;
  /** Other content than published. */
  body?: Buffer;
  /** Held until this resolves. */
  until?: Promise<unknown>;
}

export interface FileServer {
  url: string;
  /** What is published, by path; may be changed, and the ETag changes with it. */
  files: Map<string, Buffer>;
  /** All requests so far, in order. */
  requests: { path: string; range: string | undefined; ifRange: string | undefined; status: number; sent: number }[];
  /** How the next requests for a path are answered, one each; null: as it should be. */
  next(path: string, ...answers: (Misbehaviour | null)[]): void;
  close(): Promise<void>;
}

/** A server for downloads as they should be: ETag, Range and If-Range. And as they are, where a test says so. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Buffer>();
  const queues = new Map<string, (Misbehaviour | null)[]>();
  const requests: FileServer['requests'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const { range, 'if-range': condition } = request.headers;
    const seen = { path, range, ifRange: condition as string | undefined, status: 0, sent: 0 };
    requests.push(seen);
    void answer(request, response, files.get(path), queues.get(path)?.shift() ?? {}, seen);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    next: (path, ...answers) => queues.set(path, [...(queues.get(path) ?? []), ...answers]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  published: Buffer | undefined,
  wrong: Misbehaviour,
  seen: { status: number; sent: number },
): Promise<void> {
  await wrong.until;
  const whole = wrong.body ?? published;
  if (wrong.status !== undefined || whole === undefined) {
    seen.status = wrong.status ?? 404;
    response.writeHead(seen.status, wrong.headers).end(`it says ${seen.status}`);
    return;
  }
  const etag = `"${createHash('sha1').update(whole).digest('hex')}"`;
  const start = wrong.ignoreRange ? 0 : wantedStart(request, etag);
  const body = whole.subarray(start);
  seen.status = start > 0 ? 206 : 200;
  response.writeHead(seen.status, {
    'content-length': wrong.length ?? body.length,
    ...(wrong.noValidator ? {} : { etag }),
    ...(start > 0 ? { 'content-range': `bytes ${start}-${whole.length - 1}/${whole.length}` } : {}),
    ...wrong.headers,
  });
  const stop = wrong.cutAfter ?? wrong.stallAfter;
  const part = body.subarray(0, stop);
  seen.sent = part.length;
  if (request.method === 'HEAD') response.end();
  else if (stop === undefined) response.end(part);
  else response.write(part, () => wrong.stallAfter === undefined && setTimeout(() => response.destroy(), 20));
}

function wantedStart({ headers }: IncomingMessage, etag: string): number {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  return headers['if-range'] === undefined || headers['if-range'] === etag ? start : 0;
}
