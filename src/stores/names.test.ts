import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNamespace, makeSlug, nameProblem } from './names.ts';

describe('API-6: names', () => {
  it.each(['Tea House', 'abc', 'a-b_c 9', 'x'.repeat(255), '007'])('%s can be used', (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  it.each([
    ['ab', 'at least 3'],
    ['x'.repeat(256), 'at most 255'],
    ['Test; rm -rf /', 'may hold only'],
    ['Café', 'may hold only'],
    ['a\nbc', 'may hold only'],
    ['../..', 'may hold only'],
    ['- _ -', 'letter or digit'],
  ])('%s can not', (name, problem) => {
    expect(nameProblem(name)).toContain(problem);
  });
});

const anyName = fc.stringMatching(/^[a-zA-Z0-9-_ ]{3,255}$/).filter((name) => nameProblem(name.trim()) === null);
const anyId = fc.uuid();

describe('slugs and namespaces', () => {
  it('are readable', () => {
    expect(makeSlug('Tea House', '7f3a')).toBe('tea-house-7f3a');
    expect(makeSlug('  --Tea__House!! ', '7f3a')).toBe('tea-house-7f3a');
    expect(makeNamespace('tea-house-7f3a', '12345678-0000-4000-8000-000000000000')).toBe(
      'store-tea-house-7f3a-12345678',
    );
  });

  it('differ for equal names', () => {
    expect(new Set(Array.from({ length: 20 }, () => makeSlug('Tea House'))).size).toBeGreaterThan(15);
  });

  it('KUB-2: are always DNS labels of at most 63 characters', () => {
    const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
    fc.assert(
      fc.property(anyName, anyId, (name, id) => {
        const slug = makeSlug(name);
        const namespace = makeNamespace(slug, id);
        for (const text of [slug, namespace]) {
          expect(text).toMatch(label);
          expect(text.length).toBeLessThanOrEqual(63);
        }
        expect(namespace.endsWith(id.slice(0, 8))).toBe(true);
      }),
    );
  });
});
