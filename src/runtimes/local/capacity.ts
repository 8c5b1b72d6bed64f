import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { freemem, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Room } from '../runtime.ts';

/** Bytes that new processes can have without anything being pushed out: of the machine or, in a container, of its limit. */
export async function freeMemory(): Promise<number> {
  if (platform() === 'darwin') return freeOnDarwin();
  return Math.min(freemem(), await freeInGroup());
}

/** Bytes that ordinary accounts can still write below `folder`. */
export async function freeDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** What this machine, or the container's limit, has for the stores whose files are below `folder`. */
export async function measureRoom(folder: string): Promise<Room> {
  const [memoryLimit, freeBytes, { bavail, blocks, bsize }] = await Promise.all([
    readFile('/sys/fs/cgroup/memory.max', 'utf8').catch(() => ''),
    freeMemory(),
    statfs(folder),
  ]);
  const totalBytes = Math.min(totalmem(), /^\d+/.test(memoryLimit) ? Number(memoryLimit) : Number.POSITIVE_INFINITY);
  return { memory: { freeBytes, totalBytes }, disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize } };
}

/** What a control group (version 2) leaves; file pages that it could give back count as free. */
async function freeInGroup(folder = '/sys/fs/cgroup'): Promise<number> {
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8').catch(() => '');
  const [limit, used, details] = await Promise.all([read('memory.max'), read('memory.current'), read('memory.stat')]);
  if (!/^\d+/.test(limit)) return Number.POSITIVE_INFINITY;
  const reclaimable = Number(/^inactive_file (\d+)/m.exec(details)?.[1] ?? 0);
  return Number(limit) - Number(used) + reclaimable;
}

/** macOS calls hardly any memory free; what it could hand out at once is in the other counters. */
async function freeOnDarwin(): Promise<number> {
  const { stdout } = await promisify(execFile)('/usr/bin/vm_stat');
  const size = Number(/page size of (\d+)/.exec(stdout)?.[1] ?? 4096);
  const pages = ['free', 'inactive', 'speculative', 'purgeable'].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm').exec(stdout)?.[1] ?? 0),
  );
  return size * pages.reduce((sum, count) => sum + count, 0);
}
