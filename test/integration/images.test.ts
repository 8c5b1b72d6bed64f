import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../engines/woocommerce/needs.ts';
import { root, version } from '../../src/root.ts';

/** Notes how it was called and what is in the folder that it is to build from. */
const BUILDER = `#!/bin/sh
echo "$*" >> "$0.calls"
(cd "$3" && ls -d assets/* engines/woocommerce/* 2>/dev/null) >> "$0.found"
case "$2" in *dashboard*) exit 3;; esac
`;

let folder: string;
let builder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-platform-images-'));
  builder = join(folder, 'builder');
  writeFileSync(builder, BUILDER);
  chmodSync(builder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

async function images(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts/images.ts'), ...args], {
    env: {
      PATH: process.env['PATH'],
      STORE_PLATFORM_ASSETS: folder,
      // Nothing listens there: no test asks a host elsewhere.
      STORE_PLATFORM_ASSETS_URL: 'http://127.0.0.1:9',
      IMAGE_BUILD_COMMAND: `${builder}  build`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

const read = (name: string): string => readFileSync(`${builder}.${name}`, 'utf8');

describe('KUB-8: npm run images', () => {
  it('names all images with their tags, which are those of the engines for stores', async () => {
    const { code, stdout } = await images(['--print']);
    const lines = stdout.trim().split('\n');
    expect([code, lines]).toEqual([
      0,
      [
        `docker.io/store-platform/platform:${version}`,
        `docker.io/store-platform/dashboard:${version}`,
        expect.stringMatching(/^docker\.io\/store-platform\/medusa:[\w.-]+$/),
        expect.stringMatching(/^docker\.io\/store-platform\/woocommerce:[\w.-]+$/),
      ],
    ]);
  });

  it('builds those that are asked for with the command that is given, and prints what it has made', async () => {
    const args = ['medusa', 'platform', '--prefix', 'registry.example/shops/', '--json'];
    const { code, stdout } = await images(args, { NODE_EXTRA_CA_CERTS: '/etc/hosts' });
    expect(code).toBe(0);
    const [platform, medusa] = JSON.parse(stdout);
    expect(platform).toEqual({ name: 'registry.example/shops/platform', tag: version, seconds: expect.any(Number) });
    expect(medusa.name).toBe('registry.example/shops/medusa');
    expect(read('calls').trim().split('\n')).toEqual([
      `build registry.example/shops/platform:${version} ${root} -f ${root}/image/Dockerfile --secret id=ca,src=/etc/hosts`,
      `build registry.example/shops/medusa:${medusa.tag} ${root} -f ${root}/engines/medusa/image/Dockerfile --secret id=ca,src=/etc/hosts`,
    ]);
  });

  it('leaves WooCommerce out where its downloads can not be had, and fails only if it was asked for', async () => {
    const { code, stdout, stderr } = await images(['woocommerce']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('woocommerce is left out: ');
    expect(stderr).toContain(`put them into ${folder} as ${WORDPRESS_ASSET.file} and ${WOOCOMMERCE_ASSET.file}`);
  });

  it('gives WooCommerce a folder of its own with the downloads in it', async () => {
    for (const { file } of [WORDPRESS_ASSET, WOOCOMMERCE_ASSET]) writeFileSync(join(folder, file), 'zip');
    expect((await images(['woocommerce'])).code).toBe(0);
    const found = read('found').split('\n');
    expect(found).toEqual(
      expect.arrayContaining([
        `assets/${WORDPRESS_ASSET.file}`,
        `assets/${WOOCOMMERCE_ASSET.file}`,
        'engines/woocommerce/image',
        'engines/woocommerce/wordpress',
      ]),
    );
  });

  it('ends with 1 where a build fails, with 2 for what it does not know, and says what to do without a builder', async () => {
    const broken = await images(['dashboard']);
    expect([broken.code, broken.stdout, broken.stderr]).toEqual([1, '', expect.stringContaining('exit code 3')]);
    expect((await images(['nonsense'])).code).toBe(2);
    expect((await images(['--nonsense'])).code).toBe(2);
    const none = await images(['platform'], { IMAGE_BUILD_COMMAND: '', PATH: folder });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('Install docker or buildah')]);
  });
});
