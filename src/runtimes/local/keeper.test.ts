import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../test/support/database.ts';
import { AppError } from '../../errors.ts';
import { Keeper } from './keeper.ts';
import type { Launch } from './launch.ts';

const NEVER = new AbortController().signal;

describe('a keeper', () => {
  let folder: string;
  let reachable: boolean;
  let wake: () => void;
  let keeper: Keeper;

  const launch = (script: string): Launch => ({
    command: [process.execPath, '-e', script],
    env: {},
    cwd: folder,
    uid: null,
    logFile: join(folder, 'log'),
    processFile: join(folder, 'process.json'),
    port: 1,
    healthPath: '/',
    hash: '',
  });
  /** Resolves when the keeper next tells of a change. */
  const change = () => new Promise<void>((resolve) => (wake = resolve));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-platform-keeper-'));
    reachable = true;
    wake = () => undefined;
    keeper = new Keeper({
      log: silentLog,
      processFile: join(folder, 'process.json'),
      clear: async () => undefined,
      databaseReachable: async () => reachable,
      lastWords: async () => '',
      changed: () => wake(),
    });
  });

  afterEach(async () => {
    keeper.letGo();
    await rm(folder, { recursive: true, force: true });
  });

  it('blames nobody for falling while the database server is away', async () => {
    reachable = false;
    let starts = 0;
    keeper.use(async () => {
      starts += 1;
      return launch('process.exit(1)');
    });
    const fallen = change();
    await keeper.start(NEVER);
    await fallen;
    expect(await keeper.trouble()).toBeNull();
    await change();
    expect(starts).toBe(2);
    expect(await keeper.trouble()).toBeNull();
    reachable = true;
    // It waits for its next start, and has not been counted as falling.
    expect(await keeper.trouble()).toMatchObject({ terminal: false });
  });

  it('tries again when it can not even work out how to start', async () => {
    const errors = [new AppError('DEPENDENCY_UNAVAILABLE', 'away'), new Error('odd')];
    keeper.use(async () => launch('process.exit(1)'));
    const fallen = change();
    await keeper.start(NEVER);
    await fallen;
    keeper.use(async () => {
      const error = errors.shift();
      if (error) throw error;
      return launch('process.exit(2)');
    });
    await change();
    expect(errors).toEqual([]);
    expect((await keeper.trouble())?.message).toContain('exit code 2');
  });

  it('starts nothing any more once it has let go', async () => {
    let starts = 0;
    keeper.use(async () => {
      starts += 1;
      return launch('process.exit(1)');
    });
    const fallen = change();
    await keeper.start(NEVER);
    await fallen;
    keeper.letGo();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(starts).toBe(1);
    await expect(keeper.healthy('/', NEVER)).rejects.toThrow('does not run');
  });

  it('says so when the program can not be started at all', async () => {
    keeper.use(async () => ({ ...launch(''), command: ['/no/such/program'] }));
    await expect(keeper.start(NEVER)).rejects.toThrow('ENOENT');
  });
});
