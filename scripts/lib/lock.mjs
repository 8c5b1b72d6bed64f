import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const SETTLE_MS = 50;
const ABANDONED_MS = 5000;

/**
 * Runs `work` while no other process of this user does so for the same `name`. The lock is a listening socket:
 * the kernel lets go of it when its process dies in whatever way, and a reused process number can't mislead.
 */
export async function locked(name, work, onWait = () => {}) {
  const path = join(tmpdir(), `store-platform-${process.getuid?.() ?? 0}-${sha(name)}.lock`);
  let server = await listen(path);
  if (!server) onWait();
  while (!server) {
    if (await isHeld(path)) await sleep(POLL_MS);
    else await clear(path);
    server = await listen(path);
  }
  try {
    return await work();
  } finally {
    await new Promise((done) => server.close(done));
  }
}

/** A server that listens at `path`, or null when something is there already. */
function listen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(path, () => resolve(server.unref()));
  });
}

/** Asks twice: between a holder's bind and its listen, a connection is refused although it lives. */
async function isHeld(path) {
  if ((await knock(path)) !== 'ECONNREFUSED') return true;
  await sleep(SETTLE_MS);
  return (await knock(path)) !== 'ECONNREFUSED';
}

/** The code of the error with which a connection fails, or null when it succeeds. */
function knock(path) {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(null));
    socket.once('error', (error) => resolve(error.code));
    socket.once('connect', () => socket.destroy());
  });
}

/** Only one of many waiters may clear a dead lock away, and looks again: a slower one would remove its successor. */
async function clear(path) {
  const guard = `${path}.clearing`;
  try {
    mkdirSync(guard);
  } catch {
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > ABANDONED_MS) rmSync(guard, { recursive: true, force: true });
    await sleep(SETTLE_MS);
    return;
  }
  if (!(await isHeld(path))) rmSync(path, { force: true });
  rmSync(guard, { recursive: true, force: true });
}

function sha(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
