import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFileServer, type FileServer } from '../../test/support/file-server.ts';
import { makeZip } from '../../test/support/zip.ts';
import { TerminalError } from '../errors.ts';
import type { Asset, AssetFile } from './asset.ts';
import { createAssets } from './assets.ts';
import type { Limits } from './limits.ts';

const CORE: Asset = {
  file: 'wordpress-6.9.7.zip',
  title: 'WordPress 6.9.7',
  url: 'release/wordpress-6.9.7.zip',
  checksums: { kind: 'sha1', url: 'release/wordpress-6.9.7.zip.sha1' },
  folder: 'wordpress',
};
const PLUGIN: Asset = {
  file: 'woocommerce.10.7.0.zip',
  title: 'WooCommerce 10.7.0',
  url: 'plugin/woocommerce.10.7.0.zip',
  checksums: { kind: 'files', url: 'plugin-checksums/woocommerce/10.7.0.json' },
  folder: 'woocommerce',
};
const [CORE_URL, CORE_SUM] = [`/${CORE.url}`, `/${CORE.checksums.url}`];
const [PLUGIN_URL, PLUGIN_LIST] = [`/${PLUGIN.url}`, `/${PLUGIN.checksums.url}`];
const QUICK: Limits = { stallMs: 250, tries: 4, backoffMs: 5, maxWaitMs: 2000 };
/** Half a megabyte arrives in several chunks. */
const BYTES = 512 * 1024;

