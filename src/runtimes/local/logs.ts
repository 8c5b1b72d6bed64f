import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const ROTATE_BYTES = 10 * 1024 * 1024;
const GENERATIONS = 3;
const CHUNK = 64 * 1024;
const POLL_MS = 1000; // where file notifications are not to be had, or are lost

/**
 * Moves a log's content to `.1` (and that of `.1` to `.2`, …) once it is large. The writer keeps its open file, so the
 * content is copied and the file emptied; it must have been opened for appending. At most 3 old ones are kept.
 */
export async function rotate(file: string, limit = ROTATE_BYTES): Promise<boolean> {
  const size = await sizeOf(file);
  if (size < limit) return false;
  for (let n = GENERATIONS - 1; n >= 1; n -= 1) {
    await rename(`${file}.${n}`, `${file}.${n + 1}`).catch(ifMissing);
  }
  await copyFile(file, `${file}.1`);
  await truncate(file, 0);
  return true;
}

/** The last `count` lines of a log, over its older generations too, oldest first. Missing files are empty. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  return (await tailOf(file, count)).lines;
}

/**
 * A log as chunks of whole lines: its last `tail` lines and then, with `follow`, what is appended until the signal
 * fires. Goes on over a rotation and over the file's making.
 */
export async function* readLog(
  file: string,
  options: { tail: number; follow: boolean; signal: AbortSignal },
): AsyncGenerator<string> {
  const { lines, end } = await tailOf(file, options.tail);
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
  if (options.follow) yield* follow(file, end, options.signal);
}

async function* follow(file: string, from: number, signal: AbortSignal): AsyncGenerator<string> {
  const changes = watchFile(file, signal);
  let offset = from;
  let partial = Buffer.alloc(0);
  while (!signal.aborted) {
    const size = await sizeOf(file);
    // Emptied by a rotation: the rest of what we were reading is in the copy.
    if (size < offset) {
      for await (const chunk of chunks(`${file}.1`, offset)) partial = Buffer.concat([partial, chunk]);
      offset = 0;
    }
    for await (const chunk of chunks(file, offset)) {
      offset += chunk.length;
      partial = Buffer.concat([partial, chunk]);
      if (partial.length > CHUNK * 4) break; // let the reader keep up
    }
    // A line without an end must not fill the memory.
    const whole = partial.lastIndexOf(0x0a) + 1 || (partial.length > CHUNK * 4 ? partial.length : 0);
    if (whole > 0) yield partial.subarray(0, whole).toString('utf8');
    partial = partial.subarray(whole);
    if (whole === 0) await changes.next();
  }
}

/** Waits for the file to change, or for a second where that can't be seen. */
function watchFile(file: string, signal: AbortSignal): { next: () => Promise<void> } {
  let changed = false;
  let wake: (() => void) | null = null;
  try {
    const watcher = watch(file, { persistent: false, signal }, () => {
      changed = true;
      wake?.();
    });
    watcher.on('error', () => {});
  } catch {
    // Not there yet, or no watches left: polling alone.
  }
  return {
    next: async () => {
      const woken = new AbortController();
      wake = () => woken.abort();
      // What came while the last chunk was read is not waited for.
      if (!changed)
        await sleep(POLL_MS, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {});
      changed = false;
    },
  };
}

async function* chunks(file: string, from: number): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r').catch(ifMissing);
  if (!handle) return;
  try {
    for (let at = from; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Reads backwards, so that the cost is by what is asked for and not by how long the shop has run. */
async function tailOf(file: string, count: number): Promise<{ lines: string[]; end: number }> {
  const generations = [file, ...Array.from({ length: GENERATIONS }, (_, n) => `${file}.${n + 1}`)];
  const parts: string[][] = [];
  let missing = count;
  let end = 0;
  for (const [n, name] of generations.entries()) {
    if (missing <= 0) break;
    const handle = await open(name, 'r').catch(ifMissing);
    if (!handle) continue;
    try {
      const found = await tailOfOne(handle, missing, n === 0);
      parts.unshift(found.lines);
      missing -= found.lines.length;
      if (n === 0) end = found.end;
    } finally {
      await handle.close();
    }
  }
  return { lines: parts.flat(), end };
}

/** `end` is where the last whole line ends; in a file that is still written to, what comes after it isn't shown yet. */
async function tailOfOne(
  handle: FileHandle,
  count: number,
  growing: boolean,
): Promise<{ lines: string[]; end: number }> {
  const { size } = await handle.stat();
  let text = Buffer.alloc(0);
  let at = size;
  while (at > 0 && newlines(text) <= count) {
    const length = Math.min(CHUNK, at);
    at -= length;
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
    text = Buffer.concat([buffer, text]);
  }
  const whole = growing ? text.lastIndexOf(0x0a) + 1 : text.length;
  const lines = text.subarray(0, whole).toString('utf8').replace(/\n$/, '').split('\n');
  return { lines: whole === 0 || count === 0 ? [] : lines.slice(-count), end: at + whole };
}

function newlines(text: Buffer): number {
  let found = 0;
  for (const byte of text) if (byte === 0x0a) found += 1;
  return found;
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
