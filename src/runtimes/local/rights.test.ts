import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeRights } from './rights.ts';

describe('changing rights', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'store-platform-rights-'))));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('reaches all that is below', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/b'), '', { mode: 0o600 });
    await changeRights('chmod', 'a+rX', folder);
    expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o644);
  });

  it('rejects with what the program said', async () => {
    await expect(changeRights('chmod', 'nonsense', folder)).rejects.toThrow(/chmod nonsense failed: .*nonsense/);
  });

  // A Ctrl-C went to it as well, and the preparation was said to have failed.
  it('has a group of its own, which a Ctrl-C on the terminal does not reach', async () => {
    const program = join(folder, 'chmod');
    writeFileSync(program, `#!/bin/sh\nread -r _ _ _ _ group _ < /proc/$$/stat; echo "$$ $group" > ${folder}/groups\n`);
    chmodSync(program, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    await changeRights('chmod', 'a+r', folder);
    const [pid, group] = readFileSync(join(folder, 'groups'), 'utf8').trim().split(' ');
    expect(group).toBe(pid);
  });
});
