import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

describe('a stranger with README and openapi.json', () => {
  let platform: TestPlatform;
  beforeAll(async () => void (platform = await startPlatform({ home: inject('home') })));
  afterAll(() => platform?.stop());

  it('creates, buys and deletes with a script of their own', async () => {
    const script = spawn(process.execPath, [resolve(import.meta.dirname, 'stranger.mjs')], {
      env: { ...process.env, STORE_PLATFORM_URL: platform.url, STORE_PLATFORM_TOKEN: platform.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(script.stdout), text(script.stderr), once(script, 'close')]);
    expect(script.exitCode, stderr).toBe(0);
    const { products, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ orderNumber: 1, currency: 'usd', refusedAfterDeletion: true });
    expect(products).toBeGreaterThanOrEqual(3);
  });
});
