import { resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../../src/db/connect.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/platform.ts';

const PROGRAMS = resolve(import.meta.dirname, '../../dist/src');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

function run(program: string, args: string[] = [], changes: Record<string, string> = {}) {
  const { host, user, password = '', name, port } = database.settings;
  const settings = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name };
  const env = { ...settings, PUBLIC_URL: 'https://platform.example.com', PATH: process.env['PATH'], ...changes };
  return execa(process.execPath, [`${PROGRAMS}/${program}.js`, ...args], { env, extendEnv: false, reject: false });
}

it('admin-main prints a way in, and nothing else', async () => {
  const link = await run('admin-main', ['sign-in-link']);
  expect(link).toMatchObject({ exitCode: 0, stderr: '' });
  expect(link.stdout).toMatch(/^https:\/\/platform\.example\.com\/sign-in#token=spl_[\w-]{43}$/);
  const key = await run('admin-main', ['api-key', 'ci']);
  expect([key.exitCode, key.stdout]).toEqual([0, expect.stringMatching(/^spk_[\w-]{43}$/)]);
});

it('admin-main says how it is used, and what it can not do', async () => {
  for (const args of [[], ['nonsense'], ['api-key'], ['api-key', ' '], ['sign-in-link', 'x']]) {
    const { exitCode, stdout, stderr } = await run('admin-main', args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining('Usage:')]);
  }
  const embedded = await run('admin-main', ['sign-in-link'], { DB_HOST: '' });
  expect([embedded.exitCode, embedded.stderr]).toEqual([2, expect.stringContaining('DATABASE_URL')]);
});

it('migrate-main migrates an empty database, and may be run again', async () => {
  const name = `${database.settings.name}_empty`;
  const administer = (statement: string) =>
    withClient({ ...database.settings, name: 'postgres' }, async (client) => void (await client.query(statement)));
  await administer(`CREATE DATABASE ${name}`);
  try {
    for (let time = 0; time < 2; time++) {
      const { exitCode, stdout, stderr } = await run('migrate-main', [], { DB_NAME: name });
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('The database is up to date');
    }
    expect(await run('admin-main', ['sign-in-link'], { DB_NAME: name })).toMatchObject({ exitCode: 0 });
  } finally {
    await administer(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});

it('migrate-main waits for the database, and ends when it is told to', async () => {
  const waiting = run('migrate-main', [], { DB_PORT: String(await freePort()) });
  for await (const line of waiting.iterable()) {
    if (!line.includes('does not answer')) continue;
    waiting.kill('SIGTERM');
    break;
  }
  const { exitCode, stderr } = await waiting;
  expect([exitCode, stderr]).toEqual([1, 'The migration was told to stop.']);
});

it('migrate-main says in words what is wrong', async () => {
  const { exitCode, stderr } = await run('migrate-main', [], { DB_USER: 'nobody_of_that_name' });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('refuses the user nobody_of_that_name')]);
});
