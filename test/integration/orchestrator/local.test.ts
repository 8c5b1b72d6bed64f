import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPort, leasePort, releasePort } from '../../../src/db/ports.ts';
import type { Runtime } from '../../../src/runtimes/runtime.ts';
import { makeLocalSubject, type LocalSubject } from '../../support/local-subject.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';
import { tinyEngines } from '../../support/tiny-engine/engines.ts';

/** Real processes, databases and folders; the shop is a tiny one. */
describe('the orchestrator on the local runtime', () => {
  let stage: Orchestrated;
  let ground: LocalSubject;
  let runtime: Runtime;

  const open = async (): Promise<void> => {
    const { db } = stage;
    const range = { min: 24_000, max: 24_999 };
    runtime = ground.another({
      ports: {
        find: (id) => db.asOrchestrator((tx) => findPort(tx, id)),
        lease: async (id) => (await db.asOrchestrator((tx) => leasePort(tx, id, range))) ?? 0,
        release: (id) => db.asOrchestrator((tx) => releasePort(tx, id)),
      },
    });
    stage.world.runtime = runtime;
    await runtime.start();
  };
  const ordersOf = async (id: string): Promise<unknown[]> => {
    const direct = (await stage.store(id))?.urls?.direct;
    return ((await (await fetch(`${direct}/orders`)).json()) as { orders: unknown[] }).orders;
  };
  const pidOf = (slug: string): number =>
    (JSON.parse(readFileSync(join(ground.home, 'stores', slug, 'process.json'), 'utf8')) as { pid: number }).pid;

  beforeAll(async () => {
    stage = await orchestrated();
    ground = await makeLocalSubject();
    stage.world.engines = await tinyEngines();
    await open();
  });
  afterAll(async () => {
    await stage.end();
    await runtime.stop();
    await ground.close();
  });

  it('makes a shop that sells, keeps it running over crash and restart, and removes all of it', async () => {
    const first = await stage.orchestrator();
    const { id, slug } = await stage.create();
    await stage.until(id, 'ready', 60_000);
    expect(await ordersOf(id)).toEqual([]);

    // STO-4: the first order is number 1; it outlives the process of the shop.
    const direct = (await stage.store(id))?.urls?.direct;
    expect(await (await fetch(`${direct}/buy`)).json()).toEqual({ id: '1' });
    process.kill(pidOf(slug), 'SIGKILL');
    await expect.poll(() => ordersOf(id).catch(() => null), { timeout: 20_000 }).toHaveLength(1);
    await expect.poll(async () => (await stage.store(id))?.operation, { timeout: 5000 }).toBeNull();
    const restarts = (await stage.events(id)).filter(({ type }) => type === 'restarted');
    expect(restarts).toHaveLength(1);
    expect(restarts[0]?.message).toContain('started again');

    // ORC-5: the platform stops and starts.
    await first.stop();
    await runtime.stop();
    await expect(ordersOf(id)).rejects.toThrow('fetch failed');
    await open();
    const second = await stage.orchestrator();
    await expect.poll(() => ordersOf(id).catch(() => null), { timeout: 20_000 }).toHaveLength(1);

    await stage.remove(id);
    await stage.until(id, 'gone', 30_000);
    expect(await runtime.resources()).toEqual([]);
    await second.stop();
  }, 120_000);

  it('STO-5: cancels a creation at once, and leaves nothing', async () => {
    const one = await stage.orchestrator();
    const { id } = await stage.create();
    await expect
      .poll(async () => (await stage.store(id))?.operation?.step, { timeout: 20_000, interval: 10 })
      .toMatch(/process|health|prove/);
    await stage.remove(id);
    await stage.until(id, 'gone', 20_000);
    expect(await runtime.resources()).toEqual([]);
    await one.stop();
  }, 60_000);
});
