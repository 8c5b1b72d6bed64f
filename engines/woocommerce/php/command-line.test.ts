import { describe, expect, it } from 'vitest';
import { Complaint, readCommandLine } from './arguments.mjs';
import { foldersToMount } from './mounts.mjs';
import { serverSettings } from './settings.mjs';

const all = () => true;

describe('the command line', () => {
  it('is a web server with -S', () => {
    expect(readCommandLine(['-d', 'a=b=c', '-dflag', '-S', '127.0.0.1:8080', '-t', '/www', 'router.php'])).toEqual({
      serve: {
        settings: [
          ['a', 'b=c'],
          ['flag', '1'],
        ],
        host: '127.0.0.1',
        port: 8080,
        root: '/www',
        router: 'router.php',
      },
    });
  });

  it('is a script without it, and then PHP reads the arguments itself', () => {
    const args = ['-d', 'memory_limit=1M', 'bake.php', 'install', '-S', 'x'];
    expect(readCommandLine(args)).toEqual({ script: { args, settings: [['memory_limit', '1M']], path: 'bake.php' } });
    expect(readCommandLine(['-r', 'echo 1;'])).toEqual({ script: { args: ['-r', 'echo 1;'], settings: [] } });
  });

  it.each([
    [['-S', '127.0.0.1', 'r.php'], /HOST:PORT/],
    [['-S', '127.0.0.1:70000', 'r.php'], /HOST:PORT/],
    [['-S', '127.0.0.1:80'], /router/],
    [['-d'], /-d needs a value/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => readCommandLine(args)).toThrow(Complaint);
    expect(() => readCommandLine(args)).toThrow(message);
  });

  it('knows addresses of version 6', () => {
    expect(readCommandLine(['-S', '[::1]:80', 'r.php']).serve).toMatchObject({ host: '::1', port: 80, root: '.' });
  });
});

describe('the folders that PHP sees', () => {
  const named = { files: ['/app/bake.php'], folders: ['/work'], env: { TMPDIR: '/store/.tmp', STORE_DIR: '/store' } };

  it('are those that the command line and the environment name', () => {
    expect(foldersToMount({ settings: [], ...named }, all)).toEqual(['/work', '/app', '/store']);
  });

  it('are those of open_basedir alone where it is set, and the one for temporary files', () => {
    const settings: [string, string][] = [['open_basedir', '/code:/code/inner/:/shop']];
    expect(foldersToMount({ settings, ...named }, all)).toEqual(['/code', '/shop', '/store/.tmp']);
  });

  it('leave out what is missing, the root, and the interpreter’s own places', () => {
    const settings: [string, string][] = [['open_basedir', '/:/proc:/internal/x:/dev:/gone:/code']];
    expect(foldersToMount({ settings, env: {} }, (path) => path !== '/gone')).toEqual(['/code']);
  });
});

describe('php.ini', () => {
  it('lets the command line win, and quotes as php -d does', () => {
    const lines = serverSettings(
      [
        ['memory_limit', '1G'],
        ['error_log', '/a b'],
        ['error_reporting', 'E_ALL'],
      ],
      '/tmp/x',
    ).split('\n');
    expect(lines.indexOf('memory_limit=1G')).toBeGreaterThan(lines.indexOf('memory_limit=256M'));
    expect(lines).toEqual(
      expect.arrayContaining(['error_log="/a b"', 'error_reporting=E_ALL', 'sys_temp_dir="/tmp/x"']),
    );
  });

  it('refuses a value that would begin a line of its own', () => {
    expect(() => serverSettings([['a', 'b\nauto_prepend_file=/evil']], undefined)).toThrow(/line break/);
  });
});
