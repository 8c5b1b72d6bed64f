import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPlan } from '../../support/crashing-orchestrator.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';

const CHILD = join(import.meta.dirname, '../../support/crashing-orchestrator.ts');

const MAKING = [
  'prepare-engine:before',
  'prepare-engine:after',
  'reserve:before',
  'reserve:after',
  'prepare:before',
  'prepare:after',
  'admit:before',
  'admit:after',
  'database:before',
  'database:after',
  'process:after',
  'health:after',
  'prove:before',
  'prove:checkpoint',
  'prove:purchase',
  'prove:rollback',
  'prove:after',
  'publish:before',
  'publish:after',
];
const REMOVING = ['remove:before', 'remove:resources', 'remove:after'];

/** One database for all of it: what an earlier crash has left must not matter either. */
describe('ORC-1, ORC-5: killed at any boundary and begun again', () => {
  let stage: Orchestrated;
  beforeAll(async () => {
    stage = await orchestrated();
  });
  afterAll(() => stage.end());

  it.each(MAKING)(
    'at %s, the shop becomes ready, with nothing of the proof in it',
    async (dieAt) => {
      if (dieAt.startsWith('prepare')) stage.world.forgetPreparations();
      const { id } = await stage.create();
      await crash({ settings: stage.settings, folder: stage.world.folder, dieAt });
      expect((await stage.store(id))?.status).toBe(dieAt === 'publish:after' ? 'ready' : 'provisioning');
      const next = await stage.orchestrator();
      await stage.until(id, 'ready');
      await next.stop();
      expect(stage.world.read(id, 'orders')).toBe('0');
      expect(stage.world.things(id)).not.toContain('checkpoint');
      expect(stage.world.overlaps()).toBe(0);
    },
    30_000,
  );

  it.each(REMOVING)(
    'at %s, the shop is gone',
    async (dieAt) => {
      const { id } = await stage.create();
      const first = await stage.orchestrator();
      await stage.until(id, 'ready');
      await first.stop();
      await stage.remove(id);
      await crash({ settings: stage.settings, folder: stage.world.folder, dieAt });
      const next = await stage.orchestrator();
      await stage.until(id, 'gone');
      await next.stop();
      expect(stage.world.things(id)).toEqual([]);
    },
    30_000,
  );

  it('ADR 5: a living replica takes over within seconds, and never before the other one is dead', async () => {
    const survivor = await stage.orchestrator();
    const ids: string[] = [];
    const dying = crash({ settings: stage.settings, folder: stage.world.folder, dieAt: 'prove:purchase' });
    // Both take some of them; one dies in the middle.
    for (let n = 0; n < 12; n += 1) ids.push((await stage.create()).id);
    const more = setInterval(() => void stage.create().then(({ id }) => ids.push(id)), 50);
    await dying;
    clearInterval(more);
    for (const id of ids) await stage.until(id, 'ready', 20_000);
    await survivor.stop();
    expect(stage.world.overlaps()).toBe(0);
  }, 60_000);
});

/** The ways forward and back, each up to its end. The n-th time is told where a boundary is passed on both. */
const FORWARD: [dieAt: string, nth: number][] = [
  ['release:before', 1],
  ['release:after', 1],
  ['health:before', 1],
  ['health:after', 1],
  ['settle:before', 1],
  ['settle:after', 1],
];
const BACK: [dieAt: string, nth: number][] = [
  ['release:after', 1],
  ['revert:before', 1],
  ['revert:after', 1],
  ['release:before', 2],
  ['release:after', 2],
  ['health:before', 1],
  ['health:after', 1],
];

describe('KUB-7, ORC-1: killed at any boundary of a change of version, and begun again', () => {
  let stage: Orchestrated;
  beforeAll(async () => {
    stage = await orchestrated('kubernetes');
  });
  afterAll(() => stage.end());

  /** An open shop of version 1 with 41 orders, that is to run version 2; killed there, and then worked on by another. */
  async function killedAt(dieAt: string, nth: number, broken: string[]): Promise<string> {
    stage.world.broken.clear();
    const { id } = await stage.create();
    const first = await stage.orchestrator();
    await stage.until(id, 'ready');
    await first.stop();
    stage.world.put(id, 'orders', '41');
    await stage.changeVersion(id, '2');
    const { settings, world } = stage;
    await crash({ settings, folder: world.folder, kind: 'kubernetes', dieAt, nth, broken });
    expect((await stage.store(id))?.status).toBe('ready');
    for (const version of broken) stage.world.broken.add(version);
    const next = await stage.orchestrator();
    await expect
      .poll(() => stage.store(id), { timeout: 10_000 })
      .toMatchObject({ status: 'ready', upgradeFrom: null, operation: null });
    await next.stop();
    expect(stage.world.overlaps()).toBe(0);
    expect(stage.world.read(id, 'orders')).toBe('41');
    return id;
  }

  it.each(FORWARD)(
    'at %s (%d), the shop comes to its new version',
    async (dieAt, nth) => {
      const id = await killedAt(dieAt, nth, []);
      expect(await stage.store(id)).toMatchObject({ engineVersion: '2', previousVersion: '1', deadlineAt: null });
      expect(stage.world.read(id, 'health')).toBe('2');
      const ends = (await stage.events(id)).filter(({ type }) => type === 'upgraded');
      expect(ends).toHaveLength(1);
    },
    30_000,
  );

  it.each(BACK)(
    'at %s (%d), the shop whose new version does not come up goes back',
    async (dieAt, nth) => {
      const id = await killedAt(dieAt, nth, ['2']);
      expect(await stage.store(id)).toMatchObject({ engineVersion: '1', previousVersion: null, deadlineAt: null });
      expect(stage.world.read(id, 'health')).toBe('1');
      const ends = (await stage.events(id)).filter(({ type }) => type === 'upgrade-failed');
      expect(ends).toHaveLength(1);
    },
    30_000,
  );
});

/** Runs an orchestrator in a process of its own until it has killed itself. */
async function crash(plan: CrashPlan): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(plan)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [, signal] = await once(child, 'exit');
  clearTimeout(timer);
  expect(signal).toBe('SIGKILL');
}
