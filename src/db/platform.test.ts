import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, testUser, type TestDatabase } from '../../test/support/database.ts';
import { addAudit, listAudit } from './audit.ts';
import type { Actor } from './database.ts';
import { installationId } from './installation.ts';
import { forgetOrphan, listOrphans, noteOrphan } from './orphans.ts';
import { findPort, leasePort, releasePort } from './ports.ts';
import { beginPreparation, findPreparation, listPreparations, updatePreparation } from './preparations.ts';
import { createSecretBox } from './secret-box.ts';
import { insertSecrets, listSecrets } from './store-secrets.ts';
import { addUsage, deleteUsageBefore, listUsage } from './store-usage.ts';
import { deleteStoreRow, insertStore } from './stores.ts';

let database: TestDatabase;
let owner: Actor;

beforeAll(async () => {
  database = await testDatabase();
  owner = await testUser(database.db);
});

afterAll(() => database.close());

async function makeStore(): Promise<string> {
  const id = randomUUID();
  const rest = { name: 'Shop', engine: 'medusa' as const, idempotencyKey: null, correlationId: 'c' };
  await database.db.asUser(owner, (tx) =>
    insertStore(tx, { id, userId: owner.userId, slug: `s-${id}`, namespace: `n-${id}`, ...rest }),
  );
  return id;
}

describe('trap 12: ports', () => {
  const range = { min: 20_000, max: 20_002 };
  const lease = (storeId: string) => database.db.asOrchestrator((tx) => leasePort(tx, storeId, range));

  it('are leased to one store each, also at once, and rest after their release', async () => {
    const stores = await Promise.all([makeStore(), makeStore(), makeStore(), makeStore()]);
    const ports = await Promise.all(stores.map(lease));
    expect(ports.filter((port) => port !== null).toSorted()).toEqual([20_000, 20_001, 20_002]);
    const holder = stores.find((_, index) => ports[index] === 20_001);
    const waiting = stores.find((_, index) => ports[index] === null);
    expect(await lease(holder!)).toBe(20_001);
    await database.db.asOrchestrator((tx) => releasePort(tx, holder!));
    expect(await database.db.asOrchestrator((tx) => findPort(tx, holder!))).toBeNull();
    expect(await lease(waiting!)).toBeNull();
    await database.db.asOrchestrator((tx) =>
      sql`UPDATE ports SET released_at = released_at - interval '11 minutes'`.execute(tx),
    );
    expect(await lease(waiting!)).toBe(20_001);
  });

  it('rest too when the store is deleted', async () => {
    const storeId = await makeStore();
    const wide = { min: 21_000, max: 21_000 };
    await database.db.asOrchestrator(async (tx) => {
      expect(await leasePort(tx, storeId, wide)).toBe(21_000);
      await deleteStoreRow(tx, storeId);
      const { rows } = await sql`SELECT FROM ports WHERE port = 21000 AND released_at IS NOT NULL`.execute(tx);
      expect(rows).toHaveLength(1);
    });
    const next = await makeStore();
    expect(await database.db.asOrchestrator((tx) => leasePort(tx, next, wide))).toBeNull();
  });
});

