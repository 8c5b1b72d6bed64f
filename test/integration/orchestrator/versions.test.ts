import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ORDERS_SECRET } from '../../../engines/engine.ts';
import type { Engines } from '../../../engines/index.ts';
import { listSecrets } from '../../../src/db/store-secrets.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';
import type { World } from '../../support/simulated-runtime.ts';

describe('an engine that has moved on', () => {
  let stage: Orchestrated;
  beforeEach(async () => {
    stage = await orchestrated();
  });
  afterEach(() => stage.end());

  it('leaves shops on the version that their data was made with, and makes new ones with its own', async () => {
    const first = await stage.orchestrator();
    const old = await stage.create();
    await stage.until(old.id, 'ready');
    await first.stop();

    await stage.orchestrator({ world: withVersion(stage.world, '2') });
    const fresh = await stage.create();
    await stage.until(fresh.id, 'ready');
    expect(stage.world.read(fresh.id, 'process')).toBe('2');

    stage.world.take(old.id, 'process');
    stage.world.changed(old.id);
    await vi.waitUntil(() => stage.world.read(old.id, 'process') !== null, 10_000);
    expect(stage.world.read(old.id, 'process')).toBe('1');
    expect(await stage.store(old.id)).toMatchObject({ status: 'ready', engineVersion: '1' });
  });

  it('ORD-2: gives its old shops the secret that is new, those that have failed too, and leaves the others', async () => {
    const first = await stage.orchestrator();
    const shops = [await stage.create(), await stage.create()];
    for (const { id } of shops) await stage.until(id, 'ready');
    const [ready, failed] = shops.map(({ id }) => id) as [string, string];
    stage.world.take(failed, 'health');
    stage.world.trouble.set(failed, { message: 'It ended 5 times.', terminal: true });
    stage.world.changed(failed);
    await stage.until(failed, 'failed');
    const before = await secretsOf(ready);
    await first.stop();

    await stage.orchestrator({ world: withSecret(stage.world, 'ordersSecret') });
    stage.world.put(failed, 'health');
    stage.world.trouble.delete(failed);
    for (const id of [ready, failed]) {
      stage.world.changed(id);
      await vi.waitUntil(async () => 'ordersSecret' in (await secretsOf(id)), 10_000);
      await stage.until(id, 'ready');
    }
    expect(await secretsOf(ready)).toEqual({ ...before, ordersSecret: expect.any(String) });
    expect((await stage.events(ready)).some(({ type }) => type === 'failed')).toBe(false);
  });

  async function secretsOf(id: string): Promise<Record<string, string>> {
    const sealed = await stage.db.asOrchestrator((tx) => listSecrets(tx, id));
    return Object.fromEntries(sealed.map(({ name, ciphertext }) => [name, ciphertext.toString('hex')]));
  }
});

/** The same world after an upgrade of the platform. */
function withVersion(world: World, version: string): World {
  const { medusa } = world.engines;
  const engines: Engines = { ...world.engines, medusa: { ...medusa, preparation: { ...medusa.preparation, version } } };
  return { ...world, engines };
}

/** The same: its shops now have one secret more. */
function withSecret(world: World, name: string): World {
  const { medusa } = world.engines;
  const secrets: typeof medusa.secrets = (store) => ({ ...medusa.secrets(store), [name]: ORDERS_SECRET });
  return { ...world, engines: { ...world.engines, medusa: { ...medusa, secrets } } };
}
