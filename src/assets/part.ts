import { createHash } from 'node:crypto';
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './files.ts';

/** What the bytes of a part are the beginning of; kept beside it, so that a later try can go on, after a restart too. */
export interface Mark {
  url: string;
  /** What `If-Range` takes: an ETag, else a date, else nothing. */
  validator: string | null;
  /** Bytes of the whole, where the server says. */
  total: number | null;
}

/** A download under way, `bytes` long so far; `mark` is null where none was begun. */
export interface Part {
  bytes: number;
  mark: Mark | null;
}

/** What lies there of `url`. Anything that can't be gone on with counts as nothing. */
export async function readPart(path: string, url: string): Promise<Part> {
  const nothing: Part = { bytes: 0, mark: null };
  const mark = await readMark(path);
  const bytes = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (mark?.url !== url || bytes === 0) return nothing;
  return mark.total !== null && bytes > mark.total ? nothing : { bytes, mark };
}

/**
 * Where the part of a file in `folder` is kept. A home has one process, so platforms that share a folder never write to
 * the same part.
 */
export function partPath(folder: string, file: string, home: string | undefined): string {
  const mine = home === undefined ? '' : `.${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
  return join(folder, `${file}${mine}.part`);
}

/** Begins anew. */
export async function beginPart(path: string, mark: Mark): Promise<FileHandle> {
  await discardPart(path);
  await writeWhole(markFile(path), JSON.stringify(mark));
  return open(path, 'wx', 0o644);
}

export async function discardPart(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(markFile(path), { force: true });
}

function markFile(path: string): string {
  return `${path}.json`;
}

async function readMark(path: string): Promise<Mark | null> {
  try {
    return JSON.parse(await readFile(markFile(path), 'utf8')) as Mark;
  } catch {
    return null;
  }
}
