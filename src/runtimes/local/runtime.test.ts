import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { withClient } from '../../db/connect.ts';
import { ask, bringUp, untilMissing } from '../../../test/contracts/runtime.ts';
import { makeLocalSubject } from '../../../test/support/local-subject.ts';
import type { LocalSubject } from '../../../test/support/local-subject.ts';
import type { TinyStore } from '../../../test/support/tiny-engine/engine.ts';
import type { Runtime } from '../runtime.ts';
import { databaseNames } from './names.ts';
import { isFree } from './ports.ts';
import { factsOf } from './processes.ts';

const NEVER = new AbortController().signal;

/** Takes a port as another program would. */
async function squat(port: number): Promise<Server> {
  const squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  return squatter;
}

describe('local runtime, beyond the contract', () => {
  let subject: LocalSubject;
  let runtime: Runtime;

  beforeAll(async () => {
    subject = await makeLocalSubject();
    runtime = subject.runtime;
    await runtime.start();
    await runtime.prepare('medusa', subject.engine.preparation, () => {}, NEVER);
  });

  afterAll(async () => {
    try {
      await runtime.stop();
    } finally {
      await subject.close();
    }
  });

  async function up(changes: Parameters<LocalSubject['engine']['store']>[0] = {}): Promise<TinyStore> {
    const store = subject.engine.store(changes);
    await bringUp(runtime, store);
    return store;
  }

  const see = (store: TinyStore) => runtime.observe(store.ref, store.plan);

  it("trap 4: lets no store's role into another store's database, the platform's or a template", async () => {
    const [a, b] = [await up(), await up()];
    const { host, port, name } = inject('postgres').login;
    const mine = databaseNames(subject.installationId, a.ref.id);
    const into = async (database: string): Promise<unknown> => {
      const url = `postgres://${mine.role}:${a.plan.database?.password}@${host}:${port}/${database}`;
      return ask(await see(a), `/connect?url=${encodeURIComponent(url)}`);
    };
    expect(await into(mine.live)).toBe('connected');
    const theirs = databaseNames(subject.installationId, b.ref.id).live;
    expect(await into(theirs)).toMatchObject({ error: expect.stringContaining('permission denied') });
    expect(await into(name)).toMatchObject({ error: expect.stringContaining('permission denied') });
    await runtime.checkpoint(b.ref, b.plan, NEVER);
    expect(await into(`${theirs}_checkpoint`)).toHaveProperty('error');
    for (const { ref } of [a, b]) await runtime.remove(ref);
  });

  it('ORC-5: adopts the very process that outlived a kill -9, and stops it with the platform', async () => {
    const store = subject.engine.store();
    await runtime.stop();
    await subject.killedAfter(['database', 'files', 'process', 'health'], store);
    const pid = await subject.pidOf(store);
    runtime = subject.another();
    await runtime.start();
    expect(await subject.pidOf(store)).toBe(pid);
    expect((await see(store)).missing).toBeNull();
    await runtime.stop();
    expect(await factsOf(pid)).toBeNull();
    runtime = subject.another();
    await runtime.start();
    await runtime.remove(store.ref);
  });

  it('ORC-5: ends a process whose record was lost with its platform', async () => {
    const store = subject.engine.store();
    await runtime.stop();
    await subject.killedAfter(['database', 'files', 'process', 'health'], store);
    const pid = await subject.pidOf(store);
    await rm(join(subject.folder(store), 'process.json'));
    runtime = subject.another();
    await runtime.start();
    expect(await factsOf(pid)).toBeNull();
    expect((await see(store)).missing).toBe('process');
    await runtime.remove(store.ref);
  });

  it('starts a store again when its plan has changed', async () => {
    const store = await up();
    const pid = await subject.pidOf(store);
    const changedProcess = { ...store.plan.process, env: { ...store.plan.process.env, STORE_NAME: 'New' } };
    const changed = { ...store, plan: { ...store.plan, process: changedProcess } };
    expect((await see(changed)).missing).toBe('process');
    await bringUp(runtime, changed);
    expect(await subject.pidOf(store)).not.toBe(pid);
    await runtime.remove(store.ref);
  });

  it('takes another port when somebody else has the leased one, also on a restart', async () => {
    const store = subject.engine.store();
    const first = await subject.ports.lease(store.ref.id);
    const squatter = await squat(first);
    await bringUp(runtime, store);
    const second = (await see(store)).endpoint?.port;
    expect(second).not.toBe(first);
    squatter.close();
    await runtime.halt(store.ref);
    const again = await squat(second ?? 0);
    await bringUp(runtime, store);
    expect((await see(store)).endpoint?.port).not.toBe(second);
    again.close();
    await runtime.remove(store.ref);
  });

  it(
    'starts a falling store again and again, tells why, and calls it trouble for good after five times',
    { timeout: 60_000 },
    async () => {
      const store = subject.engine.store({ env: { CRASH: 'no tea' } });
      await bringUp(runtime, store).catch(() => {});
      const first = await see(store);
      expect(first).toMatchObject({ missing: 'process', endpoint: null, trouble: { terminal: false } });
      expect(first.trouble?.message).toMatch(/exit code 1.*started again in \d s.*no tea/);
      await expect(runtime.apply('process', store.ref, store.plan, NEVER)).rejects.toThrow('started again in');
      let trouble = first.trouble;
      while (!trouble?.terminal) {
        await new Promise<void>((resolve) => runtime.onChange((id) => id === store.ref.id && resolve()));
        trouble = (await see(store)).trouble;
      }
      expect(trouble.message).toMatch(/ended 5 times.*exit code 1.*no tea/);
      await runtime.halt(store.ref);
      expect((await see(store)).trouble).toBeNull();
      await runtime.remove(store.ref);
    },
  );

  it('tells an absent database server from a missing store', async () => {
    const store = await up();
    const nowhere = subject.another({ database: { ...inject('postgres').login, port: 1 } });
    await expect(nowhere.observe(store.ref, store.plan)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(await ask(await see(store), '/health')).toBe('ok');
    await runtime.remove(store.ref);
  });

  it('ORC-5: leaves alone what another installation has made in the same home', async () => {
    const foreign = {
      installation: randomUUID(),
      storeId: randomUUID(),
      slug: 'foreign',
      uid: null,
      createdAt: '2026-01-01',
    };
    const folder = join(subject.home, 'stores/foreign');
    await mkdir(folder);
    await writeFile(join(folder, 'store.json'), JSON.stringify(foreign));
    expect((await runtime.resources()).filter(({ storeId }) => storeId === foreign.storeId)).toEqual([]);
    expect(await runtime.remove({ id: foreign.storeId, slug: 'foreign', namespace: '' })).toEqual([]);
    expect(await readFile(join(folder, 'store.json'), 'utf8')).toContain('foreign');
    const store = subject.engine.store({ slug: 'foreign' });
    await runtime.apply('database', store.ref, store.plan, NEVER);
    await expect(runtime.apply('files', store.ref, store.plan, NEVER)).rejects.toThrow('belongs to another shop');
    await runtime.remove(store.ref);
    await rm(folder, { recursive: true });
  });

  it('STO-5: clears away at its start what was being made or removed when its predecessor died', async () => {
    const rest = join(subject.home, 'stores/.tea-1234-0badcafe/data');
    await mkdir(rest, { recursive: true });
    await runtime.stop();
    runtime = subject.another();
    await runtime.start();
    await expect(stat(rest)).rejects.toThrow('ENOENT');
  });

  it('STO-5: the port of a removed store refuses connections', async () => {
    const store = await up();
    const port = (await see(store)).endpoint?.port ?? 0;
    expect(await isFree(port)).toBe(false);
    await runtime.remove(store.ref);
    expect(await isFree(port)).toBe(true);
  });

  it('makes a claim on the data of a store whose database is gone', async () => {
    const store = await up();
    await runtime.halt(store.ref);
    const { live } = databaseNames(subject.installationId, store.ref.id);
    const dump = await subject.dump(store);
    expect(dump).toHaveProperty('database');
    await withClient({ ...inject('postgres').superuser, name: 'postgres' }, async (client) => {
      await client.query(`DROP DATABASE "${live}" WITH (FORCE)`);
    });
    expect(await see(store)).toMatchObject({ missing: 'database', dataMissing: true });
    await runtime.remove(store.ref);
  });

  it('keeps a shop through a rollback that its process sees', async () => {
    const store = await up();
    await untilMissing(runtime, store, null);
    const pid = await subject.pidOf(store);
    for (let round = 0; round < 3; round += 1) {
      await runtime.checkpoint(store.ref, store.plan, NEVER);
      expect(await ask(await see(store), '/buy')).toEqual({ id: '1' });
      await runtime.rollback(store.ref, store.plan, NEVER);
    }
    expect(await subject.pidOf(store)).toBe(pid);
    await runtime.remove(store.ref);
  });
});
