import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../../../src/db/audit.ts';
import { listSecrets } from '../../../src/db/store-secrets.ts';
import { TerminalError } from '../../../src/errors.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';

/** Waits for ever, as far as the signal lets it. */
function untilAborted(signal: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

describe('a store, from creation to deletion', () => {
  let stage: Orchestrated;

  beforeAll(async () => {
    stage = await orchestrated();
    await stage.orchestrator();
  });
  afterEach(() => {
    stage.world.before = () => undefined;
    stage.world.deeds.length = 0;
  });
  afterAll(() => stage.end());

  it('STO-4: is ready only after something was bought in it, and nothing of that is left', async () => {
    const { id, correlationId } = await stage.create();
    await stage.until(id, 'ready');
    const store = await stage.store(id);
    expect(store).toMatchObject({ operation: null, deadlineAt: null, errorMessage: null });
    expect(store?.readyAt).toBeInstanceOf(Date);
    expect(store?.urls).toEqual({
      storefront: `http://${store?.slug}.localhost:3001`,
      admin: `http://${store?.slug}.localhost:3001/app`,
      api: `http://${store?.slug}.localhost:3001/store`,
      direct: 'http://127.0.0.1:20000',
    });
    expect(stage.world.read(id, 'orders')).toBe('0');
    expect(stage.world.things(id).toSorted()).toEqual(['database', 'files', 'health', 'orders', 'process']);
    const events = await stage.events(id);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['created', 'step-started', 'step-done', 'proven', 'ready']),
    );
    expect(events.find(({ type }) => type === 'proven')?.metadata).toMatchObject({
      legs: [{ name: 'order', ms: 1 }],
      ms: expect.any(Number),
    });
    expect(events.find(({ type }) => type === 'ready')?.metadata).toMatchObject({ ms: expect.any(Number) });
    // ORC-3, API-4: the whole story belongs to the request that began it.
    expect(new Set(events.map((event) => event.correlationId))).toEqual(new Set([correlationId]));
  });

  it('STO-5: is forgotten only when everything of it is gone', async () => {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.put(id, 'stuck');
    await stage.remove(id);
    await expect
      .poll(async () => (await stage.events(id)).map(({ message }) => message).join('\n'))
      .toContain('Not removed yet: volume.');
    stage.world.take(id, 'stuck');
    await stage.until(id, 'gone');
    expect(stage.world.things(id)).toEqual([]);
    expect(await stage.db.asOrchestrator((tx) => listSecrets(tx, id))).toEqual([]);
    const audit = await stage.db.asOrchestrator((tx) => listAudit(tx, { limit: 10, storeId: id }));
    expect(audit).toMatchObject([{ action: 'store.deleted', actor: 'platform', subject: 'Tea House' }]);
  });

  it('STO-5: deleting while it is being made cancels at once', async () => {
    stage.world.before = (deed, _, signal) => (deed === 'apply process' ? untilAborted(signal) : undefined);
    const { id } = await stage.create();
    await expect.poll(() => stage.world.deeds.some((deed) => deed.startsWith('apply process'))).toBe(true);
    const start = performance.now();
    await stage.remove(id);
    await stage.until(id, 'gone');
    expect(performance.now() - start).toBeLessThan(3000);
    expect(stage.world.things(id)).toEqual([]);
  });

  it('STO-7, ORC-4: what can never succeed is not tried again, and says why', async () => {
    stage.world.before = (deed) => {
      if (deed === 'apply database') throw new TerminalError('The disk is full: 0 bytes are free.');
    };
    const { id } = await stage.create();
    await stage.until(id, 'failed');
    expect((await stage.store(id))?.errorMessage).toBe(
      'Making its database failed: The disk is full: 0 bytes are free.',
    );
    expect(stage.world.deeds.filter((deed) => deed.startsWith('apply database'))).toHaveLength(1);
    expect((await stage.events(id)).at(-1)).toMatchObject({
      type: 'failed',
      metadata: { step: 'database', remedy: expect.stringContaining('Retry') },
    });
  });

  it('ORC-4: what may succeed later is tried again with backoff; ORC-6: with the same secrets', async () => {
    let failures = 0;
    stage.world.before = (deed) => {
      if (deed === 'apply process' && (failures += 1) <= 2)
        throw new Error('could not read /var/lib/store-platform/stores/tea');
    };
    const { id } = await stage.create();
    await stage.until(id, 'ready', 15_000);
    const retries = (await stage.events(id)).filter(({ type }) => type === 'retry');
    expect(retries.map(({ metadata }) => metadata)).toMatchObject([
      { step: 'process', tries: 1, seconds: 1 },
      { step: 'process', tries: 2, seconds: 2 },
    ]);
    expect(retries[0]?.message).not.toContain('/var/lib');
    expect(stage.world.deeds.filter((deed) => deed.startsWith('apply database'))).toHaveLength(1);
  });

  it('a retry before the hand-over starts afresh, with the same secrets', async () => {
    stage.world.before = (deed) => {
      if (deed === 'checkpoint') throw new TerminalError('It can not be proven.');
    };
    const { id } = await stage.create();
    await stage.until(id, 'failed');
    const password = stage.world.read(id, 'database');
    expect(stage.world.things(id)).not.toContain('process');
    stage.world.before = () => undefined;
    stage.world.deeds.length = 0;
    await stage.retry(id);
    await stage.until(id, 'ready');
    expect(stage.world.deeds[0]).toMatch(/^remove /);
    expect(stage.world.read(id, 'database')).toBe(password);
    expect(await stage.store(id)).toMatchObject({ attempt: 2, errorMessage: null });
  });

  it('a retry after the hand-over mends, and leaves the data alone', async () => {
    const { id, slug } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.put(id, 'orders', '41');
    stage.world.take(id, 'process');
    stage.world.trouble.set(id, { message: 'It ended 5 times.', terminal: true });
    stage.world.changed(id);
    await stage.until(id, 'failed');
    expect((await stage.store(id))?.errorMessage).toBe('Starting the shop failed: It ended 5 times.');
    stage.world.deeds.length = 0;
    await stage.retry(id);
    await stage.until(id, 'ready');
    expect(stage.world.deeds).toEqual([`halt ${slug}`, `apply process ${slug}`, `apply health ${slug}`]);
    expect(stage.world.read(id, 'orders')).toBe('41');
  });

  it('a shop that has lost its data is not given an empty one', async () => {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.take(id, 'database');
    stage.world.changed(id);
    await stage.until(id, 'failed');
    expect((await stage.store(id))?.errorMessage).toContain('data is gone');
    await stage.retry(id);
    await stage.until(id, 'failed');
    expect(stage.world.things(id)).not.toContain('database');
  });

  it('recovers by itself when the shop is well again', async () => {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.take(id, 'health');
    stage.world.trouble.set(id, { message: 'It ended 5 times.', terminal: true });
    stage.world.changed(id);
    await stage.until(id, 'failed');
    stage.world.put(id, 'health');
    stage.world.changed(id);
    await stage.until(id, 'ready');
    expect(await stage.store(id)).toMatchObject({ errorMessage: null });
  });

  it('tells once that a shop is being started again, and clears it when it is well', async () => {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.take(id, 'health');
    stage.world.trouble.set(id, { message: 'It ended and is started again in 2 s.', terminal: false });
    for (let n = 0; n < 3; n += 1) stage.world.changed(id);
    await expect.poll(async () => (await stage.store(id))?.operation).toMatchObject({ type: 'repair', step: 'health' });
    stage.world.changed(id);
    await delay(100);
    // That it lasts is no change that anybody would tell of: it is looked at again all the same.
    const jobs = await stage.db.pool.query('SELECT FROM graphile_worker.jobs WHERE key = $1', [`store:${id}`]);
    expect(jobs.rowCount).toBe(1);
    stage.world.put(id, 'health');
    stage.world.changed(id);
    await expect.poll(async () => (await stage.store(id))?.operation).toBeNull();
    expect((await stage.events(id)).filter(({ type }) => type === 'restarted')).toHaveLength(1);
    expect(await stage.store(id)).toMatchObject({ status: 'ready' });
  });

  it('gives up what it cannot look at only before the hand-over; a deletion needs no look', async () => {
    const { runtime } = stage.world;
    const { observe } = runtime;
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    runtime.observe = () => Promise.reject(new TerminalError('The folder can not be read.'));
    stage.world.changed(id);
    await expect.poll(async () => (await stage.store(id))?.operation).toMatchObject({ type: 'repair', tries: 1 });
    const other = await stage.create();
    await stage.until(other.id, 'failed');
    expect((await stage.store(other.id))?.errorMessage).toBe('Looking at the shop failed: The folder can not be read.');
    await stage.remove(other.id);
    await stage.until(other.id, 'gone');
    runtime.observe = observe;
    await expect.poll(async () => (await stage.store(id))?.operation, { timeout: 5000 }).toBeNull();
    expect((await stage.store(id))?.status).toBe('ready');
  });

  it('DAY-6: refuses what would not fit, with the figures', async () => {
    writeFileSync(join(stage.world.folder, 'full'), '');
    const { id } = await stage.create();
    await stage.until(id, 'failed');
    rmSync(join(stage.world.folder, 'full'));
    expect((await stage.store(id))?.errorMessage).toContain('350 MiB');
    expect(stage.world.things(id)).toEqual([]);
  });

  it('a purchase that fails is rolled back too', async () => {
    const { purchase } = stage.world.engines.medusa as { purchase: unknown };
    const engine = stage.world.engines.medusa as { purchase: (...args: unknown[]) => Promise<unknown> };
    let refused = false;
    engine.purchase = async (...args) => {
      const result = await (purchase as typeof engine.purchase)(...args);
      if (!refused)
        throw ((refused = true), new Error('The test purchase failed at "order": the shop answered 400: no'));
      return result;
    };
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    engine.purchase = purchase as typeof engine.purchase;
    expect((await stage.events(id)).map(({ message }) => message).join('\n')).toContain('the shop answered 400: no');
    expect(stage.world.read(id, 'orders')).toBe('0');
  });
});
