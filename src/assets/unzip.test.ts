import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip, type ZipPart } from '../../test/support/zip.ts';
import { TerminalError } from '../errors.ts';
import { unzip, type UnzipOptions } from './unzip.ts';

let home: string;
let into: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'store-platform-unzip-'));
  into = join(home, 'into');
  await mkdir(into);
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function unpack(zip: Buffer | readonly ZipPart[], options: Partial<UnzipOptions> = {}) {
  const path = join(home, 'shop.zip');
  await writeFile(path, Buffer.isBuffer(zip) ? zip : makeZip(zip as ZipPart[]));
  return unzip(path, into, { folder: 'shop', signal: new AbortController().signal, ...options });
}

/** The message of the refusal, and that it left nothing anywhere. */
async function refused(zip: Buffer | readonly ZipPart[], options: Partial<UnzipOptions> = {}): Promise<string> {
  const error: unknown = await unpack(zip, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TerminalError);
  expect([await readdir(into), (await readdir(home)).toSorted()]).toEqual([[], ['into', 'shop.zip']]);
  return (error as Error).message;
}

async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd').catch(() => [])).length;
}

const GOOD: ZipPart = { name: 'shop/index.php', data: '<?php echo 1;' };
const [LINK, PIPE, DEVICE] = [0o120777, 0o010644, 0o060644];

