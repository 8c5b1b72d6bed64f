import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog, testDatabase, type TestDatabase } from '../../test/support/database.ts';
import { userOfApiKey } from '../db/api-keys.ts';
import { bootstrap } from './bootstrap.ts';
import { byLink } from './sign-in.ts';
import { hashToken } from './token.ts';

const publicUrl = 'http://localhost:3001';
let database: TestDatabase;
let home: string;

beforeAll(async () => {
  database = await testDatabase();
  home = await mkdtemp(join(tmpdir(), 'bootstrap-'));
});
afterAll(async () => {
  await database.close();
  await rm(home, { recursive: true });
});

const start = (folder = home, RUNTIME: 'local' | 'kubernetes' = 'local') =>
  bootstrap(database.db, { home: folder, publicUrl, RUNTIME }, silentLog);
const token = async () => (await readFile(join(home, 'token'), 'utf8')).trim();
const holder = async () => database.db.asStranger(async (tx) => userOfApiKey(tx, hashToken(await token())));

it('IDN-1: two replicas that start at once make one admin, one sign-in link, and each a token that works', async () => {
  const links = (await Promise.all([start(), start(join(home, 'other'))]))
    .map(({ signInUrl }) => signInUrl)
    .filter((url) => url !== null);
  expect(links).toHaveLength(1);
  expect(links[0]).toMatch(/^http:\/\/localhost:3001\/sign-in#token=spl_/);
  expect(await holder()).toMatchObject({ role: 'admin' });
  expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600);
  const link = links[0]?.split('token=')[1] ?? '';
  expect(await byLink(database.db, link)).toMatchObject({ email: 'admin@localhost', role: 'admin' });
  expect(await byLink(database.db, link)).toBeNull();
});

it('another start changes nothing', async () => {
  const before = await token();
  expect((await start()).signInUrl).toBeNull();
  expect(await token()).toBe(before);
});

it('a token that is missing, or that opens nothing, is made anew, and the lost one is revoked', async () => {
  const lost = await token();
  await rm(join(home, 'token'));
  await start();
  expect(await token()).not.toBe(lost);
  expect(await holder()).toMatchObject({ role: 'admin' });
  expect(await database.db.asStranger((tx) => userOfApiKey(tx, hashToken(lost)))).toBeNull();

  await writeFile(join(home, 'token'), 'spk_of-another-database');
  await chmod(join(home, 'token'), 0o644);
  await start();
  expect(await holder()).toMatchObject({ role: 'admin' });
  expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600);
});

it('a pod is nobody’s machine: on a cluster no key is written', async () => {
  await rm(join(home, 'token'));
  expect(await start(home, 'kubernetes')).toEqual({ signInUrl: null });
  await expect(token()).rejects.toThrow('ENOENT');
});
