import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HomeInUseError, lockHome } from './home-lock.ts';

describe('lockHome', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'store-platform-lock-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('trap 5: lets nobody else in, and says who has it', async () => {
    const lock = await lockHome(home);
    const refused = await lockHome(home).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HomeInUseError);
    expect((refused as HomeInUseError).pid).toBe(process.pid);
    expect((refused as Error).message).toContain(String(process.pid));
    await lock.release();
    await (await lockHome(home)).release();
  });

  it('trap 5: is free at once when its holder was killed', async () => {
    const script = join(home, 'holder.mjs');
    const module = join(import.meta.dirname, 'home-lock.ts');
    await writeFile(
      script,
      `import { lockHome } from ${JSON.stringify(module)}; await lockHome(${JSON.stringify(home)}); process.send('held'); setInterval(() => {}, 1000);`,
    );
    const holder = fork(script, { execArgv: ['--import', 'tsx'], cwd: join(import.meta.dirname, '../../..') });
    await once(holder, 'message');
    await expect(lockHome(home)).rejects.toMatchObject({ pid: holder.pid });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockHome(home)).release();
  });

  it('trap 5: of many that find a stale one at once, one gets it', async () => {
    await mkdir(join(home, 'lock'));
    await writeFile(join(home, 'lock', '7'), '');
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockHome(home)));
    const locks = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(locks).toHaveLength(1);
    expect(await readdir(join(home, 'lock'))).toEqual(['8']);
    await locks[0]?.release();
  });

  it('works in a home whose path is longer than a socket may have', async () => {
    const deep = join(home, 'a'.repeat(60), 'b'.repeat(60));
    await mkdir(deep, { recursive: true });
    const lock = await lockHome(deep);
    await expect(lockHome(deep)).rejects.toBeInstanceOf(HomeInUseError);
    await lock.release();
  });
});
