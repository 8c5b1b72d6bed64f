import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded, type EmbeddedPostgres } from '../../src/db/embedded.ts';
import { HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { createShop, untilPrepared, untilReady, type Shop } from '../support/shops.ts';

const AWAY_MS = 20_000;
const log = pino({ level: 'silent' });

describe('API-12: an external PostgreSQL goes away for 20 s under load', () => {
  let base: string;
  let server: EmbeddedPostgres;
  let platform: TestPlatform;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'store-platform-outage-'));
    await chmod(base, 0o711);
    server = await startEmbedded({ home: join(base, 'server'), log });
    const { user, password, port, name } = server.settings;
    platform = await startPlatform({
      home: join(base, 'home'),
      main: HOOKED_MAIN,
      env: {
        DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${port}/${name}`,
        TEST_ENGINE: 'tiny',
        MAX_STORES_PER_USER: '100',
      },
    });
    await Promise.all([untilPrepared(platform, 'medusa'), untilPrepared(platform, 'woocommerce')]);
  });
  afterAll(async () => {
    await platform?.stop();
    await server?.stop();
    await rm(base, { recursive: true, force: true });
  });

  it('answers 503 fast, stops no shop, fails none, and recovers by itself', async () => {
    const ready = await Promise.all(
      [1, 2, 3].map(async (n) =>
        untilReady(platform, await createShop(platform, n === 3 ? 'woocommerce' : 'medusa', `Shop ${n}`)),
      ),
    );
    const pids = await Promise.all(ready.map(pidOf));
    const underWay = [
      await createShop(platform, 'medusa', 'Under way'),
      await createShop(platform, 'woocommerce', 'Under way too'),
    ];

    const load = startLoad(platform);
    await server.stop();
    const away = Date.now();
    await until(
      '/health/ready says so',
      async () => ((await status(platform, '/health/ready')) === 503 ? true : null),
      5000,
    );
    expect(await status(platform, '/health/live')).toBe(200);
    // The outage itself is what is tested, so its length is waited for.
    await new Promise((wake) => setTimeout(wake, AWAY_MS - (Date.now() - away)));
    server = await startEmbedded({ home: join(base, 'server'), log });
    await until(
      '/health/ready recovers',
      async () => ((await status(platform, '/health/ready')) === 200 ? true : null),
      30_000,
    );
    const answers = await load.stop();

    expect(new Set(answers.map((answer) => `${answer.status} ${answer.code}`))).toEqual(
      new Set(['200 undefined', '503 DEPENDENCY_UNAVAILABLE']),
    );
    expect(Math.max(...answers.map((answer) => answer.ms)), 'the slowest answer, in ms').toBeLessThan(5000);
    expect(platform.child.exitCode).toBeNull();
    for (const id of [...ready.map((shop) => shop.id), ...underWay])
      expect(await untilReady(platform, id)).toMatchObject({ errorMessage: null });
    expect(await Promise.all(ready.map(pidOf)), 'the same processes').toEqual(pids);
  }, 180_000);
});

async function pidOf(shop: Shop): Promise<number> {
  const answer = await fetch(`${shop.urls.direct}/pid`);
  return Number(await answer.text());
}

async function status(platform: TestPlatform, path: string): Promise<number> {
  return (await fetch(platform.url + path)).status;
}

interface Answer {
  status: number;
  code: string | undefined;
  ms: number;
}

/** Ten callers who read again as soon as they have an answer, until stopped. */
function startLoad(platform: TestPlatform): { stop(): Promise<Answer[]> } {
  const answers: Answer[] = [];
  const stop = new AbortController();
  const caller = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const begin = performance.now();
      const { status: code, body } = await platform.api('/api/v1/stores');
      answers.push({ status: code, code: body.error?.code, ms: performance.now() - begin });
      if (code === 503) await new Promise((wake) => setTimeout(wake, 50)); // as a caller with manners
    }
  };
  const callers = Promise.all(Array.from({ length: 10 }, caller));
  return {
    async stop() {
      stop.abort();
      await callers;
      return answers;
    },
  };
}
