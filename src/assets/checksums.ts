import { z } from 'zod';
import type { Checksums } from './asset.ts';
import { FetchFailure, refusal } from './failures.ts';
import type { Limits } from './limits.ts';
import { persist } from './persist.ts';
import { chunksOf, request } from './request.ts';

/** The hashes that are right for one file, in lower case; more than one where it was published more than once. */
export interface FileHash {
  algorithm: 'sha256' | 'md5';
  allowed: readonly string[];
}

export type Published = { kind: 'sha1'; sha1: string } | { kind: 'files'; files: ReadonlyMap<string, FileHash> };

/** A list for ten thousand files is 2 MB long. */
const LONGEST = 16 * 1024 * 1024;

const hashes = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat().map(lowered));
const FileList = z.object({
  files: z.record(z.string(), z.object({ md5: hashes.optional(), sha256: hashes.optional() })),
});

/** Fetches what the publisher says that the zip, or each file in it, must hash to. Rejects with FetchFailure. */
export async function fetchChecksums(
  kind: Checksums['kind'],
  url: string,
  { limits, signal }: { limits: Limits; signal: AbortSignal },
): Promise<Published> {
  const get = () => request(url, { stallMs: limits.stallMs, signal }, readText);
  const text = await persist(get, { limits, signal });
  const published = kind === 'sha1' ? readSha1(text) : readList(text);
  if (published === null) throw new FetchFailure("its checksums can't be read", { again: false });
  return published;
}

async function readText(response: Response, alive: () => void): Promise<string> {
  if (!response.ok) throw refusal(response, 'for its checksums it answers');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response)) {
    alive();
    bytes += chunk.length;
    if (bytes > LONGEST) throw new FetchFailure('its list of checksums is too long', { again: false });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Forty hex digits, perhaps with the file's name behind. */
function readSha1(text: string): Published | null {
  const sha1 = /^\s*([0-9a-f]{40})(\s|$)/i.exec(text)?.[1];
  return sha1 === undefined ? null : { kind: 'sha1', sha1: lowered(sha1) };
}

function readList(text: string): Published | null {
  const list = FileList.safeParse(parseJson(text)).data;
  if (!list || Object.keys(list.files).length === 0) return null;
  const files = new Map<string, FileHash>();
  for (const [path, { sha256, md5 }] of Object.entries(list.files)) {
    const allowed = sha256 ?? md5;
    if (!allowed) return null;
    files.set(path, { algorithm: sha256 ? 'sha256' : 'md5', allowed });
  }
  return { kind: 'files', files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lowered(hash: string): string {
  return hash.toLowerCase();
}
