import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, bringUp } from '../../../test/contracts/runtime.ts';
import { makeLocalSubject } from '../../../test/support/local-subject.ts';
import type { LocalSubject } from '../../../test/support/local-subject.ts';
import type { TinyStore } from '../../../test/support/tiny-engine/engine.ts';
import type { Runtime } from '../runtime.ts';

const NEVER = new AbortController().signal;
const asRoot = process.getuid?.() === 0;

describe.each(['medusa', 'woocommerce'] as const)(
  'trap 4: isolation of shops that keep their data as %s does',
  (kind) => {
    let subject: LocalSubject;
    let runtime: Runtime;

    beforeAll(async () => {
      subject = await makeLocalSubject(kind);
      runtime = subject.runtime;
      await runtime.start();
      await runtime.prepare(kind, subject.engine.preparation, () => {}, NEVER);
    });
    afterAll(async () => {
      try {
        await runtime.stop();
      } finally {
        await subject.close();
      }
    });

    async function up(): Promise<TinyStore> {
      const store = subject.engine.store();
      await bringUp(runtime, store);
      return store;
    }
    const see = (store: TinyStore) => runtime.observe(store.ref, store.plan);

    it.runIf(asRoot)(
      "lets no store read another's files, nor the platform's, and gives each its own account",
      async () => {
        const [a, b] = [await up(), await up()];
        await ask(await see(b), '/buy');
        const receipt = join(subject.folder(b), 'data/uploads/receipt-1.txt');
        const read = async (path: string) => ask(await see(a), `/read?path=${encodeURIComponent(path)}`);
        for (const path of [receipt, join(subject.folder(a), 'process.json'), join(subject.folder(a), 'store.json')]) {
          expect(await readFile(path)).toBeDefined();
          expect(await read(path)).toMatchObject({ error: expect.stringContaining('EACCES') });
        }
        const accounts = await Promise.all(
          [a, b].map(async (store) => (await stat(join(subject.folder(store), 'data'))).uid),
        );
        expect(new Set([0, ...accounts]).size).toBe(3);
        expect((await stat(receipt)).mode & 0o777).toBe(0o600);
        for (const { ref } of [a, b]) await runtime.remove(ref);
      },
    );

    it('lets no store change what all stores stand on', async () => {
      const folder = join(subject.home, 'engines', kind, subject.engine.preparation.version);
      expect((await stat(folder)).mode & 0o022).toBe(0);
      expect((await stat(folder)).uid).toBe(process.getuid?.());
      expect((await stat(join(folder, 'server.mjs'))).mode & 0o777).toBe(0o644);
    });
  },
);
