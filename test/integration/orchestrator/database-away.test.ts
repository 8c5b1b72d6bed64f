import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/db/database.ts';
import type { Orchestrator } from '../../../src/orchestrator/orchestrator.ts';
import { cuttable, type Cuttable } from '../../support/cuttable.ts';
import { silentLog } from '../../support/database.ts';
import { orchestrated, type Orchestrated } from '../../support/orchestrated.ts';

describe('API-12, ORC-4: the control plane loses its database', () => {
  let stage: Orchestrated;
  let way: Cuttable;
  let db: Database;
  let orchestrator: Orchestrator;

  beforeAll(async () => {
    stage = await orchestrated();
    way = await cuttable(stage.settings);
    db = openDatabase(way.settings, { log: silentLog, poolSize: 6 });
    orchestrator = await stage.orchestrator({ db, env: { PROVISION_TIMEOUT_SECONDS: '10' } });
  });
  afterAll(async () => {
    await orchestrator.stop();
    await db.close();
    way.close();
    await stage.end();
  });

  it('aborts what runs, fails no store for it, counts no try, and goes on by itself', async () => {
    let aborted = false;
    stage.world.before = (deed, _, signal) => {
      if (deed !== 'apply process') return;
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('connect ECONNREFUSED 127.0.0.1'));
        });
      });
    };
    const { id } = await stage.create();
    await expect.poll(() => stage.world.deeds.some((deed) => deed.startsWith('apply process'))).toBe(true);
    way.cut();
    await expect.poll(() => aborted, { timeout: 5000 }).toBe(true);
    await expect.poll(() => orchestrator.health().ok, { timeout: 20_000 }).toBe(false);
    stage.world.before = () => undefined;
    await delay(11_000); // Longer than the whole provisioning may take: nobody could work on it.
    await way.mend();
    await stage.until(id, 'ready', 20_000);
    expect(orchestrator.health().ok).toBe(true);
    const types = (await stage.events(id)).map(({ type }) => type);
    expect(types).not.toContain('failed');
    expect(types).not.toContain('retry');
  }, 60_000);

  it('notices at once when only its lock is lost, and lets nobody else in between', async () => {
    const { id } = await stage.create();
    await stage.until(id, 'ready');
    const { rowCount } = await stage.db.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    expect(rowCount).toBe(1);
    await expect.poll(() => orchestrator.health().ok, { interval: 5 }).toBe(false);
    await expect.poll(() => orchestrator.health().ok).toBe(true);
    const next = await stage.create();
    await stage.until(next.id, 'ready');
  });
});