describe('what the platform keeps', () => {
  it('ORC-6: secrets come back as they were sealed, and the first ones hold', async () => {
    const box = createSecretBox(Buffer.alloc(32, 7));
    const storeId = await makeStore();
    const seal = (value: string) => [
      { name: 'admin', keyId: box.keyId, ciphertext: box.seal(value, `${storeId} admin`) },
    ];
    const kept = await database.db.asOrchestrator(async (tx) => {
      await insertSecrets(tx, storeId, []);
      await insertSecrets(tx, storeId, seal('first'));
      await insertSecrets(tx, storeId, seal('second'));
      return listSecrets(tx, storeId);
    });
    expect(kept.map(({ name, keyId, ciphertext }) => [name, keyId, box.open(ciphertext, `${storeId} admin`)])).toEqual([
      ['admin', box.keyId, 'first'],
    ]);
  });

  it('ORC-4: the preparation of an engine, from begin to end and again', async () => {
    await database.db.asOrchestrator(async (tx) => {
      await beginPreparation(tx, 'medusa', 'v1');
      await updatePreparation(tx, 'medusa', 'v1', { phase: 'install', fraction: 0.5, message: 'm'.repeat(2000) });
      expect(await findPreparation(tx, 'medusa', 'v1')).toMatchObject({
        status: 'running',
        phase: 'install',
        fraction: 0.5,
      });
      const phases = [{ phase: 'install', ms: 5 }];
      await updatePreparation(tx, 'medusa', 'v1', { status: 'ready', fraction: 1, message: null, phases });
      expect(await listPreparations(tx)).toMatchObject([{ status: 'ready', phases, message: null }]);
      await beginPreparation(tx, 'medusa', 'v1');
      expect(await findPreparation(tx, 'medusa', 'v1')).toMatchObject({ status: 'running', fraction: 0, phases: [] });
      expect(await findPreparation(tx, 'medusa', 'v2')).toBeNull();
    });
  });

  it('DAY-4: the use of a store, newest first', async () => {
    const storeId = await makeStore();
    await database.db.asOrchestrator(async (tx) => {
      for (const second of [1, 2, 3]) {
        const usage = { at: new Date(second * 1000), memoryBytes: 5_000_000_000, cpuSeconds: 1.5, diskBytes: second };
        await addUsage(tx, storeId, usage);
        await addUsage(tx, storeId, usage);
      }
      expect((await listUsage(tx, storeId, 2)).map(({ diskBytes }) => diskBytes)).toEqual([3, 2]);
      await deleteUsageBefore(tx, new Date(3000));
      expect(await listUsage(tx, storeId, 10)).toEqual([
        { at: new Date(3000), memoryBytes: 5_000_000_000, cpuSeconds: 1.5, diskBytes: 3 },
      ]);
    });
  });

  it('ORC-5: since when an orphan is known', async () => {
    const orphan = { kind: 'database', name: 'store_x', storeId: null };
    const first = await database.db.asOrchestrator((tx) => noteOrphan(tx, orphan));
    const again = await database.db.asOrchestrator((tx) => noteOrphan(tx, orphan));
    expect(again.firstSeenAt).toEqual(first.firstSeenAt);
    await database.db.asOrchestrator(async (tx) => {
      expect(await listOrphans(tx)).toEqual([first]);
      await forgetOrphan(tx, 'database', 'store_x');
      expect(await listOrphans(tx)).toEqual([]);
    });
  });

  it('ORC-5: one installation id for ever', async () => {
    const read = () => database.db.asOrchestrator((tx) => installationId(tx));
    expect(await read()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await read()).toBe(await read());
    const second = database.db.asOrchestrator((tx) => sql`INSERT INTO installation DEFAULT VALUES`.execute(tx));
    await expect(second).rejects.toMatchObject({ code: '23505' });
  });

  it('IDN-6: who did what, also after the store is gone', async () => {
    const storeId = await makeStore();
    const entry = { actorId: owner.userId, actor: owner.email, action: 'store.create', storeId, address: '127.0.0.1' };
    await database.db.asUser(owner, (tx) => addAudit(tx, { ...entry, details: { name: 'Shop' } }));
    await database.db.asUser(owner, (tx) => addAudit(tx, { ...entry, action: 'store.delete' }));
    await database.db.asOrchestrator((tx) => deleteStoreRow(tx, storeId));
    const admin = await testUser(database.db, 'admin');
    const [last, first] = await database.db.asUser(admin, (tx) => listAudit(tx, { limit: 10, storeId }));
    expect(first).toMatchObject({ ...entry, details: { name: 'Shop' } });
    expect(last?.action).toBe('store.delete');
    const before = await database.db.asUser(owner, (tx) => listAudit(tx, { limit: 10, before: last!.id }));
    expect(before).toEqual([first]);
  });
});
