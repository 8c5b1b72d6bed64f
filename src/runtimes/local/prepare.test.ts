import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile, mkdir, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Preparation, PreparedPart, PreparePhase } from '../../../engines/engine.ts';
import { silentLog } from '../../../test/support/database.ts';
import { noDownloads } from '../../../test/support/no-downloads.ts';
import { openAccounts } from './accounts.ts';
import { makeHome } from './folders.ts';
import { isPrepared, prepare } from './prepare.ts';
import { templateOf } from './prepare-part.ts';
import type { PrepareOptions } from './prepare-part.ts';
import { listProcesses } from './processes.ts';
import { ident, openServer } from './server.ts';

const NEVER = new AbortController().signal;

/** A phase that runs this script; `note` is a file that all phases can write to. */
function phase(name: string, script: string, database = false): PreparePhase {
  return { name, title: `Phase ${name}`, command: ['node', '-e', script], weight: 0.5, database };
}

const noteDown = (text: string) => `require('fs').appendFileSync('notes', ${JSON.stringify(text)});`;

describe('preparing an engine', () => {
  let folder: string;
  let options: PrepareOptions;
  let preparation: Preparation;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-platform-prepare-'));
    await chmod(folder, 0o711);
    const home = join(folder, 'home');
    const installationId = randomUUID();
    const accounts = openAccounts(home, installationId);
    await makeHome(home, accounts !== null);
    await mkdir(join(folder, 'app/node_modules/old'), { recursive: true });
    await writeFile(join(folder, 'app/index.js'), '');
    await mkdir(join(folder, 'front'));
    const server = openServer({ ...inject('postgres').login, name: 'postgres' }, silentLog);
    const environment = { PATH: process.env.PATH, npm_config_registry: 'https://registry.example', SECRET: 'no' };
    options = { home, installationId, accounts, server, environment, assets: noDownloads, log: silentLog };
    preparation = {
      version: '1.0.0+build',
      parts: [
        { folder: 'front-1', from: join(folder, 'front'), phases: [] },
        {
          folder: '1.0.0+build',
          from: join(folder, 'app'),
          phases: [phase('one', noteDown('1')), phase('two', noteDown('2'))],
        },
      ],
      diskBytes: 1000,
    };
  });

  afterEach(async () => {
    const { name } = templateOf(options, 'tiny', preparation.version);
    const there = await options.server.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (there.length > 0) await options.server.query(`ALTER DATABASE ${ident(name)} IS_TEMPLATE false`);
    await options.server.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`);
    await options.server.query(`DROP ROLE IF EXISTS ${ident(name)}`);
    await options.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The same preparation with other phases of its application, or another front. */
  const change = (phases: PreparePhase[] | null, front = 'front-1'): void => {
    const [first, app] = preparation.parts as [PreparedPart, PreparedPart];
    preparation = {
      ...preparation,
      parts: [
        { ...first, folder: front },
        { ...app, phases: phases ?? app.phases },
      ],
    };
  };
  const file = (name: string) => join(options.home, 'engines/tiny', name);
  const notes = () => readFile(file('1.0.0+build/notes'), 'utf8');
  const run = (signal = NEVER) => prepare(options, 'tiny', preparation, () => {}, signal);

  it('runs the phases in a copy of its own, reports progress to 1, and closes the files', async () => {
    const fractions: number[] = [];
    const { phases } = await prepare(options, 'tiny', preparation, ({ fraction }) => fractions.push(fraction), NEVER);
    expect(phases.map((one) => one.phase)).toEqual(['one', 'two']);
    expect(await notes()).toBe('12');
    expect(await readdir(file('1.0.0+build'))).toEqual(['index.js', 'notes']);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect((await stat(file('1.0.0+build/notes'))).mode & 0o777).toBe(0o644);
    expect((await stat(file('1.0.0+build/notes'))).uid).toBe(process.getuid?.());
    expect(await isPrepared(options, 'tiny', preparation)).toBe(true);
    expect((await readdir(file('.'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('tells the end of the log when a phase fails, and resumes after the last one that did not', async () => {
    const good = [phase('one', noteDown('1')), phase('two', noteDown('2'))];
    const failing = phase('two', "console.error('no network for postgres://me:secret@host/x'); process.exit(7)");
    change([phase('one', noteDown('1')), failing]);
    const failure = await run().catch(String);
    expect(failure).toMatch(/"Phase two" failed \(exit code 7\).*no network/);
    expect(failure).not.toContain('secret');
    expect(await isPrepared(options, 'tiny', preparation)).toBe(false);
    change(good);
    await run();
    expect(await notes()).toBe('12');
    expect(await readFile(join(options.home, 'logs/prepare-tiny.log'), 'utf8')).toContain('no network');
  });

  it('ends a running command with all of its children when it is aborted', async () => {
    const child = "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])";
    change([phase('one', `${noteDown('started')}${child};setInterval(() => {}, 1000)`)]);
    const controller = new AbortController();
    const running = run(controller.signal).catch((error: unknown) => error);
    while ((await notes().catch(() => '')) === '') await new Promise((resolve) => setTimeout(resolve, 20));
    const { pid } = JSON.parse(await readFile(file('1.0.0+build.process.json'), 'utf8')) as { pid: number };
    controller.abort(new Error('enough'));
    expect(String(await running)).toContain('enough');
    expect((await listProcesses()).filter((one) => one.group === pid)).toEqual([]);
  });

  it('copies only what is new, and builds only what has changed', async () => {
    await run();
    change(null, 'front-2');
    expect(await isPrepared(options, 'tiny', preparation)).toBe(false);
    await run();
    expect(await notes()).toBe('12');
    expect(await isPrepared(options, 'tiny', preparation)).toBe(true);
  });

  it('fills the template again from the beginning when a phase of it was interrupted, or it is lost', async () => {
    const url = 'process.stdout.write(process.env.DATABASE_URL)';
    const begun = [phase('one', noteDown('1')), phase('two', `${noteDown('2')}${url}`, true)];
    change([...begun, phase('three', 'process.exit(1)', true)]);
    await expect(run()).rejects.toThrow('Phase three');
    change([...begun, phase('three', noteDown('3'), true)]);
    await run();
    expect(await notes()).toBe('1223');
    expect(await isPrepared(options, 'tiny', preparation)).toBe(true);

    const { name } = templateOf(options, 'tiny', preparation.version);
    await options.server.query(`ALTER DATABASE ${ident(name)} IS_TEMPLATE false`);
    await options.server.query(`DROP DATABASE ${ident(name)}`);
    expect(await isPrepared(options, 'tiny', preparation)).toBe(false);
    await run();
    expect(await notes()).toBe('122323');
  });

  it('trap 4: hands the commands what npm needs and nothing else of the platform', async () => {
    const script = "require('fs').writeFileSync('env', JSON.stringify(process.env))";
    change([phase('one', script)]);
    await run();
    const environment = JSON.parse(await readFile(file('1.0.0+build/env'), 'utf8')) as Record<string, string>;
    expect(environment).toMatchObject({ npm_config_registry: 'https://registry.example', CI: '1' });
    expect(environment.HOME).toContain(options.home);
    expect(environment).not.toHaveProperty('SECRET');
    expect(environment).not.toHaveProperty('DATABASE_URL');
  });

  it.runIf(process.getuid?.() === 0)('runs the scripts of a thousand packages as nobody in particular', async () => {
    change([phase('one', noteDown('x')), phase('two', "require('fs').writeFileSync('who', String(process.getuid()))")]);
    await run();
    expect(Number(await readFile(file('1.0.0+build/who'), 'utf8'))).toBe(options.accounts?.builder);
  });

  it('DAY-6: refuses before it begins what would not fit on the disk', async () => {
    preparation = { ...preparation, diskBytes: 1e18 };
    await expect(run()).rejects.toThrow(/not enough disk.*1000000000\.0 GB/);
    expect(await readdir(join(options.home, 'engines')).catch(() => [])).toEqual([]);
  });
});