describe('a sound zip', () => {
  it('appears whole, with folders that it does not list, readable for all and writable for one', async () => {
    const fractions: number[] = [];
    const big = Buffer.alloc(300_000, 'content ');
    const parts: ZipPart[] = [
      { name: 'shop/deep/er/big.txt', data: big, mode: 0o100777 },
      { name: 'shop/', mode: 0o040700 },
      { name: 'shop/stored.txt', data: 'as it is', method: 0 },
      { name: 'shop/empty.txt' },
      { name: 'shop/made elsewhere.txt', data: 'no mode', mode: 0 },
      { name: 'shop/none/' },
    ];
    const before = process.umask(0o077);
    const unpacked = await unpack(parts, { onProgress: (fraction) => fractions.push(fraction) });
    process.umask(before);
    expect(unpacked).toEqual({ files: 4, bytes: 300_015 });
    expect((await readFile(join(into, 'shop/deep/er/big.txt'))).equals(big)).toBe(true);
    expect(await readFile(join(into, 'shop/stored.txt'), 'utf8')).toBe('as it is');
    const modes = ['shop', 'shop/none', 'shop/deep/er', 'shop/deep/er/big.txt', 'shop/empty.txt'].map(
      async (path) => (await stat(join(into, path))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o755, 0o755, 0o755, 0o644, 0o644]);
    expect([fractions.length, fractions.at(-1)]).toEqual([4, 1]);
    expect(await readdir(into)).toEqual(['shop']);
  });

  it('replaces what lay there, also what an interrupted one left, and touches nothing beside it', async () => {
    await mkdir(join(into, 'shop/old'), { recursive: true });
    await mkdir(join(into, '.unzip-shop/shop/half'), { recursive: true });
    await writeFile(join(into, 'beside.txt'), '');
    await unpack([GOOD]);
    expect((await readdir(into)).toSorted()).toEqual(['beside.txt', 'shop']);
    expect(await readdir(join(into, 'shop'))).toEqual(['index.php']);
  });

  it('an abort leaves what lay there', async () => {
    await mkdir(join(into, 'shop/old'), { recursive: true });
    const stop = new AbortController();
    const pending = unpack([GOOD, { name: 'shop/second.php', data: 'x' }], {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(pending).rejects.toThrow('enough');
    expect([await readdir(into), await readdir(join(into, 'shop'))]).toEqual([['shop'], ['old']]);
  });
});

describe('a hostile zip is refused, by the name of the entry, and leaves nothing', () => {
  it.each<[string, ZipPart]>([
    ['leads out of its folder', { name: '../evil.php' }],
    ['leads out of its folder', { name: 'shop/../../evil.php' }],
    ['leads out of its folder', { name: 'shop/..' }],
    ['has an absolute path', { name: '/etc/evil' }],
    ['has an absolute path', { name: 'C:/evil.php' }],
    ['has an absolute path', { name: 'c:evil.php' }],
    ['has a backslash in its name', { name: 'shop\\evil.php' }],
    ['has a backslash in its name', { name: '..\\evil.php' }],
    ['has a control character in its name', { name: 'shop/evil.php\0.txt' }],
    ['has a control character in its name', { name: 'shop/evil\n.php' }],
    ['has no plain path', { name: 'shop//evil.php' }],
    ['has no plain path', { name: 'shop/./evil.php' }],
    ['has no plain path', { name: '' }],
    ['is not in the folder shop', { name: 'other/evil.php' }],
    ['is not in the folder shop', { name: 'shop2/evil.php' }],
    ['is not in the folder shop', { name: 'evil.php' }],
    ['is not in the folder shop', { name: 'shop' }],
    ['is not in the folder shop', { name: 'SHOP/evil.php' }],
    ['has too long a name', { name: `shop/${'e'.repeat(256)}` }],
    ['is a symbolic link', { name: 'shop/link', data: '/etc/passwd', mode: LINK }],
    ['is a special file', { name: 'shop/pipe', mode: PIPE }],
    ['is a special file', { name: 'shop/disk', mode: DEVICE }],
    ['is both a file and a folder', { name: 'shop/odd', mode: 0o040755 }],
    ['is both a file and a folder', { name: 'shop/odd/', mode: 0o100644 }],
    ['is a folder that has content', { name: 'shop/odd/', data: 'x' }],
    ['is encrypted', { name: 'shop/secret.php', data: 'x', encrypted: true }],
    ['is compressed in a way that is not known', { name: 'shop/new.php', data: 'x', method: 12 }],
    ['is there twice', { name: 'shop/index.php', data: 'other' }],
    ['is there twice', { name: 'shop/INDEX.php', data: 'other' }],
    ['is there twice', { name: 'shop/index.php/' }],
    ['lies below a file', { name: 'shop/index.php/evil.php' }],
  ])('%s: %j', async (words, part) => {
    const message = await refused([GOOD, part]);
    expect(message).toContain(`shop.zip is refused: its entry ${JSON.stringify(part.name)} ${words}.`);
    expect(message).toContain(`Put the right file there as ${join(home, 'shop.zip')}, or delete it; then retry.`);
  });

  it('a file in the place of a folder that was made for others', async () => {
    expect(await refused([{ name: 'shop/a/b.php' }, { name: 'shop/A' }])).toContain('"shop/A" is there twice');
  });

  it('accents that are written in two ways are one name', async () => {
    expect(await refused([{ name: 'shop/caf\u00e9' }, { name: 'shop/cafe\u0301' }])).toContain('is there twice');
  });

  it('too many entries, too many bytes, and none at all', async () => {
    const limits = { entries: 2, bytes: 1000, fileBytes: 990 };
    expect(await refused([GOOD, { name: 'shop/2' }, { name: 'shop/3' }], { limits })).toContain('more than 2 entries');
    expect(await refused([GOOD, { name: 'shop/2', data: Buffer.alloc(990) }], { limits })).toContain(
      'unpacks to more than 1000 bytes',
    );
    expect(await refused([{ name: 'shop/2', data: Buffer.alloc(991) }], { limits })).toContain(
      '"shop/2" is longer than 990 bytes',
    );
    expect(await refused([])).toContain('shop.zip is refused: it is empty');
  });

  it('a bomb that lies about its size is left at the size that it claims', async () => {
    const bomb = { name: 'shop/bomb', data: Buffer.alloc(50_000_000), claims: 10 };
    const message = await refused([GOOD, bomb], { limits: { entries: 10, bytes: 1000, fileBytes: 100_000 } });
    expect(message).toMatch(/shop\.zip is damaged: "shop\/bomb": it is longer than it says/);
  });
});

describe('a damaged zip is named, and leaves nothing', () => {
  const whole = makeZip([
    { name: 'shop/long.txt', data: Buffer.from(Array.from({ length: 9000 }, (_, n) => n % 251)) },
  ]);

  it.each<[string, Buffer]>([
    ['cut off', whole.subarray(0, -30)],
    ['empty', Buffer.of()],
    ['no zip', Buffer.from('<html>Not found</html>')],
    ['other bytes in the middle', Buffer.from(whole.map((byte, n) => (n > 60 && n < 90 ? byte ^ 0xff : byte)))],
    ['a wrong checksum', makeZip([{ ...GOOD, crc: 7 }])],
    ['less than it claims', makeZip([{ ...GOOD, claims: 500 }])],
    ['a directory that points nowhere', Buffer.concat([whole.subarray(0, 20), whole.subarray(40)])],
  ])('%s', async (_what, zip) => {
    expect(await refused(zip)).toMatch(/^shop\.zip is damaged: .+\. Put the right file there as .*; then retry\.$/);
  });

  it('what fails among many keeps no file open, and does not end the process', async () => {
    const parts: ZipPart[] = Array.from({ length: 40 }, (_, n) => ({ name: `shop/${n}`, data: randomBytes(90_000) }));
    Object.assign(parts[5]!, { crc: 7 });
    const before = await openFiles();
    for (let n = 0; n < 10; n += 1) await refused(parts);
    expect(await openFiles()).toBeLessThan(before + 5);
  });

  it('a file that is not there is a fault of another kind', async () => {
    const nowhere = unzip(join(home, 'none.zip'), into, { folder: 'shop', signal: new AbortController().signal });
    await expect(nowhere).rejects.toThrow('ENOENT');
  });
});
