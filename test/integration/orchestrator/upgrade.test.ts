import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { updateStore } from '../../../src/db/stores.ts';
import { TerminalError } from '../../../src/errors.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';
import type { World } from '../../support/simulated-runtime.ts';

describe('KUB-7: a store whose version is changed', () => {
  let stage: Orchestrated;

  beforeAll(async () => {
    stage = await orchestrated('kubernetes');
    await stage.orchestrator({ env: { MIN_POLL_INTERVAL_MS: '100', MAX_POLL_INTERVAL_MS: '500' } });
  });
  afterEach(() => {
    stage.world.before = () => undefined;
    stage.world.broken.clear();
    stage.world.deeds.length = 0;
  });
  afterAll(() => stage.end());

  /** An open shop of version 1 with 41 orders. */
  async function openShop(): Promise<string> {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    stage.world.put(id, 'orders', '41');
    stage.world.deeds.length = 0;
    return id;
  }

  const settled = (id: string) =>
    vi.waitFor(
      async () => {
        const store = await stage.store(id);
        expect(store).toMatchObject({ upgradeFrom: null, operation: null });
        return store;
      },
      { timeout: 15_000, interval: 20 },
    );

  const typesOf = async (id: string) => (await stage.events(id)).map(({ type }) => type);

  it('is made with the newest image', async () => {
    const id = await openShop();
    expect(await stage.store(id)).toMatchObject({ engineVersion: '1', previousVersion: null });
    expect(stage.world.read(id, 'release')).toBe('1');
  });

  it('stays open, gets its new release under its data, and knows the way back', async () => {
    const id = await openShop();
    const seen = new Set<string | undefined>();
    stage.world.before = async () => void seen.add((await stage.store(id))?.status);
    await stage.changeVersion(id, '2');
    expect(await settled(id)).toMatchObject({
      status: 'ready',
      engineVersion: '2',
      previousVersion: '1',
      deadlineAt: null,
    });
    expect(stage.world.deeds.map((deed) => deed.replace(/ tea.*/, ''))).toEqual(['apply release', 'apply health']);
    expect(seen).toEqual(new Set(['ready']));
    expect([stage.world.read(id, 'release'), stage.world.read(id, 'orders')]).toEqual(['2', '41']);
    expect((await stage.events(id)).at(-1)).toMatchObject({
      type: 'upgraded',
      metadata: { from: '1', to: '2', ms: expect.any(Number) },
    });
  });

  it.each([
    ['says that it does not come up', () => void stage.world.broken.add('2'), 'Its image can not be pulled.'],
    [
      'is refused for good',
      (id: string) => {
        stage.world.before = (deed) => {
          if (deed === 'apply release' && stage.world.read(id, 'release') === '1')
            throw new TerminalError('No such image.');
        };
      },
      'Installing its software failed: No such image.',
    ],
    [
      'does not answer',
      (id: string) => {
        stage.world.before = (deed) => {
          if (deed === 'apply health' && stage.world.read(id, 'release') === '2') throw new TerminalError('No answer.');
        };
      },
      'Waiting until the shop answers failed: No answer.',
    ],
  ])('whose new version %s goes back by itself, and stays open', async (_, spoil, words) => {
    const id = await openShop();
    spoil(id);
    await stage.changeVersion(id, '2');
    expect(await settled(id)).toMatchObject({
      status: 'ready',
      engineVersion: '1',
      previousVersion: null,
      deadlineAt: null,
      errorMessage: null,
    });
    expect([stage.world.read(id, 'health'), stage.world.read(id, 'orders')]).toEqual(['1', '41']);
    const events = await stage.events(id);
    expect(events.find(({ type }) => type === 'upgrade-failed')).toMatchObject({
      message: expect.stringContaining(words),
      metadata: { from: '2', to: '1', remedy: expect.stringContaining('by itself') },
    });
    expect(events.map(({ type }) => type)).not.toContain('failed');
  });

  it('goes back when the new version takes too long', async () => {
    const id = await openShop();
    stage.world.before = (deed, _, signal) =>
      deed === 'apply health' && stage.world.read(id, 'release') === '2' ? untilAborted(signal) : undefined;
    await stage.changeVersion(id, '2', 1500);
    expect(await settled(id)).toMatchObject({ status: 'ready', engineVersion: '1' });
    const failed = (await stage.events(id)).find(({ type }) => type === 'upgrade-failed');
    expect(failed?.message).toMatch(/^Waiting until the shop answers failed: .* took longer than/);
  });

  it('tries again what may succeed later, and goes back only after that', async () => {
    const id = await openShop();
    let failures = 0;
    stage.world.before = (deed) => {
      if (deed === 'apply release' && (failures += 1) <= 2) throw new Error('The cluster does not answer.');
    };
    await stage.changeVersion(id, '2');
    expect(await settled(id)).toMatchObject({ engineVersion: '2' });
    expect((await typesOf(id)).filter((type) => type === 'retry')).toHaveLength(2);
    expect(await typesOf(id)).not.toContain('upgrade-failed');
  });

  it('has failed only when the old version does not come up again either, and can be brought back', async () => {
    const id = await openShop();
    stage.world.broken.add('2').add('1');
    await stage.changeVersion(id, '2');
    await stage.until(id, 'failed');
    expect(await stage.store(id)).toMatchObject({ engineVersion: '1', upgradeFrom: null });
    const types = await typesOf(id);
    expect(types.indexOf('upgrade-failed')).toBeLessThan(types.indexOf('failed'));
    stage.world.broken.clear();
    await stage.retry(id);
    await stage.until(id, 'ready');
    expect([stage.world.read(id, 'health'), stage.world.read(id, 'orders')]).toEqual(['1', '41']);
  });

  it('is deleted in the middle of it, at once', async () => {
    const id = await openShop();
    stage.world.before = (deed, _, signal) => (deed === 'apply health' ? untilAborted(signal) : undefined);
    await stage.changeVersion(id, '2');
    await vi.waitFor(() => expect(stage.world.deeds.some((deed) => deed.startsWith('apply health'))).toBe(true));
    await stage.remove(id);
    await stage.until(id, 'gone', 3000);
    expect(stage.world.things(id)).toEqual([]);
  });

  it('ORC-2: is found again when its job was lost', async () => {
    const id = await openShop();
    const deadlineAt = new Date(Date.now() + 60_000);
    await stage.db.asOrchestrator((tx) => updateStore(tx, id, { engineVersion: '2', upgradeFrom: '1', deadlineAt }));
    expect(await settled(id)).toMatchObject({ engineVersion: '2' });
  });
});

it('KUB-7: a store goes back by a rollback, and forward again, and each is called by its name', async () => {
  const stage = await orchestrated('kubernetes');
  const first = await stage.orchestrator();
  const { id } = await stage.create();
  await stage.until(id, 'ready');
  await first.stop();
  await stage.orchestrator({ world: withImage(stage.world, '2') });
  for (const [to, previousVersion] of [
    ['2', '1'],
    ['1', '2'],
    ['2', '1'],
  ] as const) {
    await stage.changeVersion(id, to);
    await expect.poll(() => stage.store(id)).toMatchObject({ engineVersion: to, upgradeFrom: null, previousVersion });
    expect(stage.world.read(id, 'release')).toBe(to);
  }
  const names = (await stage.events(id)).map(({ type }) => type).filter((type) => /upgraded|rolled/.test(type));
  expect(names).toEqual(['upgraded', 'rolled-back', 'upgraded']);
  await stage.end();
});

/** Waits for ever, as far as the signal lets it. */
function untilAborted(signal: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

/** The same world after an upgrade of the platform. */
function withImage(world: World, imageVersion: string): World {
  return { ...world, engines: { ...world.engines, medusa: { ...world.engines.medusa, imageVersion } } };
}
