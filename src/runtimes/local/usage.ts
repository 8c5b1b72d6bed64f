import { execFile } from 'node:child_process';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const TICKS_PER_SECOND = 100; // USER_HZ: part of the kernel's interface, the same on every Linux

/** Memory (shared pages divided among those that share them) and processor time of some processes. Linux and macOS. */
export async function measureProcesses(pids: readonly number[]): Promise<{ memoryBytes: number; cpuSeconds: number }> {
  const one = platform() === 'linux' ? measureByProc : measureByPs;
  const all = await Promise.all(pids.map((pid) => one(pid).catch(() => ({ memoryBytes: 0, cpuSeconds: 0 }))));
  return {
    memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

/** Bytes that a folder takes on the disk; files that vanish meanwhile count as gone. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await folderBytes(path);
    else
      sum += await lstat(path).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      );
  }
  return sum;
}

async function measureByProc(pid: number): Promise<{ memoryBytes: number; cpuSeconds: number }> {
  const [stat, memoryBytes] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), memoryByProc(pid)]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, and those of children that have ended
  const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
  return { memoryBytes, cpuSeconds: ticks / TICKS_PER_SECOND };
}

async function memoryByProc(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const proportional = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  if (proportional) return Number(proportional) * 1024;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

async function measureByPs(pid: number): Promise<{ memoryBytes: number; cpuSeconds: number }> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=,time=', '-p', String(pid)]);
  const [rss = '0', time = '0'] = stdout.trim().split(/\s+/);
  const cpuSeconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { memoryBytes: Number(rss) * 1024, cpuSeconds };
}
