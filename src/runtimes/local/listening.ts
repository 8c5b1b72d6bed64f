import { readFile, readdir, readlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { listProcesses } from './processes.ts';

const LISTENING = '0A'; // linux/include/net/tcp_states.h, as /proc/net/tcp prints it

/**
 * True when one of the process group's own sockets listens on the port. A port that was free when the process was
 * started may have been taken by somebody else before it got there, and their answer is not the shop's.
 * Where the kernel does not tell (macOS), what answers is taken to be the shop.
 */
export async function groupListensOn(group: number, port: number): Promise<boolean> {
  if (platform() !== 'linux') return true;
  const sockets = await listeningSockets(port);
  const members = (await listProcesses()).filter((facts) => facts.group === group);
  const open = await Promise.all(members.map(({ pid }) => openFiles(pid)));
  return open.flat().some((file) => sockets.has(file));
}

/** The sockets that listen on a port, named as `/proc/<pid>/fd` names them. */
async function listeningSockets(port: number): Promise<Set<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((line) => line.trim().split(/\s+/));
  const ours = rows.filter(([, local, , state]) => local?.endsWith(suffix) && state === LISTENING);
  return new Set(ours.map((row) => `socket:[${row[9]}]`));
}

async function openFiles(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
}
