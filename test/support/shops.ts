import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DatabaseSettings } from '../../src/config.ts';
import { withClient } from '../../src/db/connect.ts';
import type { EngineName } from '../../src/stores/store.ts';
import { until, type ApiAnswer, type ApiInit, type TestPlatform } from './platform.ts';

/** A store as the API shows it, as far as tests look. */
export interface Shop {
  id: string;
  slug: string;
  status: string;
  errorMessage: string | null;
  urls: { storefront: string; admin: string; direct: string };
}

const SETTLED_MS = 240_000;

/** A platform as far as these ask it, wherever it runs. */
type Asked = Pick<TestPlatform, 'api'>;

export async function createShop(platform: Asked, engine: EngineName = 'medusa', name = 'Test Shop'): Promise<string> {
  const made = await insist(platform, '/api/v1/stores', { method: 'POST', body: { name, engine } });
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  return made.body.id;
}

/** Asks again while the platform says that it is too busy, as its answer tells to: a machine that tests is. */
function insist(platform: Asked, path: string, init: ApiInit): Promise<ApiAnswer<any>> {
  const ask = async () => {
    const answer = await platform.api(path, init);
    return answer.body?.error?.code === 'OVERLOADED' ? null : answer;
  };
  return until(`${init.method} ${path} is taken`, ask, 30_000);
}

export async function untilReady(platform: Asked, id: string): Promise<Shop> {
  return until(
    `${id} is ready`,
    async () => {
      const { body } = await platform.api<Shop>(`/api/v1/stores/${id}`);
      if (body.status === 'failed') throw new Error(`failed: ${body.errorMessage}`);
      return body.status === 'ready' ? body : null;
    },
    SETTLED_MS,
  );
}

export async function deleteShop(platform: Asked, id: string): Promise<void> {
  expect((await insist(platform, `/api/v1/stores/${id}`, { method: 'DELETE' })).status).toBe(202);
}

export async function untilGone(platform: Asked, id: string): Promise<void> {
  await until(
    `${id} is gone`,
    async () => ((await platform.api(`/api/v1/stores/${id}`)).status === 404 ? true : null),
    60_000,
  );
}

/** Resolves when shops of a kind, or what stands in for it, can be cloned. Rejects when its preparation has failed. */
export async function untilPrepared(
  platform: Asked,
  name: EngineName = 'medusa',
): Promise<{ phase: string; ms: number }[]> {
  return until(
    `${name} is prepared`,
    async () => {
      const { engines } = (await platform.api('/api/v1/engines')).body;
      const { preparation } = engines.find((engine: { name: string }) => engine.name === name);
      if (preparation?.status === 'failed') throw new Error(`preparation failed: ${preparation.message}`);
      return preparation?.status === 'ready' ? preparation.phases : null;
    },
    1_200_000,
  );
}

/** Looks for what a deleted shop may have left: databases, roles, processes, folders. */
export async function nothingIsLeft(platform: TestPlatform, id: string): Promise<void> {
  const superuser = await embeddedSuperuser(platform.home);
  const left = await withClient(superuser, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE datname LIKE $1 UNION SELECT rolname FROM pg_roles WHERE rolname LIKE $1',
      [`%${id.replaceAll('-', '')}%`],
    );
    return rows.map((row) => row.name);
  });
  expect(left, 'databases and roles').toEqual([]);
  expect(await processesOf(id), 'processes').toEqual([]);
  expect(await readdir(join(platform.home, 'stores')), 'folders').toEqual([]);
}

/** The administrator of a running platform's embedded PostgreSQL. */
export async function embeddedSuperuser(home: string): Promise<DatabaseSettings> {
  const password = (await readFile(join(home, 'secrets/postgres-superuser'), 'utf8')).trim();
  const lines = await embeddedLock(home);
  return { host: '127.0.0.1', port: Number(lines[3]), name: 'postgres', user: 'postgres', password, ssl: false };
}

export async function embeddedPid(home: string): Promise<number> {
  return Number((await embeddedLock(home))[0]);
}

/** The lock file of a running server: pid first, port fourth (PostgreSQL: miscadmin.h, LOCK_FILE_LINE_*). */
async function embeddedLock(home: string): Promise<string[]> {
  return (await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n');
}

async function processesOf(id: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`STORE_PLATFORM_STORE_ID=${id}`)) found.push(pid);
  }
  return found;
}
