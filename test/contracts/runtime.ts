import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation, Runtime } from '../../src/runtimes/runtime.ts';
import type { TinyEngine, TinyStore } from '../support/tiny-engine/engine.ts';

/** What the suite needs beside the runtime itself: looks that do not go through it. */
export interface RuntimeSubject {
  engine: TinyEngine;
  runtime: Runtime;
  /** Makes a runtime that has not been started, on the same ground. The former one is stopped by the suite. */
  another(): Runtime;
  /** Another platform makes these steps of a store and is killed with `kill -9`. */
  killedAfter(steps: string[], store: TinyStore): Promise<void>;
  /** Everything that is left of a store, by looking and without asking the runtime. */
  leftovers(store: TinyStore): Promise<string[]>;
  /** All data and files of a store, in a form that can be compared. */
  dump(store: TinyStore): Promise<unknown>;
  /** Kills the store's process from outside. */
  killStore(store: TinyStore): Promise<void>;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;
const KILLS_MS = 300_000;

export interface RuntimeOptions {
  /**
   * How many stores may be in work at once. More than one means that several platforms can stand side by side on one
   * ground, so that the tests, which wait most of their time, need not wait for one another.
   */
  atOnce?: number;
  /** Why something can't be tried here; it is then left out by name. */
  skipped?: { all?: string; usage?: string };
}

/** What any runtime must do, whatever stands behind it. */
export function describeRuntime(
  name: string,
  makeSubject: () => Promise<RuntimeSubject>,
  { atOnce = 1, skipped = {} }: RuntimeOptions = {},
): void {
  const sideBySide = atOnce > 1;
  const inPlace = places(atOnce);
  // Side by side the others take their time too.
  const atOnceMs = sideBySide ? 2000 : 500;
  describe.skipIf(skipped.all)(`runtime ${name}${because(skipped.all)}`, { concurrent: sideBySide }, () => {
    let subject: RuntimeSubject;
    let runtime: Runtime;
    let steps: string[];

    beforeAll(async () => {
      subject = await makeSubject();
      runtime = subject.runtime;
      await runtime.start();
      await runtime.prepare(subject.engine.name, subject.engine.preparation, () => {}, NEVER);
      const store = subject.engine.store();
      steps = await bringUp(runtime, store);
      await runtime.remove(store.ref);
    });

    afterAll(async () => {
      try {
        await runtime?.stop();
      } finally {
        await subject?.close();
      }
    });

    function withStore<T>(work: (store: TinyStore) => Promise<T>): Promise<T> {
      return inPlace(async () => {
        const store = subject.engine.store();
        try {
          await bringUp(runtime, store);
          return await work(store);
        } finally {
          await runtime.remove(store.ref);
        }
      });
    }

    /** Stops the platform, lets something happen, and goes on with a new one; side by side, with one more. */
    async function withNextPlatform(
      between: () => Promise<void>,
      work: (next: Runtime) => Promise<void>,
    ): Promise<void> {
      if (!sideBySide) await runtime.stop();
      await between();
      const next = subject.another();
      await next.start();
      if (!sideBySide) runtime = next;
      try {
        await work(next);
      } finally {
        if (sideBySide) await next.stop();
      }
    }

    /** A store of which another platform makes these steps and is killed with `kill -9`. */
    function afterKillBehind(made: string[], work: (next: Runtime, store: TinyStore) => Promise<void>): Promise<void> {
      return inPlace(() => {
        const store = subject.engine.store();
        return withNextPlatform(
          () => subject.killedAfter(made, store),
          (next) => work(next, store),
        );
      });
    }

    /** Does it behind each step, and before the first; one after the other, or side by side. */
    async function behindEachStep(work: (made: string[], left: string[]) => Promise<void>): Promise<void> {
      const all = [...steps.keys(), steps.length].map((done) => () => work(steps.slice(0, done), steps.slice(done)));
      if (sideBySide) await Promise.all(all.map((one) => one()));
      else for (const one of all) await one();
    }

    it('brings a store up step by step, each named by what is missing', async () => {
      expect(new Set(steps).size).toBe(steps.length);
      await withStore(async (store) => {
        const seen = await runtime.observe(store.ref, store.plan);
        expect(seen).toMatchObject({ missing: null, checkpoint: false, trouble: null, dataMissing: false });
        expect(await ask(seen, '/orders')).toMatchObject({ orders: [] });
      });
    });

    it('repeats every step without changing anything', async () => {
      await withStore(async (store) => {
        await ask(await runtime.observe(store.ref, store.plan), '/buy');
        const before = await subject.dump(store);
        for (const step of steps) await runtime.apply(step, store.ref, store.plan, NEVER);
        expect(await subject.dump(store)).toEqual(before);
        expect((await runtime.observe(store.ref, store.plan)).missing).toBeNull();
      });
    });

    it('says whether what is missing holds the data of the store', async () => {
      const store = subject.engine.store();
      expect(await runtime.observe(store.ref, store.plan)).toMatchObject({ dataMissing: true, endpoint: null });
      await withStore(async (running) => {
        await runtime.halt(running.ref);
        const seen = await runtime.observe(running.ref, running.plan);
        expect(seen.missing).not.toBeNull();
        expect(seen.dataMissing).toBe(false);
      });
    });

    it('refuses a step that it does not know, for good', async () => {
      const { ref, plan } = subject.engine.store();
      await expect(runtime.apply('no-such-step', ref, plan, NEVER)).rejects.toThrow('no-such-step');
    });

    it('ORC-1: goes on after a kill -9 behind each step, with the same end', { timeout: KILLS_MS }, async () => {
      await behindEachStep((made, left) =>
        afterKillBehind(made, async (next, store) => {
          const seen = await next.observe(store.ref, store.plan);
          // What survived may have gone on by itself.
          expect([...left, null]).toContain(seen.missing);
          await bringUp(next, store);
          expect(await ask(await next.observe(store.ref, store.plan), '/buy')).toEqual({ id: '1' });
          expect(await next.remove(store.ref)).toEqual([]);
          expect(await subject.leftovers(store)).toEqual([]);
        }),
      );
    });

    it('ORC-1: removes what a kill -9 left behind each step', { timeout: KILLS_MS }, async () => {
      await behindEachStep((made) =>
        afterKillBehind(made, async (next, store) => {
          expect(await next.remove(store.ref)).toEqual([]);
          expect(await subject.leftovers(store)).toEqual([]);
        }),
      );
    });

    it('ORC-5: keeps a store that outlived its platform', async () => {
      await afterKillBehind(steps, async (next, store) => {
        expect(await next.observe(store.ref, store.plan)).toMatchObject({ missing: null });
        await subject.killStore(store);
        await untilMissing(next, store, null);
        await next.remove(store.ref);
      });
    });

    it('STO-5: leaves nothing of a removed store, and removing again is nothing', async () => {
      await inPlace(async () => {
        const store = subject.engine.store();
        await bringUp(runtime, store);
        await runtime.checkpoint(store.ref, store.plan, NEVER);
        expect(await subject.leftovers(store)).not.toEqual([]);
        expect(await runtime.remove(store.ref)).toEqual([]);
        expect(await subject.leftovers(store)).toEqual([]);
        expect(await runtime.remove(store.ref)).toEqual([]);
      });
    });

    it('STO-5: removes what only an id is known of', async () => {
      await inPlace(async () => {
        const store = subject.engine.store();
        await bringUp(runtime, store);
        expect(await runtime.remove({ id: store.ref.id, slug: '', namespace: '' })).toEqual([]);
        expect(await subject.leftovers(store)).toEqual([]);
      });
    });

    it('STO-5: takes over from a step that is under way', async () => {
      await inPlace(async () => {
        const store = subject.engine.store();
        await bringUp(runtime, store, steps.slice(0, -1));
        const last = runtime.apply(steps.at(-1) ?? '', store.ref, store.plan, NEVER).catch((error: unknown) => error);
        expect(await runtime.remove(store.ref)).toEqual([]);
        await last;
        expect(await subject.leftovers(store)).toEqual([]);
      });
    });

    it('gives up a step at once when it is aborted', async () => {
      for (const step of steps) {
        await inPlace(async () => {
          const store = subject.engine.store();
          await bringUp(runtime, store, steps.slice(0, steps.indexOf(step)));
          const controller = new AbortController();
          const applied = runtime
            .apply(step, store.ref, store.plan, controller.signal)
            .catch((error: unknown) => error);
          const began = performance.now();
          controller.abort(new Error('enough'));
          await applied;
          expect(performance.now() - began).toBeLessThan(atOnceMs);
          expect(await runtime.remove(store.ref)).toEqual([]);
        });
      }
    });

    it('trap 1: puts everything back as it was at the checkpoint, under the running store', async () => {
      await withStore(async (store) => {
        const seen = await runtime.observe(store.ref, store.plan);
        const before = await subject.dump(store);
        await runtime.checkpoint(store.ref, store.plan, NEVER);
        expect((await runtime.observe(store.ref, store.plan)).checkpoint).toBe(true);
        expect(await ask(seen, '/buy')).toEqual({ id: '1' });
        expect(await subject.dump(store)).not.toEqual(before);
        await runtime.rollback(store.ref, store.plan, NEVER);
        expect(await subject.dump(store)).toEqual(before);
        expect(await runtime.observe(store.ref, store.plan)).toEqual(seen);
        expect(await ask(seen, '/buy')).toEqual({ id: '1' });
      });
    });

    it('trap 1: a second checkpoint keeps the first, a second rollback does nothing', async () => {
      await withStore(async (store) => {
        const seen = await runtime.observe(store.ref, store.plan);
        const before = await subject.dump(store);
        await runtime.checkpoint(store.ref, store.plan, NEVER);
        await ask(seen, '/buy');
        await runtime.checkpoint(store.ref, store.plan, NEVER);
        await runtime.rollback(store.ref, store.plan, NEVER);
        await runtime.rollback(store.ref, store.plan, NEVER);
        expect(await subject.dump(store)).toEqual(before);
      });
    });

    it('stops a store and starts it again with its data', async () => {
      await withStore(async (store) => {
        await ask(await runtime.observe(store.ref, store.plan), '/buy');
        await runtime.halt(store.ref);
        expect((await runtime.observe(store.ref, store.plan)).endpoint).toBeNull();
        await bringUp(runtime, store);
        expect(await ask(await runtime.observe(store.ref, store.plan), '/buy')).toEqual({ id: '2' });
      });
    });

    it('stops with the platform and comes back with it, data and all', async () => {
      await inPlace(async () => {
        const store = subject.engine.store();
        await withNextPlatform(nothingHappens, async (next) => {
          await bringUp(next, store);
          expect(await ask(await next.observe(store.ref, store.plan), '/buy')).toEqual({ id: '1' });
        });
        await withNextPlatform(nothingHappens, async (next) => {
          await bringUp(next, store);
          expect(await ask(await next.observe(store.ref, store.plan), '/buy')).toEqual({ id: '2' });
          await next.remove(store.ref);
        });
      });
    });

    it('starts a store again that was killed, and tells so', async () => {
      await withStore(async (store) => {
        const told: string[] = [];
        runtime.onChange((storeId) => told.push(storeId));
        await subject.killStore(store);
        await untilMissing(runtime, store, null);
        expect(told).toContain(store.ref.id);
      });
    });

    it('STO-7: says in the words of the process why a store does not start', async () => {
      await inPlace(async () => {
        const store = subject.engine.store({ env: { CRASH: 'the kettle is empty' } });
        const failure = await bringUp(runtime, store).catch((error: unknown) => String(error));
        expect(failure).toContain('the kettle is empty');
        expect(await runtime.remove(store.ref)).toEqual([]);
      });
    });

    it('DAY-4: gives the last lines of the log, and follows it until aborted', async () => {
      await withStore(async (store) => {
        const seen = await runtime.observe(store.ref, store.plan);
        await ask(seen, '/orders');
        await ask(seen, '/env');
        const last = await runtime.logs(store.ref, { tail: 2, follow: false, signal: NEVER });
        expect(await text(last)).toMatch(/\/orders\n.*\/env\n$/);
        const controller = new AbortController();
        const followed = await runtime.logs(store.ref, { tail: 0, follow: true, signal: controller.signal });
        const reading = text(followed, '/buy');
        await ask(seen, '/buy');
        expect(await reading).toContain('/buy');
        controller.abort();
      });
    });

    it.skipIf(skipped.usage)(`DAY-4: measures memory, processor and disk${because(skipped.usage)}`, async () => {
      await withStore(async (store) => {
        const used = await runtime.usage(store.ref);
        expect(used?.memoryBytes).toBeGreaterThan(1_000_000);
        expect(used?.cpuSeconds).toBeGreaterThan(0);
        expect(used?.diskBytes).toBeGreaterThan(1_000_000);
        await runtime.halt(store.ref);
        expect(await runtime.usage(store.ref)).toBeNull();
      });
    });

    it('DAY-6: admits what fits and refuses with figures what does not', async () => {
      expect(await runtime.admit(subject.engine.store().plan)).toBeNull();
      const refusal = await runtime.admit(subject.engine.store({ memoryBytes: 1e15 }).plan);
      expect(refusal).toMatch(/memory.*1000000\.0 GB.*free/);
    });

    it('ORC-5: lists what there is of each store, and nothing of removed ones', async () => {
      const gone = await withStore(async (store) => {
        const found = (await runtime.resources()).filter(({ storeId }) => storeId === store.ref.id);
        expect(found.length).toBeGreaterThan(1);
        return store.ref.id;
      });
      expect((await runtime.resources()).filter(({ storeId }) => storeId === gone)).toEqual([]);
    });

    it('trap 4: hands a store only what is its own', async () => {
      await withStore(async (store) => {
        const names = await ask<string[]>(await runtime.observe(store.ref, store.plan), '/env');
        expect(names).toEqual(expect.arrayContaining(['HOME', 'PATH', 'PORT', 'UPLOADS_DIR']));
        expect(names.filter((one) => /^(npm_|VITEST|NODE_OPTIONS|USER$|SSH)/.test(one))).toEqual([]);
      });
    });

    it('prepares once: a prepared version is left alone', async () => {
      const { name: engine, preparation } = subject.engine;
      expect(await runtime.isPrepared(engine, preparation)).toBe(true);
      const fractions: number[] = [];
      const { phases } = await runtime.prepare(engine, preparation, ({ fraction }) => fractions.push(fraction), NEVER);
      // Where stores begin as images, there is nothing to prepare.
      const wanted = preparation.parts.flatMap((part) => part.phases.map((phase) => phase.name));
      expect([[], wanted]).toContainEqual(phases.map(({ phase }) => phase));
      expect(fractions).toEqual([]);
    });
  });
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (skipped: ${reason})`;
}

async function nothingHappens(): Promise<void> {}

/** Lets so many works be under way at once; the others wait for their place. */
function places(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Applies what is missing until nothing is, or until `only` is done; returns the steps in their order. */
export async function bringUp(runtime: Runtime, { ref, plan }: TinyStore, only?: string[]): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    const { missing } = await runtime.observe(ref, plan);
    if (missing === null || (only && !only.includes(missing))) return applied;
    if (applied.includes(missing)) throw new Error(`"${missing}" is still missing after it was applied`);
    applied.push(missing);
    await runtime.apply(missing, ref, plan, NEVER);
  }
}

export async function untilMissing(runtime: Runtime, { ref, plan }: TinyStore, wanted: string | null): Promise<void> {
  const changed = () => new Promise<void>((resolve) => runtime.onChange(() => resolve()));
  for (let tries = 0; tries < 60; tries += 1) {
    const change = changed();
    if ((await runtime.observe(ref, plan)).missing === wanted) return;
    await Promise.race([change, new Promise((resolve) => setTimeout(resolve, 500))]);
  }
  throw new Error(`it has not become ${wanted ?? 'healthy'}`);
}

/** Asks the store itself, at the address that was observed. */
export async function ask<T = unknown>({ endpoint }: Observation, path: string): Promise<T> {
  const response = await fetch(`http://${endpoint?.host}:${endpoint?.port}${path}`);
  return (await response.json()) as T;
}

async function text(stream: AsyncIterable<Buffer | string>, until?: string): Promise<string> {
  let all = '';
  for await (const chunk of stream) {
    all += String(chunk);
    if (until && all.includes(until)) break;
  }
  return all;
}
