import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { INSTALL_PHP, WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../../engines/woocommerce/needs.ts';
import { startFileServer, type FileServer } from '../../../test/support/file-server.ts';
import { checkAssets, checkPhp } from './woocommerce.ts';

/** As PHP itself writes them. */
const ALL = 'pdo_sqlite sqlite3 ctype curl dom fileinfo gd mbstring SimpleXML xml xmlreader Zend_OPcache intl zip exif'
  .split(' ')
  .map((name) => name.replace('_OP', ' OP'));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'store-platform-doctor-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A program that says of itself what PHP would, with a warning before it, as a PHP with a broken setting has. */
async function fakePhp(version: string, extensions: readonly string[]): Promise<string> {
  const facts = JSON.stringify([version, extensions]);
  await writeFile(join(home, 'php'), `#!/bin/sh\necho 'PHP Warning: [broken]'\necho '${facts}'\n`);
  await chmod(join(home, 'php'), 0o755);
  return join(home, 'php');
}

describe('PHP', () => {
  it('that has everything is well', async () => {
    const check = await checkPhp(await fakePhp('8.2.36', ALL));
    expect(check).toEqual({ name: 'PHP', status: 'ok', message: 'version 8.2.36 with all that WooCommerce wants' });
  });

  it('without opcache works, and the note says what is lost', async () => {
    const check = await checkPhp(
      await fakePhp(
        '8.3.0',
        ALL.filter((name) => name !== 'Zend OPcache'),
      ),
    );
    expect(check).toMatchObject({ status: 'note', remedy: INSTALL_PHP });
    expect(check.message).toBe('PHP 8.3.0 lacks opcache (every page takes several times as long)');
  });

  it.each([
    ['8.0.30', ALL, 'PHP 8.0.30 is older than 8.1'],
    ['7.4.33', ALL, 'PHP 7.4.33 is older than 8.1'],
    ['8.2.36', ALL.filter((name) => !/sqlite|gd/.test(name)), 'PHP 8.2.36 lacks pdo_sqlite, sqlite3, gd'],
  ])('%s on the path that is not good enough: npm brings one', async (version, extensions, problem) => {
    await fakePhp(version, extensions);
    vi.stubEnv('PATH', `${home}:${process.env['PATH']}`);
    const check = await checkPhp(null);
    vi.unstubAllEnvs();
    const message = `${problem}; npm's is used instead, which is two to three times slower`;
    expect(check).toEqual({ name: 'PHP', status: 'note', message, remedy: INSTALL_PHP });
  });

  it('none on the path: npm brings one', async () => {
    vi.stubEnv('PATH', home);
    const check = await checkPhp(null);
    vi.unstubAllEnvs();
    expect(check.status).toBe('note');
    expect(check.message).toMatch(/^There is no PHP that can be run; npm's is used instead/);
  });

  it('one that was asked for and is not good enough keeps the platform from starting', async () => {
    const old = await checkPhp(await fakePhp('8.0.30', ALL));
    expect(old).toMatchObject({ status: 'missing', remedy: 'unset STORE_PLATFORM_PHP' });
    const none = await checkPhp(join(home, 'none'));
    expect(none.message).toBe(`${join(home, 'none')}, as STORE_PLATFORM_PHP says: There is no PHP that can be run`);
    expect(await checkPhp('npm')).toMatchObject({ status: 'note', remedy: 'unset STORE_PLATFORM_PHP' });
  });
});

describe('assets', () => {
  let server: FileServer;
  beforeEach(async () => {
    server = await startFileServer();
    for (const { url } of [WORDPRESS_ASSET, WOOCOMMERCE_ASSET]) server.files.set(`/${url}`, Buffer.from('zip'));
  });
  afterEach(() => server.close());

  it('both there: their sizes, and nobody is asked', async () => {
    await writeFile(join(home, WORDPRESS_ASSET.file), Buffer.alloc(2_500_000));
    await writeFile(join(home, WOOCOMMERCE_ASSET.file), Buffer.alloc(1_000_000));
    const message = 'wordpress-6.9.7.zip (2.5 MB) and woocommerce.10.7.0.zip (1.0 MB)';
    expect(await checkAssets(home, server.url)).toEqual({ name: 'Assets', status: 'ok', message });
    expect(server.requests).toEqual([]);
  });

  it('one missing that can be fetched: by whom and when, without fetching it', async () => {
    await writeFile(join(home, WOOCOMMERCE_ASSET.file), 'zip');
    await mkdir(join(home, WORDPRESS_ASSET.file)); // a folder is no file
    const check = await checkAssets(home, server.url);
    const host = new URL(server.url).host;
    expect(check).toMatchObject({
      status: 'note',
      message: `WordPress 6.9.7 will be fetched from ${host} when first needed`,
      remedy:
        `Or: Download ${server.url}/${WORDPRESS_ASSET.url} on another machine and put it into ${home} ` +
        'as wordpress-6.9.7.zip; then retry.',
    });
    expect(server.requests.map(({ path }) => path)).toEqual([`/${WORDPRESS_ASSET.url}`]);
  });

  it('a host that does not answer is not waited for', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const began = Date.now();
    const check = await checkAssets(home, `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    expect(Date.now() - began).toBeLessThan(5000);
    expect(check.message).toMatch(
      /^WordPress 6\.9\.7 and WooCommerce 10\.7\.0 can't be fetched .*: it does not answer$/,
    );
    expect(check.remedy).toMatch(/^Download .* and put them into .* as wordpress-6\.9\.7\.zip and woocommerce/);
    silent.closeAllConnections();
    silent.close();
  });
});
