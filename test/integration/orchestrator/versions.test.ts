import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engines } from '../../../engines/index.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';
import type { World } from '../../support/simulated-runtime.ts';

describe('an engine that has moved on', () => {
  let stage: Orchestrated;
  beforeAll(async () => {
    stage = await orchestrated();
  });
  afterAll(() => stage.end());

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
});

/** The same world after an upgrade of the platform. */
function withVersion(world: World, version: string): World {
  const { medusa } = world.engines;
  const engines: Engines = { ...world.engines, medusa: { ...medusa, preparation: { ...medusa.preparation, version } } };
  return { ...world, engines };
}
