import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * One platform per home. Plain Node has no flock; a file with a pid in it lies after a crash, and two that find it stale
 * can both take it. A listening socket is freed by the kernel when its process ends, however it ends, and answers across
 * containers that share the home. Each holder binds the next number; binding creates the file and fails where there is
 * one, so a number has one winner; whoever wins looks again and gives way to a higher one. The highest number is never
 * removed, so numbers are never used twice.
 */

export interface HomeLock {
  release(): Promise<void>;
}

/** Another platform uses this home. `pid` is null when it did not say. */
export class HomeInUseError extends Error {
  override readonly name = 'HomeInUseError';
  readonly pid: number | null;

  constructor(home: string, pid: number | null) {
    super(
      `The platform already runs on ${home}${pid === null ? '' : ` (process ${pid})`}. ` +
        'Stop that one first, or set STORE_PLATFORM_HOME to another folder.',
    );
    this.pid = pid;
  }
}

/** Takes the home for this process until it ends. Throws HomeInUseError when another process has it. */
export async function lockHome(home: string): Promise<HomeLock> {
  const folder = join(home, 'lock');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const way = await shortWay(folder);
  try {
    for (;;) {
      const top = await highest(folder);
      const holder = top === 0 ? null : await ask(way.to(top));
      if (holder) throw new HomeInUseError(home, holder.pid);
      const server = await bind(way.to(top + 1));
      if (!server) continue;
      if ((await highest(folder)) === top + 1) return await held(folder, top + 1, server);
      await close(server);
    }
  } finally {
    await way.clear();
  }
}

async function held(folder: string, number: number, server: Server): Promise<HomeLock> {
  const older = (await readdir(folder)).filter((name) => Number(name) < number);
  for (const name of older) await rm(join(folder, name), { force: true });
  server.unref();
  return {
    async release() {
      // Closing removes the socket's file: another must hold the number's place first.
      await writeFile(join(folder, String(number + 1)), '', { flag: 'wx' }).catch(() => {});
      await close(server);
    },
  };
}

/** What connecting to a dead holder's socket, a removed one or a mere file answers. */
const NOBODY = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/** Who listens there; null when nobody does. Never waits longer than a second for the answer. */
function ask(path: string): Promise<{ pid: number | null } | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    const done = () => {
      socket.destroy();
      resolve({ pid: Number(text) || null });
    };
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(NOBODY.has(String(code)) ? null : { pid: null }));
    socket.once('connect', () => setTimeout(done, 1000).unref());
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.once('end', done);
  });
}

/** Null when the number is taken. */
function bind(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function highest(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map(Number).filter(Number.isInteger);
  return Math.max(0, ...numbers);
}

const SOCKET_PATH_LIMIT = 90; // bytes; the kernel's own is 107, on macOS 103, and a number follows

/** Socket paths are short by law; a deep home is reached through a link. */
async function shortWay(folder: string): Promise<{ to: (number: number) => string; clear: () => Promise<void> }> {
  if (Buffer.byteLength(folder) < SOCKET_PATH_LIMIT) {
    return { to: (number) => join(folder, String(number)), clear: async () => {} };
  }
  const link = join(tmpdir(), `sp-${randomBytes(6).toString('hex')}`);
  await symlink(folder, link);
  return { to: (number) => join(link, String(number)), clear: () => rm(link, { force: true }) };
}
