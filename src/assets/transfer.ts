import { open, type FileHandle } from 'node:fs/promises';
import { FetchFailure, refusal } from './failures.ts';
import { beginPart, discardPart, readPart, type Mark, type Part } from './part.ts';
import { chunksOf, request } from './request.ts';

export interface TransferOptions {
  stallMs: number;
  signal: AbortSignal;
  /** Told whenever bytes have been written: how many there are, of how many, where that is known. */
  onBytes: (bytes: number, total: number | null) => void;
}

/**
 * One try to bring `url` into the file `path`, from where the last one ended. Resolves when all of it is there and on
 * the disk; what an interrupted try brought is kept for the next.
 */
export async function transfer(url: string, path: string, options: TransferOptions): Promise<void> {
  const part = await readPart(path, url);
  if (part.mark?.total === part.bytes) return options.onBytes(part.bytes, part.bytes);
  await request(url, { ...options, headers: rangeHeaders(part) }, async (response, alive) => {
    const { file, at, total } = await openPart(url, path, part, response);
    try {
      await receive(response, file, at, (bytes) => {
        alive();
        options.onBytes(bytes, total);
      }).then((bytes) => checkLength(bytes, total));
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

function rangeHeaders({ bytes, mark }: Part): Record<string, string> {
  if (mark === null) return {};
  const condition = mark.validator === null ? {} : { 'if-range': mark.validator };
  return { range: `bytes=${bytes}-`, ...condition };
}

/** Where to write what comes now: behind what is there, or into a new file when the server begins at the beginning. */
async function openPart(
  url: string,
  path: string,
  part: Part,
  response: Response,
): Promise<{ file: FileHandle; at: number; total: number | null }> {
  if (response.status === 200) {
    const mark = readResponse(url, response);
    return { file: await beginPart(path, mark), at: 0, total: mark.total };
  }
  if (response.status === 206 && part.mark && goesOn(part, part.mark, response)) {
    return { file: await open(path, 'r+'), at: part.bytes, total: rangeOf(response)?.total ?? part.mark.total };
  }
  if (response.status !== 206 && response.status !== 416) throw refusal(response);
  await discardPart(path);
  throw new FetchFailure('it has changed meanwhile', { again: true });
}

/** A server may ignore `If-Range`, or send another part than was asked for. */
function goesOn({ bytes }: Part, mark: Mark, response: Response): boolean {
  const range = rangeOf(response);
  const validator = validatorOf(response);
  if (range?.start !== bytes) return false;
  if (validator !== null && mark.validator !== null && validator !== mark.validator) return false;
  return range.total === null || mark.total === null || range.total === mark.total;
}

function rangeOf(response: Response): { start: number; total: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  return match && { start: Number(match[1]), total: match[2] === '*' ? null : Number(match[2]) };
}

function readResponse(url: string, response: Response): Mark {
  const length = response.headers.get('content-length');
  const plain = !response.headers.has('content-encoding');
  return { url, validator: validatorOf(response), total: plain && length !== null ? Number(length) : null };
}

/** A weak ETag does not promise the same bytes, so `If-Range` may not carry it. */
function validatorOf({ headers }: Response): string | null {
  const etag = headers.get('etag');
  return etag !== null && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

/** Resolves with the length that the file has then. */
async function receive(
  response: Response,
  file: FileHandle,
  from: number,
  onBytes: (bytes: number) => void,
): Promise<number> {
  let at = from;
  for await (const chunk of chunksOf(response)) {
    for (let done = 0; done < chunk.length;)
      done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    at += chunk.length;
    onBytes(at);
  }
  return at;
}

function checkLength(bytes: number, total: number | null): void {
  if (total === null || bytes === total) return;
  throw new FetchFailure(bytes < total ? 'the connection was cut off' : 'it sends more than it says', { again: true });
}
