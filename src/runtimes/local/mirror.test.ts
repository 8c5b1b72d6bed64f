import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mirror } from './mirror.ts';

let folder: string;
let from: string;
let to: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-platform-mirror-'));
  from = join(folder, 'from');
  to = join(folder, 'to');
  await mkdir(join(from, 'deep/er'), { recursive: true });
  await writeFile(join(from, 'deep/er/a.txt'), 'a');
  await chmod(join(from, 'deep/er/a.txt'), 0o640);
  await symlink('/etc/hostname', join(from, 'link'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('trap 1: makes a folder equal: adds, changes, removes, and keeps modes, times and links', async () => {
  await mirror(from, to);
  await writeFile(join(to, 'deep/er/a.txt'), 'b');
  await writeFile(join(to, 'new.txt'), 'new');
  await mkdir(join(to, 'deep/new'));
  await mirror(from, to);
  expect(await readFile(join(to, 'deep/er/a.txt'), 'utf8')).toBe('a');
  expect((await stat(join(to, 'deep/er/a.txt'))).mode & 0o777).toBe(0o640);
  expect(await readlink(join(to, 'link'))).toBe('/etc/hostname');
  await expect(stat(join(to, 'new.txt'))).rejects.toThrow('ENOENT');
  await expect(stat(join(to, 'deep/new'))).rejects.toThrow('ENOENT');
});

it('does not touch what is equal, and replaces what has become something else', async () => {
  await mirror(from, to);
  const before = await stat(join(to, 'deep/er/a.txt'));
  await rm(join(to, 'link'));
  await mkdir(join(to, 'link/inside'), { recursive: true });
  await mirror(from, to);
  expect((await stat(join(to, 'deep/er/a.txt'))).ino).toBe(before.ino);
  expect(await readlink(join(to, 'link'))).toBe('/etc/hostname');
  const soon = new Date(Date.now() + 5000);
  await utimes(join(to, 'deep/er/a.txt'), soon, soon);
  await mirror(from, to);
  expect((await stat(join(to, 'deep/er/a.txt'))).mtimeMs).toBeCloseTo(before.mtimeMs, 0);
});