let folder: string;
let server: FileServer;
let core: Buffer;
let plugin: Record<string, Buffer>;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'store-platform-assets-')), 'assets');
  server = await startFileServer();
  core = randomBytes(BYTES);
  server.files.set(CORE_URL, core);
  server.files.set(CORE_SUM, Buffer.from(`${hash('sha1', core)}  wordpress-6.9.7.zip\n`));
  plugin = { 'readme.txt': Buffer.from('Sells.'), 'includes/cart.php': Buffer.from('<?php'), 'empty.css': Buffer.of() };
  publish(plugin, plugin);
});
afterEach(async () => {
  await server.close();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

function hash(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

function publish(files: Record<string, Buffer>, listed: Record<string, Buffer>, algorithm = 'sha256'): void {
  const parts = Object.entries(files).map(([name, data]) => ({ name: `woocommerce/${name}`, data }));
  const list = Object.entries(listed).map(([name, data]) => [name, { [algorithm]: hash(algorithm, data) }]);
  server.files.set(PLUGIN_URL, makeZip([{ name: 'woocommerce/' }, ...parts]));
  server.files.set(PLUGIN_LIST, Buffer.from(JSON.stringify({ files: Object.fromEntries(list) })));
}

function open(limits: Partial<Limits> = {}) {
  return createAssets({ folder, baseUrl: `${server.url}/`, limits: { ...QUICK, ...limits } });
}

async function fetchOne(asset: Asset, assets = open(), onProgress = (_fraction: number) => {}): Promise<AssetFile> {
  const [file] = await assets.ensureAll([asset], onProgress, new AbortController().signal);
  return file!;
}

async function refused(asset: Asset, assets = open()): Promise<string> {
  const error: unknown = await fetchOne(asset, assets).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TerminalError);
  return (error as Error).message;
}

const toZip = () => server.requests.filter(({ path }) => path === CORE_URL);
/** By its hash: comparing half a million bytes one by one takes a second. */
const onDisk = async () => hash('sha256', await readFile(join(folder, CORE.file)));
const listed = async () => (await readdir(folder)).toSorted();

describe('what is not there', () => {
  it('is fetched once, verified, kept with its record for others to read, and used without network from then on', async () => {
    const fractions: number[] = [];
    const file = await fetchOne(CORE, open(), (fraction) => fractions.push(fraction));
    expect(file).toEqual({
      file: CORE.file,
      path: join(folder, CORE.file),
      sha256: hash('sha256', core),
      bytes: BYTES,
      source: 'download',
    });
    expect(await onDisk()).toBe(hash('sha256', core));
    expect(await listed()).toEqual([CORE.file, `${CORE.file}.json`]);
    const [there, place] = [await stat(file.path), await stat(folder)];
    expect([there.mode & 0o777, place.mode & 0o777]).toEqual([0o644, 0o755]);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect([fractions.length > 2, fractions.at(-1)]).toEqual([true, 1]);
    expect(server.requests.map(({ path }) => path)).toEqual([CORE_SUM, CORE_URL]);
    await server.close();
    expect(await fetchOne(CORE)).toEqual(file);
    server = await startFileServer();
  });

  it.each(['sha256', 'md5'])('a plugin is verified file by file by a list with %s', async (algorithm) => {
    publish(plugin, plugin, algorithm);
    expect((await fetchOne(PLUGIN)).source).toBe('download');
  });

  it('a list may allow several hashes for a file', async () => {
    const list = Object.entries(plugin).map(([name, data]) => [
      name,
      { sha256: ['0'.repeat(64), hash('sha256', data)] },
    ]);
    server.files.set(PLUGIN_LIST, Buffer.from(JSON.stringify({ files: Object.fromEntries(list) })));
    expect((await fetchOne(PLUGIN)).source).toBe('download');
  });

  it('redirects are followed', async () => {
    server.next(CORE_URL, { status: 302, headers: { location: '/elsewhere.zip' } });
    server.files.set('/elsewhere.zip', core);
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
  });
});

describe('a bad line', () => {
  it('cut off in the middle: the next try goes on where the last ended, each byte is sent once', async () => {
    server.next(CORE_URL, { cutAfter: 100_000 }, { cutAfter: 200_000 });
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
    expect(toZip().map(({ range, sent }) => [range, sent])).toEqual([
      [undefined, 100_000],
      ['bytes=100000-', 200_000],
      ['bytes=300000-', BYTES - 300_000],
    ]);
  });

  it('goes on after a restart too, and as often as something new comes', async () => {
    server.next(CORE_URL, ...[1, 2, 3, 4, 5, 6].map(() => ({ cutAfter: 10_000 })), { status: 404 });
    expect(await refused(CORE)).toContain('it answers 404');
    await fetchOne(CORE);
    expect(toZip().at(-1)).toMatchObject({ range: 'bytes=60000-', sent: BYTES - 60_000 });
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  it('a server that sends nothing any more is left, and gone on with', async () => {
    server.next(CORE_URL, { stallAfter: 100_000 }, { stallAfter: 0 });
    await fetchOne(CORE);
    expect(toZip().map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=100000-']);
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  it('a server that does not even answer is left, with a message in the end', async () => {
    const never = new Promise(() => {});
    server.next(CORE_SUM, { until: never }, { until: never });
    expect(await refused(CORE, open({ tries: 2 }))).toContain('it does not answer any more');
  });

  it('a server that ignores Range begins again', async () => {
    server.next(CORE_URL, { cutAfter: 100_000 }, { ignoreRange: true });
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  it('a server that always begins again and always breaks off at the same place is left', async () => {
    server.next(CORE_URL, ...Array.from({ length: 20 }, () => ({ cutAfter: 100_000, ignoreRange: true })));
    expect(await refused(CORE)).toContain('the connection was cut off');
    expect(toZip()).toHaveLength(1 + QUICK.tries - 1);
  });

  it('a file that has changed between two tries is begun again, whether the server minds If-Range or not', async () => {
    const old = randomBytes(BYTES);
    server.next(CORE_URL, { body: old, cutAfter: 100_000 });
    await fetchOne(CORE);
    expect(toZip().map(({ status }) => status)).toEqual([200, 200]);
    expect(toZip()[1]?.ifRange).toBe(`"${hash('sha1', old)}"`);
    await rm(join(folder, CORE.file));
    const range = { 'content-range': `bytes 100000-${BYTES - 1}/${BYTES}` };
    server.next(CORE_URL, { body: old, cutAfter: 100_000 }, { status: 206, headers: range });
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  it('without anything to tell a version by, the checksum has the last word', async () => {
    const old = randomBytes(BYTES);
    server.next(CORE_URL, { body: old, cutAfter: 100_000, noValidator: true }, { noValidator: true }, null);
    await fetchOne(CORE);
    expect(toZip().map(({ status }) => status)).toEqual([200, 206, 200]);
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  it('a part of something else is no harm, nor one that is complete, nor one that is longer than the whole', async () => {
    await fetchOne(CORE);
    const part = join(folder, `${CORE.file}.part`);
    for (const [bytes, mark] of [
      [Buffer.from('other'), { url: `${server.url}/other.zip`, validator: null, total: 9 }],
      [Buffer.from('other'), 'no JSON'],
      [Buffer.concat([core, core]), { url: server.url + CORE_URL, validator: null, total: BYTES }],
      [core, { url: server.url + CORE_URL, validator: null, total: BYTES }],
    ] as const) {
      await rm(join(folder, CORE.file));
      await writeFile(part, bytes);
      await writeFile(`${part}.json`, typeof mark === 'string' ? mark : JSON.stringify(mark));
      await fetchOne(CORE);
      expect(await onDisk()).toBe(hash('sha256', core));
      expect(await listed()).toEqual([CORE.file, `${CORE.file}.json`]);
    }
    expect(toZip()).toHaveLength(4); // the complete one was only verified
  });
});

describe('a server that answers with an error', () => {
  it('503, 408 and 429 are tried again', async () => {
    server.next(CORE_SUM, { status: 503 });
    server.next(CORE_URL, { status: 503 }, { status: 408 }, { status: 429 });
    await fetchOne(CORE);
    expect(toZip().map(({ status }) => status)).toEqual([503, 408, 429, 200]);
  });

  it('waits as long as Retry-After asks, and does not when that is too long', async () => {
    server.next(CORE_URL, { status: 429, headers: { 'retry-after': '1' } });
    const began = Date.now();
    await fetchOne(CORE);
    expect(Date.now() - began).toBeGreaterThan(950);
    await rm(join(folder, CORE.file));
    server.next(CORE_URL, { status: 503, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } });
    expect(await refused(CORE)).toContain('it answers 503');
    expect(toZip()).toHaveLength(3);
  });

  it('404 is not, and the message says what to do', async () => {
    server.files.delete(CORE_URL);
    expect(await refused(CORE)).toBe(
      `WordPress 6.9.7 can't be fetched from ${new URL(server.url).host}: it answers 404. ` +
        `Download ${server.url}${CORE_URL} on another machine and put it into ${folder} as ${CORE.file}; then retry.`,
    );
    expect(toZip()).toHaveLength(1);
  });

  it('one message names all that is missing; what could be had is kept', async () => {
    server.files.delete(CORE_URL);
    const signal = new AbortController().signal;
    const both = open().ensureAll([CORE, PLUGIN], () => {}, signal);
    await expect(both).rejects.toThrow(
      /^WordPress 6\.9\.7 can't be fetched .* as wordpress-6\.9\.7\.zip; then retry\.$/,
    );
    expect(existsSync(join(folder, PLUGIN.file))).toBe(true);
    await rm(join(folder, PLUGIN.file));
    await server.close();
    await expect(open().ensureAll([CORE, PLUGIN], () => {}, signal)).rejects.toThrow(
      new TerminalError(
        `WordPress 6.9.7 and WooCommerce 10.7.0 can't be fetched from ${new URL(server.url).host}: the connection was ` +
          `refused. Download ${server.url}${CORE_URL} and ${server.url}${PLUGIN_URL} on another machine and put them ` +
          `into ${folder} as ${CORE.file} and ${PLUGIN.file}; then retry.`,
      ),
    );
    server = await startFileServer();
  });

  it('an unknown host is named as such', async () => {
    const assets = createAssets({ folder, baseUrl: 'http://downloads.invalid', limits: QUICK });
    expect(await refused(CORE, assets)).toMatch(/from downloads\.invalid: its name .*\(DNS\)\. Download http/);
  });

  it('a folder that can not be made is named as such', async () => {
    await writeFile(folder, 'a file');
    expect(await refused(CORE)).toMatch(/the folder can't be made/);
    await rm(folder);
  });
});

describe('verification', () => {
  it('wrong bytes are fetched once more from the start, then refused; nothing is left', async () => {
    server.next(CORE_URL, { body: randomBytes(BYTES) }, null);
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
    await rm(folder, { recursive: true });
    server.next(CORE_URL, { body: randomBytes(BYTES) }, { body: randomBytes(BYTES) });
    expect(await refused(CORE)).toMatch(/what came is not what was published \(its SHA-1 is [0-9a-f]{40} instead/);
    expect(await listed()).toEqual([]);
  });

  it('a length that is too short or too long is noticed', async () => {
    server.next(CORE_URL, { length: BYTES - 1000 }, null);
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
    await rm(join(folder, CORE.file));
    server.next(CORE_URL, { length: BYTES + 1000, cutAfter: BYTES }, null);
    await fetchOne(CORE);
    expect(await onDisk()).toBe(hash('sha256', core));
  });

  const other = Buffer.from('other');
  it.each([
    [
      'a wrong file',
      () => publish({ ...plugin, 'readme.txt': other }, plugin),
      'readme.txt in it is not the listed one',
    ],
    ['an unlisted file', () => publish({ ...plugin, 'x.php': other }, plugin), 'x.php in it is not listed'],
    ['a missing file', () => publish(plugin, { ...plugin, 'x.php': other }), 'x.php is not in it'],
    ['no zip', () => server.files.set(PLUGIN_URL, other), 'it is damaged'],
  ])('%s in a plugin is refused', async (_what, change, words) => {
    change();
    expect(await refused(PLUGIN)).toContain(words);
    expect(await listed()).toEqual([]);
  });

  it.each([
    ['missing', () => server.files.delete(PLUGIN_LIST), 'for its checksums it answers 404'],
    ['no JSON', () => server.files.set(PLUGIN_LIST, Buffer.from('<html>')), "its checksums can't be read"],
    ['empty', () => server.files.set(PLUGIN_LIST, Buffer.from('{"files":{}}')), "its checksums can't be read"],
    [
      'too long',
      () => server.files.set(PLUGIN_LIST, Buffer.alloc(17 * 1024 * 1024)),
      'its list of checksums is too long',
    ],
  ])('a list that is %s means that nothing is fetched', async (_what, change, words) => {
    change();
    expect(await refused(PLUGIN)).toContain(words);
    expect(server.requests.map(({ path }) => path)).toEqual([PLUGIN_LIST]);
  });

  it('a checksum that is none means that nothing is fetched', async () => {
    server.files.set(CORE_SUM, Buffer.from('Not here'));
    expect(await refused(CORE)).toContain("its checksums can't be read");
    expect(toZip()).toEqual([]);
  });
});

describe('callers at the same time', () => {
  it('share one download; each hears how far it is', async () => {
    const assets = open();
    const heard = [0, 0, 0];
    const all = heard.map((_, n) => fetchOne(CORE, assets, (fraction) => (heard[n] = fraction)));
    expect(new Set((await Promise.all(all)).map(({ sha256 }) => sha256)).size).toBe(1);
    expect(heard).toEqual([1, 1, 1]);
    expect(toZip()).toHaveLength(1);
  });

  it('one that aborts leaves alone; the last one stops it, and a new one goes on where it was', async () => {
    server.next(CORE_URL, { stallAfter: 100_000 });
    const assets = open({ stallMs: 20_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    let fraction = 0;
    const one = assets.ensureAll([CORE], () => {}, first.signal);
    const two = assets.ensureAll([CORE], (now) => (fraction = now), second.signal);
    await expect.poll(() => fraction).toBeGreaterThan(0.15);
    first.abort(new Error('first has enough'));
    await expect(one).rejects.toThrow('first has enough');
    expect(toZip()).toHaveLength(1);
    second.abort(new Error('second too'));
    await expect(two).rejects.toThrow('second too');
    expect((await fetchOne(CORE, assets)).source).toBe('download');
    expect(toZip()[1]?.range).toBe('bytes=100000-');
  });

  it('an aborted signal begins nothing', async () => {
    await expect(open().ensureAll([CORE], () => {}, AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
    expect(server.requests).toEqual([]);
  });

  it('a wait between two tries ends with the abort', async () => {
    server.next(CORE_URL, { status: 503, headers: { 'retry-after': '2' } });
    const stop = new AbortController();
    const pending = open().ensureAll([CORE], () => {}, stop.signal);
    await expect.poll(() => toZip().length).toBe(1);
    const began = Date.now();
    stop.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    expect(Date.now() - began).toBeLessThan(1000);
  });

  it('platforms that share the folder do no harm to each other', async () => {
    server.next(CORE_URL, { stallAfter: 100_000 }, { cutAfter: 150_000 }, { body: randomBytes(BYTES) });
    const platforms = ['/home/a', '/home/b', '/home/c'].map((home) =>
      createAssets({ folder, baseUrl: server.url, home, limits: QUICK }),
    );
    const files = await Promise.all(platforms.map((assets) => fetchOne(CORE, assets)));
    expect(files.map(({ sha256 }) => sha256)).toEqual(files.map(() => hash('sha256', core)));
    expect(await onDisk()).toBe(hash('sha256', core));
    expect(await listed()).toEqual([CORE.file, `${CORE.file}.json`]);
  });
});

describe("an operator's file", () => {
  const theirs = Buffer.from('theirs');

  it('wins without any network, and its hash is recorded', async () => {
    await fetchOne(PLUGIN); // makes the folder
    server.requests.length = 0;
    await writeFile(join(folder, CORE.file), theirs);
    const file = await fetchOne(CORE);
    expect([file.source, file.sha256, file.bytes]).toEqual(['operator', hash('sha256', theirs), theirs.length]);
    const record = JSON.parse(await readFile(`${file.path}.json`, 'utf8'));
    expect(record).toMatchObject({ source: 'operator', sha256: file.sha256, bytes: theirs.length });
    expect((await fetchOne(CORE)).source).toBe('operator');
    expect(server.requests).toEqual([]);
  });

  it('in the place of a download of ours is theirs', async () => {
    await fetchOne(CORE);
    await writeFile(join(folder, CORE.file), theirs);
    expect((await fetchOne(CORE)).source).toBe('operator');
  });

  it('that comes while ours is under way stays', async () => {
    const put = new AbortController();
    server.next(CORE_URL, { until: once(put.signal, 'abort') });
    const pending = fetchOne(CORE, open({ stallMs: 10_000 }));
    await expect.poll(() => toZip().length).toBe(1);
    await writeFile(join(folder, CORE.file), theirs);
    put.abort();
    expect(await pending).toMatchObject({ source: 'operator', sha256: hash('sha256', theirs) });
    expect(await onDisk()).toBe(hash('sha256', theirs));
    expect(await listed()).toEqual([CORE.file, `${CORE.file}.json`]);
  });

  it('that comes by the time that we give up is as good', async () => {
    const put = new AbortController();
    server.next(CORE_URL, { status: 404, until: once(put.signal, 'abort') });
    const pending = fetchOne(CORE);
    await expect.poll(() => toZip().length).toBe(1);
    await writeFile(join(folder, CORE.file), theirs);
    put.abort();
    expect((await pending).source).toBe('operator');
  });

  it('that is none is named', async () => {
    await fetchOne(PLUGIN);
    await mkdir(join(folder, CORE.file));
    expect(await refused(CORE)).toMatch(/wordpress-6\.9\.7\.zip can't be read\. Put a file there/);
  });
});
