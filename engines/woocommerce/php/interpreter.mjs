import { readFileSync, readdirSync } from 'node:fs';
import { bindUserSpace, createNodeFsMountHandler, FileLockManagerForPosix } from '@php-wasm/node';
import { getPHPLoaderModule, jspi } from '@php-wasm/node-8-3';
import { loadPHPRuntime, PHP } from '@php-wasm/universal';
import { createSpawnHandler } from '@php-wasm/util';
import { ordersMessenger } from './orders.mjs';
import { OWN_FOLDER } from './settings.mjs';

const INI_FILE = '/internal/shared/php.ini';

/**
 * Starts one PHP in this thread.
 *
 * @param options `{ ini, mounts, cwd, env, sapi }`: the text of php.ini, absolute folders of the host, the working
 * directory, the environment that `getenv` sees, and the name of the server interface (it decides whether opcache works)
 */
export async function startInterpreter({ ini, mounts, cwd, env, sapi }) {
  const runtime = await loadPHPRuntime(await getPHPLoaderModule(), {
    ENV: { ...env, USE_ZEND_ALLOC: '1' },
    processId: process.pid,
    phpWasmAsyncMode: (await jspi()) ? 'jspi' : 'asyncify',
    onRuntimeInitialized({ FS }) {
      forbidSockets(FS);
      keepUmask(FS);
    },
    bindUserSpace: bindHost,
    // Else `exit()` in PHP would end this process.
    quit(_code, error) {
      throw error;
    },
  });
  const php = new PHP(runtime);
  if (sapi) await php.setSapiName(sapi);
  // No program can be started: as a shell says it of an unknown command.
  await php.setSpawnHandler(createSpawnHandler((_command, child) => child.exit(127)));
  if (env.ORDERS_URL) php.onMessage(ordersMessenger(env.ORDERS_URL));
  php.writeFile(INI_FILE, ini);
  addOwnFiles(php);
  for (const folder of mounts) {
    php.mkdir(folder);
    await php.mount(folder, createNodeFsMountHandler(folder));
  }
  if (php.isDir(cwd)) php.chdir(cwd);
  return php;
}

/**
 * Without this PHP could open connections from here. The error is the one a process gets that may not do it, and
 * every network function of PHP knows it.
 */
function forbidSockets(FS) {
  const createNode = FS.createNode;
  const [SOCKET, EACCES] = [0o140000, 2];
  FS.createNode = (parent, name, mode, device) => {
    if ((mode & 0o170000) === SOCKET) throw new FS.ErrnoError(EACCES);
    return createNode(parent, name, mode, device);
  };
}

/** The runtime sets a new file's mode once more after making it, past the host's umask. */
function keepUmask(FS) {
  const open = FS.open;
  const mask = process.umask();
  FS.open = (path, flags, mode = 0o666) => open(path, flags, mode & ~mask);
}

/** Real locks of the operating system, so that other processes with the same file (SQLite's) are kept out too. */
function bindHost(context) {
  const bound = bindUserSpace({ fileLockManager: new FileLockManagerForPosix() }, context);
  return {
    ...bound,
    // What PHP answers for a name that nobody knows.
    gethostbyname: async (name) => name,
  };
}

function addOwnFiles(php) {
  php.mkdir(OWN_FOLDER);
  const folder = new URL('own/', import.meta.url);
  for (const name of readdirSync(folder)) php.writeFile(`${OWN_FOLDER}/${name}`, readFileSync(new URL(name, folder)));
}
