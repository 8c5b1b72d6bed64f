import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

/** A process as the kernel shows it. */
export interface ProcessFacts {
  pid: number;
  group: number;
  uid: number;
  /** Together with the pid it is unique: pids are used again, start times within one boot are not. */
  started: string;
}

const onLinux = platform() === 'linux';
const run = promisify(execFile);
const PS = { env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' } };

/** All processes that still do something; the dead ones that nobody has buried yet are left out. */
export async function listProcesses(): Promise<ProcessFacts[]> {
  if (!onLinux) return listByPs();
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map((name) => factsOf(Number(name))));
  return found.filter((facts) => facts !== null);
}

export async function factsOf(pid: number): Promise<ProcessFacts | null> {
  if (!onLinux) return (await listByPs()).find((facts) => facts.pid === pid) ?? null;
  try {
    const [text, owner] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), stat(`/proc/${pid}`)]);
    return isDead(text) ? null : parseStat(pid, text, owner.uid);
  } catch {
    return null; // it has ended
  }
}

/** When a process that we have just spawned was started, without letting go of the thread. It may have ended already. */
export function startOf(pid: number): string | null {
  try {
    if (!onLinux)
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], PS)
          .toString()
          .trim() || null
      );
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'), 0).started;
  } catch {
    return null;
  }
}

/** The environment that a process was started with, where we may read it; empty otherwise. */
export async function environmentOf(pid: number): Promise<string[]> {
  if (!onLinux) return [];
  return readFile(`/proc/${pid}/environ`, 'utf8').then(
    (text) => text.split('\0'),
    () => [],
  );
}

/**
 * Ends processes: politely first, by force after `graceMs`. `find` is asked again and again, because they may make new
 * ones while they go. Resolves when none is found any more, or when even force has not helped for ten seconds.
 */
export async function endProcesses(find: () => Promise<ProcessFacts[]>, graceMs: number): Promise<void> {
  const asked = await find();
  for (const { pid } of asked) deliver(pid, 'SIGTERM');
  await waitUntilGone(asked, Date.now() + graceMs);
  const enough = Date.now() + 10_000;
  while (Date.now() < enough) {
    const left = await find();
    if (left.length === 0) return;
    for (const { pid } of left) deliver(pid, 'SIGKILL');
    await waitUntilGone(left, Date.now() + 1000);
  }
}

/** Other people's children can't be waited for, only looked at. */
async function waitUntilGone(processes: ProcessFacts[], deadline: number): Promise<void> {
  let left = processes;
  for (let wait = 10; left.length > 0 && Date.now() < deadline; wait = Math.min(wait * 2, 100)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const now = await Promise.all(
      left.map(async (one) => ((await factsOf(one.pid))?.started === one.started ? one : null)),
    );
    left = now.filter((one) => one !== null);
  }
}

function deliver(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile; whether all have is looked at afterwards.
  }
}

let boot: string | undefined;

function parseStat(pid: number, text: string, uid: number): ProcessFacts {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const fields = fieldsOf(text);
  return { pid, group: Number(fields[2]), uid, started: `${boot}/${fields[19]}` };
}

/** Ended, and nobody has asked for its exit code: in containers there is often no init that does. */
function isDead(text: string): boolean {
  return /^[ZX]/.test(fieldsOf(text)[0] ?? '');
}

/** What follows the second field, the program's name in parentheses, which may hold anything, parentheses too. */
function fieldsOf(text: string): string[] {
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function listByPs(): Promise<ProcessFacts[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,pgid=,uid=,stat=,lstart='], PS);
  return stdout.split('\n').flatMap((line) => {
    const [pid, group, uid, state, ...started] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), group: Number(group), uid: Number(uid), started: started.join(' ') }];
  });
}
