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
