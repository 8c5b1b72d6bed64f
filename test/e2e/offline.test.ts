import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, inject, it } from 'vitest';
import { noWooCommerce } from '../support/assets.ts';

const namespaces = spawnSync('unshare', ['--net', 'ip', 'link']).status === 0;
const missing = noWooCommerce ?? (namespaces ? null : 'no right to make a network namespace with unshare and ip');

describe.skipIf(missing)(`a WooCommerce shop without a network${missing ? ` (${missing})` : ''}`, () => {
  it('is made, sells, is administered and deleted, and nothing of it tries to leave the machine', async () => {
    const program = ['--import', 'tsx', resolve(import.meta.dirname, 'offline-life.ts'), inject('home')];
    const life = spawn('unshare', ['--net', process.execPath, ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = await Promise.all([text(life.stdout), text(life.stderr), once(life, 'close')]);
    expect(life.exitCode, stderr).toBe(0);
    const { dropped, counts, statuses } = JSON.parse(stdout);
    const bad = Object.entries(statuses).filter(([path, status]) => status !== expected(path));
    expect(bad).toEqual([]);
    expect(counts, 'an attempt would have been seen').toBe(true);
    expect(dropped, 'packets that wanted to leave').toBe(0);
  });
});

/** An empty cart has no checkout, and a good login leads on. */
function expected(path: string): number {
  if (path === '/nothing/') return 404;
  return ['/checkout/', '/wp-login.php'].includes(path) ? 302 : 200;
}
