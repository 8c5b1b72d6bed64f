import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../test/support/database.ts';
import { withClient } from './connect.ts';
import { openDatabase, type Database } from './database.ts';
import { startEmbedded, type EmbeddedPostgres } from './embedded.ts';
import { isAlive } from './embedded/process.ts';
import { migrate } from './migrate.ts';

const root = process.getuid?.() === 0;
let parent: string;
let home: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'embedded-'));
  await chmod(parent, 0o711);
  home = join(parent, 'home');
  postgres = await start();
});

afterAll(async () => {
  await postgres.stop();
  await rm(parent, { recursive: true });
});

function start(): Promise<EmbeddedPostgres> {
  return startEmbedded({ home, log: silentLog });
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function setting(name: string): Promise<unknown> {
  return withClient(postgres.settings, async (client) => (await client.query(`SHOW ${name}`)).rows[0][name]);
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check().catch(() => false))) await delay(25);
}

/** A process that starts the server of the same home and then does nothing. */
async function otherPlatform() {
  const script = `
    import { pino } from 'pino';
    import { startEmbedded } from '${new URL('./embedded.ts', import.meta.url).href}';
    await startEmbedded({ home: ${JSON.stringify(home)}, log: pino({ level: 'silent' }) });
    console.log('started');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the embedded PostgreSQL', () => {
  it('keeps data safe, listens on loopback alone, and lets in only with a password', async () => {
    expect(await setting('fsync')).toBe('on');
    expect(await setting('full_page_writes')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    expect(await setting('data_checksums')).toBe('on');
    expect(await setting('listen_addresses')).toBe('127.0.0.1');
    const wrong = { ...postgres.settings, password: 'wrong' };
    await expect(withClient(wrong, async () => 1)).rejects.toMatchObject({ code: '28P01' });
    const { rows } = await withClient(postgres.settings, (client) =>
      client.query(
        'SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user',
      ),
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreatedb: true, rolcreaterole: true, rolbypassrls: false }]);
  });

  it('trap 6: opens the home only as far as it must', async () => {
    const mode = async (path: string) => ((await stat(join(home, path))).mode & 0o777).toString(8);
    expect(await mode('.')).toBe(root ? '711' : '700');
    expect(await mode('postgres')).toBe(root ? '711' : '700');
    expect(await mode('postgres/data')).toBe('700');
    expect(await mode('secrets')).toBe('700');
    expect(await mode('logs')).toBe('700');
    expect(await mode('secrets/postgres-superuser')).toBe('600');
    expect(await mode('secrets/postgres-login')).toBe('600');
    expect((await stat(join(home, 'postgres/data'))).uid === 0).toBe(false);
  });

  it("does not let a store's role into the platform's database", async () => {
    const store = { ...postgres.settings, user: 'store_role', password: 'secret' };
    await withClient(postgres.settings, (client) => client.query(`CREATE ROLE store_role LOGIN PASSWORD 'secret'`));
    for (const name of ['store_platform', 'postgres', 'template1']) {
      await expect(withClient({ ...store, name }, async () => 1)).rejects.toMatchObject({ code: '42501' });
    }
    await withClient(postgres.settings, (client) => client.query('DROP ROLE store_role'));
  });

  it('starts again with the same data and port, in well under a second', async () => {
    await withClient(postgres.settings, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS one'));
    const { settings } = postgres;
    const pid = await postmasterPid();
    await postgres.stop();
    expect(isAlive(pid)).toBe(false);
    const started = performance.now();
    postgres = await start();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(postgres.settings).toEqual(settings);
    const { rows } = await withClient(postgres.settings, (client) => client.query('SELECT * FROM kept'));
    expect(rows).toEqual([{ one: 1 }]);
  });
});

describe('trap 5: when something is killed', () => {
  let db: Database;
  beforeAll(async () => {
    await migrate(postgres.settings, silentLog);
    db = openDatabase(postgres.settings, { log: silentLog, poolSize: 2 });
  });
  afterAll(() => db.close());

  it('the server comes back, the pool recovers, and listeners hear that they may have missed something', async () => {
    let gaps = 0;
    await db.listen(
      'store_change',
      () => undefined,
      () => void (gaps += 1),
    );
    expect(gaps).toBe(1);
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await postmasterPid()) !== pid && gaps === 2);
    expect(await db.asOrchestrator(async () => 'worked')).toBe('worked');
    await db.ping();
  });

  it('the platform, its server goes on, and the next start adopts it', async () => {
    await postgres.stop();
    const platform = await otherPlatform();
    const pid = await postmasterPid();
    platform.kill('SIGKILL');
    await once(platform, 'exit');
    expect(isAlive(pid)).toBe(true);
    postgres = await start();
    expect(await postmasterPid()).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await postmasterPid()) !== pid && (await setting('fsync')) === 'on');
  });

  it('both at once, nothing is in the way of the next start', async () => {
    await postgres.stop();
    const platform = await otherPlatform();
    platform.kill('SIGKILL');
    process.kill(await postmasterPid(), 'SIGKILL');
    postgres = await start();
    expect(await setting('fsync')).toBe('on');
  });

  it('and its number goes to another process, that one is left alone', async () => {
    await postgres.stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await writeFile(
      join(home, 'postgres/data/postmaster.pid'),
      `${stranger.pid}\n${home}\n0\n1\n\n127.0.0.1\n\nready\n`,
    );
    postgres = await start();
    expect(isAlive(stranger.pid!)).toBe(true);
    expect(await postmasterPid()).not.toBe(stranger.pid);
    stranger.kill();
  });
});

describe('trap 6: what is wrong is said at start, with what to do', () => {
  it('a home that is a file', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    const started = startEmbedded({ home: join(file, 'home'), log: silentLog });
    await expect(started).rejects.toThrow(/can't be used.*STORE_PLATFORM_HOME/);
  });

  it.runIf(root)("a home that the server's account can't reach", async () => {
    const closed = join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const started = startEmbedded({ home: join(closed, 'home'), log: silentLog });
    await expect(started).rejects.toThrow(/closed is closed to the account "nobody".*STORE_PLATFORM_HOME/);
  });

  it('a port that somebody else has taken', async () => {
    await postgres.stop();
    const other = createServer().listen(postgres.settings.port, '127.0.0.1');
    await once(other, 'listening');
    await expect(start()).rejects.toThrow(/Port \d+ of the embedded PostgreSQL is taken/);
    other.close();
    await once(other, 'close');
    postgres = await start();
  });

  it('data of another major version, or no data at all', async () => {
    await postgres.stop();
    const file = join(home, 'postgres/data/PG_VERSION');
    const version = await readFile(file, 'utf8');
    await writeFile(file, '12\n');
    await expect(start()).rejects.toThrow('is of PostgreSQL 12');
    await writeFile(file, '');
    await expect(start()).rejects.toThrow('is not a data folder');
    await writeFile(file, version);
    postgres = await start();
  });

  it('a port file that holds no port', async () => {
    await postgres.stop();
    const file = join(home, 'postgres/port');
    const port = await readFile(file, 'utf8');
    await writeFile(file, 'oops');
    await expect(start()).rejects.toThrow('must hold the port');
    await writeFile(file, port);
    postgres = await start();
  });
});
