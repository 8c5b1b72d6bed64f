import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../../errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Folders } from './folders.ts';

const run = promisify(execFile);

/** Below the ports that systems hand out for outgoing connections, above those of the stores. */
const PORTS = { min: 25_000, max: 32_000 };

/** The environment of PostgreSQL's programs: nothing of ours, and messages in English, because we read them. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/**
 * Makes the data folder and chooses its port, unless that was done before. An attempt that was interrupted leaves
 * nothing that counts: the folder gets its name last. Rejects for data of another PostgreSQL major version.
 */
export async function initialise(
  folders: Folders,
  installed: string,
  binaries: Binaries,
  account: Account | null,
  superuserPassword: string,
): Promise<{ port: number }> {
  const portFile = join(folders.postgres, 'port');
  if (existsSync(folders.data)) {
    await assertMajor(folders.data, binaries);
    return { port: await readPort(portFile) };
  }
  const port = await choosePort();
  await writeFile(portFile, `${port}\n`);
  const fresh = `${folders.data}.unfinished`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  if (account) await chown(fresh, account.uid, account.gid);
  await initdb(fresh, installed, folders, account, superuserPassword);
  await rename(fresh, folders.data);
  return { port };
}

async function assertMajor(data: string, binaries: Binaries): Promise<void> {
  const major = Number.parseInt(await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => ''), 10);
  if (major === binaries.major) return;
  throw new Error(
    Number.isNaN(major)
      ? `${data} is not a data folder of PostgreSQL. Move it away, or restore it from a backup.`
      : `The data in ${data} is of PostgreSQL ${major}, and this version of the platform brings ${binaries.major}. ` +
          `Start the version of the platform that made it, or move the folder away to begin anew.`,
  );
}

async function readPort(portFile: string): Promise<number> {
  const port = Number(await readFile(portFile, 'utf8').catch(() => ''));
  if (Number.isInteger(port) && port > 1023 && port < 65_536) return port;
  throw new Error(`${portFile} must hold the port of the embedded PostgreSQL, a number from 1024 to 65535.`);
}

/** The locale is PostgreSQL's own, so that an update of the system's never reorders an index. */
async function initdb(
  data: string,
  installed: string,
  folders: Folders,
  account: Account | null,
  password: string,
): Promise<void> {
  const passwordFile = join(folders.postgres, 'initdb-password');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await chmod(passwordFile, 0o600);
    if (account) await chown(passwordFile, account.uid, account.gid);
    await run(
      join(installed, 'bin/initdb'),
      [
        `--pgdata=${data}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--data-checksums',
        '--no-instructions',
      ],
      { cwd: data, env: SERVER_ENVIRONMENT, ...(account && { uid: account.uid, gid: account.gid }) },
    );
  } catch (error) {
    throw new Error(`The embedded PostgreSQL could not be set up: ${errorText(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function choosePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(PORTS.min, PORTS.max);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${PORTS.min} and ${PORTS.max} for the embedded PostgreSQL`);
}

/** Whether a server on this machine could listen there now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
