import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestPlatform } from '../support/platform.ts';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `store-platform …` as a script does, with the platform's address and token in the environment. */
export async function cli(
  platform: TestPlatform & { settings?: Record<string, string> },
  ...args: string[]
): Promise<CliResult> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../bin/store-platform.mjs'), ...args], {
    env: {
      ...process.env,
      ...platform.settings,
      STORE_PLATFORM_HOME: platform.home,
      STORE_PLATFORM_URL: platform.url,
      STORE_PLATFORM_TOKEN: platform.token,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
