import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import { factsOf, startOf } from './processes.ts';

/** Everything that is needed to start a store's process. Holds secrets: only in memory. */
export interface Launch {
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  uid: number | null;
  logFile: string;
  processFile: string;
  port: number;
  healthPath: string;
  /** Tells whether a running process was started by the same plan. */
  hash: string;
}

/** What the process file keeps of a running process, so that the next platform can adopt it. No secrets. */
export interface ProcessRecord {
  pid: number;
  started: string;
  port: number;
  hash: string;
}

/**
 * Starts a process in a group and session of its own. Its output goes straight to the log file, so it neither needs nor
 * notices the platform. Rejects when it can't be started.
 */
export async function start(launch: Launch): Promise<{ child: ChildProcess; record: ProcessRecord }> {
  const { child, record } = spawnAndRecord(launch);
  if (record) return { child, record };
  const [error] = await new Promise<[Error | null]>((resolve) => {
    child.once('error', (failure) => resolve([failure]));
    child.once('exit', () => resolve([null]));
  });
  throw error ?? new Error('The process ended at once.');
}

/** The record of the process that was last started, if that very process still runs. */
export async function runningRecord(processFile: string): Promise<ProcessRecord | null> {
  const record = await readRecord(processFile);
  if (!record) return null;
  return (await factsOf(record.pid))?.started === record.started ? record : null;
}

async function readRecord(processFile: string): Promise<ProcessRecord | null> {
  try {
    return JSON.parse(await readFile(processFile, 'utf8')) as ProcessRecord;
  } catch {
    return null;
  }
}

/** Nothing is awaited between the spawn and its record: a process without one could not be adopted. */
function spawnAndRecord(launch: Launch): { child: ChildProcess; record: ProcessRecord | null } {
  const child = spawnDetached(launch);
  const started = child.pid === undefined ? null : startOf(child.pid);
  if (child.pid === undefined || started === null) return { child, record: null };
  const record = { pid: child.pid, started, port: launch.port, hash: launch.hash };
  const draft = `${launch.processFile}.new`;
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  renameSync(draft, launch.processFile);
  return { child, record };
}

function spawnDetached(launch: Pick<Launch, 'command' | 'env' | 'cwd' | 'uid' | 'logFile'>): ChildProcess {
  const [program = '', ...args] = launch.command;
  const output = openSync(launch.logFile, 'a', 0o600);
  // The child inherits it; it is put back before anything else can run. (Workers have no umask to set.)
  const umask = isMainThread ? process.umask(0o077) : null;
  try {
    const child = spawn(program, args, {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      stdio: ['ignore', output, output],
      ...(launch.uid === null ? {} : { uid: launch.uid, gid: launch.uid }),
    });
    child.unref();
    return child;
  } finally {
    if (umask !== null) process.umask(umask);
    closeSync(output);
  }
}
