import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const BUILT = join(import.meta.dirname, '../dist/dashboard');
const LIMIT_BYTES = 250_000;

/** Scripts that the page itself names, and those which these import before anything runs. */
function firstScripts(): string[] {
  const page = readFileSync(join(BUILT, 'index.html'), 'utf8');
  const found = new Set([...page.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? ''));
  // A set hands out what is added to it while one goes through it.
  for (const path of found) {
    const imported = read(path).matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g);
    for (const [, name] of imported) found.add(`assets/${name}`);
  }
  return [...found];
}

const read = (path: string) => readFileSync(join(BUILT, path), 'utf8');
const compressed = (paths: string[]) => paths.reduce((sum, path) => sum + gzipSync(read(path)).length, 0);

describe('the first load', () => {
  it(`is at most ${LIMIT_BYTES / 1000} kB of script, compressed`, () => {
    const scripts = firstScripts();
    expect(scripts.length).toBeGreaterThan(0);
    expect(compressed(scripts)).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('asks no other server for anything', () => {
    const page = read('index.html');
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });
});
