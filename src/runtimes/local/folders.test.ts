import { chmod, copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccounts } from './accounts.ts';
import { closedToOthers, makeHome, storeFolders } from './folders.ts';
import { nodeForStores } from './node-binary.ts';

describe('folders', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-platform-folders-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('API-6: makes no path of a name that is none', () => {
    for (const slug of ['', '../x', 'a/b', '.hidden', 'A', 'a b', 'x; rm -rf /']) {
      expect(() => storeFolders('/home', slug)).toThrow('not a usable name');
    }
    expect(storeFolders('/home', 'tea-house-7f3a').data).toBe('/home/stores/tea-house-7f3a/data');
  });

  it('trap 6: says which folder keeps the accounts of stores out of the home', async () => {
    const home = join(folder, 'private/home');
    await mkdir(join(folder, 'private'), { mode: 0o700 });
    await chmod(folder, 0o711);
    await expect(makeHome(home, true)).rejects.toThrow(`${join(folder, 'private')} is closed`);
    await expect(makeHome(home, false)).resolves.toBeUndefined();
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    await chmod(join(folder, 'private'), 0o711);
    await makeHome(home, true);
    expect((await stat(home)).mode & 0o777).toBe(0o711);
  });

  it('trap 6: copies a Node that only root can reach into the home', async () => {
    const closed = join(folder, 'nvm');
    const home = join(folder, 'home');
    await mkdir(closed, { mode: 0o700 });
    await mkdir(home);
    await chmod(home, 0o711);
    await chmod(folder, 0o711);
    await copyFile(process.execPath, join(closed, 'node'));
    expect(await nodeForStores(home, false, join(closed, 'node'))).toBe(join(closed, 'node'));
    const copy = await nodeForStores(home, true, join(closed, 'node'));
    expect(copy).toContain(home);
    expect(await closedToOthers(copy)).toBeNull();
    expect(await nodeForStores(home, true, join(closed, 'node'))).toBe(copy);
  });

  it.runIf(process.getuid?.() === 0)(
    'trap 4: gives installations stretches of account numbers of their own',
    async () => {
      const [a, b] = ['0a0a0a0a-0000-4000-8000-000000000001', '0a0a0a0a-0000-4000-8000-000000000002'].map((id) =>
        openAccounts(folder, id),
      );
      const uid = (await a?.choose()) ?? 0;
      expect(a?.owns(uid)).toBe(true);
      expect(b?.owns(uid)).toBe(false);
      expect(a?.owns(0)).toBe(false);
      expect(a?.owns(a.builder)).toBe(false);
    },
  );
});
