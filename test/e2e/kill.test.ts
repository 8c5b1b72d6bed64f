import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, chmod, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { EngineName } from '../../src/stores/store.ts';
import { HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import {
  createShop,
  deleteShop,
  embeddedPid,
  nothingIsLeft,
  untilGone,
  untilPrepared,
  untilReady,
  type Shop,
} from '../support/shops.ts';
import { KINDS } from './kinds/index.ts';
import { askShop } from './kinds/kind.ts';

/**
 * `kill -9` of the platform at every boundary of every action: the boundaries are not listed here but recorded from
 * one undisturbed life of a shop. Tiny shops stand in for real ones of both kinds, one that keeps its data in a database
 * and one that keeps it in files; `CHAOS_ENGINE=medusa` or `woocommerce` takes real ones (up to an hour).
 */
const CHAOS = KINDS.find(({ engine }) => engine === process.env['CHAOS_ENGINE']) ?? null;
const ENGINES: readonly EngineName[] = CHAOS ? [CHAOS.engine] : ['medusa', 'woocommerce'];

describe.each(ENGINES)('kill -9 at every boundary of a %s shop', (engine) => {
  let base: string;
  let home: string;
  let boundaries: { creation: string[]; deletion: string[] };

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'store-platform-kill-'));
    await chmod(base, 0o711);
    home = CHAOS ? inject('home') : join(base, 'home');
    boundaries = await recordBoundaries();
  }, 900_000);
  afterAll(async () => {
    await rm(base, { recursive: true, force: true });
  });

  let running: TestPlatform | null = null;
  // What a failed test has left running would hold the home.
  afterEach(() => running?.stop());

  async function start(
    onBoundary: (boundary: string, child: ChildProcess) => unknown = () => undefined,
  ): Promise<TestPlatform> {
    running = await startPlatform({
      home,
      main: HOOKED_MAIN,
      env: { TEST_ENGINE: CHAOS ? 'real' : 'tiny' },
      onBoundary,
    });
    return running;
  }

  async function recordBoundaries(): Promise<typeof boundaries> {
    const seen = { creation: new Set<string>(), deletion: new Set<string>() };
    let now: Set<string> = new Set(); // what the platform does before there is a shop
    const platform = await start((boundary) => void (boundary.startsWith('prepare-engine') || now.add(boundary)));
    await untilPrepared(platform, engine);
    now = seen.creation;
    const id = await createShop(platform, engine);
    await untilReady(platform, id);
    now = seen.deletion;
    await deleteShop(platform, id);
    await untilGone(platform, id);
    await platform.stop();
    return { creation: [...seen.creation], deletion: [...seen.deletion] };
  }

  it('during creation: the shop becomes ready all the same, and nothing is left when it is deleted', async () => {
    expect(boundaries.creation).toEqual(
      expect.arrayContaining(['reserve:before', 'files:after', 'health:after', 'prove:checkpoint', 'prove:rollback']),
    );
    for (const boundary of boundaries.creation) {
      const id = await dieAt(boundary, (platform) => createShop(platform, engine));
      const platform = await start();
      await untilReady(platform, id);
      expect(await ordersOf(platform, id), `after a death at ${boundary}`).toBe(0);
      await deleteShop(platform, id);
      await untilGone(platform, id);
      await nothingIsLeft(platform, id);
      await platform.stop();
    }
  }, 3_600_000);

  it('during deletion: the shop is gone after the next start', async () => {
    expect(boundaries.deletion.length).toBeGreaterThanOrEqual(2);
    for (const boundary of boundaries.deletion) {
      let id = '';
      await dieAt(boundary, async (platform) => {
        id = await createShop(platform, engine);
        await untilReady(platform, id);
        await deleteShop(platform, id);
        return id;
      });
      const platform = await start();
      await untilGone(platform, id);
      await nothingIsLeft(platform, id);
      await platform.stop();
    }
  }, 3_600_000);

  it('of the embedded PostgreSQL alone: platform and shops recover by themselves', async () => {
    const platform = await start();
    const id = await createShop(platform, engine);
    await untilReady(platform, id);
    process.kill(await embeddedPid(home), 'SIGKILL');
    await until('the database is back', () => isReady(platform), 60_000);
    await until(
      'the shop sells',
      async () => ((await ordersOf(platform, id).catch(() => null)) === 0 ? true : null),
      60_000,
    );
    expect((await platform.api(`/api/v1/stores/${id}`)).body.status).toBe('ready');
    await platform.stop();
  }, 600_000);

  it("of a shop's process alone: it runs again, with its data", async () => {
    const platform = await start();
    const { id } = (await platform.api('/api/v1/stores')).body.stores[0];
    await until('the shop runs after the start', async () => ordersOf(platform, id).catch(() => null), 60_000);
    process.kill(await shopPid(home), 'SIGKILL');
    await until(
      'the shop answers again',
      async () => ((await ordersOf(platform, id).catch(() => null)) === 0 ? true : null),
      60_000,
    );
    expect((await platform.api(`/api/v1/stores/${id}`)).body.status).toBe('ready');
    await deleteShop(platform, id);
    await untilGone(platform, id);
    await nothingIsLeft(platform, id);
    await platform.stop();
  }, 600_000);

  /** Starts the platform, does something, and kills the platform the first time that it comes to `boundary`. */
  async function dieAt(boundary: string, deed: (platform: TestPlatform) => Promise<string>): Promise<string> {
    let armed = false;
    const platform = await start(async (now, child) => {
      if (!armed || now !== boundary) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    });
    armed = true;
    const exited = once(platform.child, 'exit');
    const id = await deed(platform);
    await exited;
    return id;
  }
});

async function isReady(platform: TestPlatform): Promise<true | null> {
  return (await fetch(`${platform.url}/health/ready`)).status === 200 ? true : null;
}

/** Orders in the shop, asked on its direct address. A tiny one tells them to anybody. */
async function ordersOf(platform: TestPlatform, id: string): Promise<number> {
  const { direct } = (await platform.api<Shop>(`/api/v1/stores/${id}`)).body.urls;
  if (CHAOS === null) return (await askShop(`${direct}/orders`, {})).orders.length;
  return CHAOS.countOrders(direct, (await platform.api(`/api/v1/stores/${id}/credentials`)).body);
}

async function shopPid(home: string): Promise<number> {
  const names = await readdir(join(home, 'stores'), { recursive: true });
  const found = names.find((name) => name.endsWith('process.json'));
  if (!found) throw new Error(`no process file among ${names.join(', ')}`);
  return JSON.parse(await readFile(join(home, 'stores', found), 'utf8')).pid;
}
