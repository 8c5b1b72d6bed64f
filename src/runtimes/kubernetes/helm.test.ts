import { mkdtemp, readFile, readdir, rm, writeFile, chmod, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, TerminalError } from '../../errors.ts';
import { chartFolder } from './chart.ts';
import { helmFailure } from './helm-failure.ts';
import { makeHelm } from './helm.ts';

const NEVER = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-platform-helm-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Helm, played by a script that has its arguments in "$@". */
async function helmThat(script: string, environment: Record<string, string> = {}) {
  const program = join(folder, 'helm');
  await writeFile(program, `#!/bin/sh\n[ "$1" = version ] && { printf v3.18.0; exit; }\n${script}\n`);
  await chmod(program, 0o755);
  const helm = makeHelm({ program, environment: { PATH: '/usr/bin:/bin', ...environment }, kubeconfig: null });
  await helm.start();
  return helm;
}

describe('running Helm', () => {
  it('KUB-3: hands values in files that are gone afterwards, in folders that nobody else may read', async () => {
    const helm = await helmThat(
      `printf '%s\\n' "$@" >${folder}/args; for last; do :; done; cp "$last" ${folder}/values; stat -c %a "$last" "$(dirname "$last")" >${folder}/modes; env >${folder}/env`,
      { SECRET_OF_THE_PLATFORM: 'yes', KUBECONFIG: '/some/where' },
    );
    await helm.run(['upgrade', 'a b', '; exit 7'], ['first: 1', '{"second":2}'], NEVER);
    const args = (await readFile(join(folder, 'args'), 'utf8')).trim().split('\n');
    expect(args.slice(0, 3)).toEqual(['upgrade', 'a b', '; exit 7']);
    expect(await readFile(join(folder, 'values'), 'utf8')).toBe('{"second":2}');
    expect(await readFile(join(folder, 'modes'), 'utf8')).toBe('600\n700\n');
    await expect(readFile(args.at(-1) ?? '')).rejects.toThrow('ENOENT');
    const environment = await readFile(join(folder, 'env'), 'utf8');
    expect(environment).not.toContain('SECRET_OF_THE_PLATFORM');
    expect(environment).toMatch(/^KUBECONFIG=\/some\/where$/m);
    for (const own of ['HELM_CACHE_HOME', 'HELM_CONFIG_HOME', 'HELM_DATA_HOME']) expect(environment).toContain(own);
    await helm.stop();
    await expect(readdir(join(args.at(-1) ?? '', '../..'))).rejects.toThrow('ENOENT');
  });

  it('removes the values of a run that fails, and says why it did', async () => {
    const helm = await helmThat(
      `for last; do :; done; echo "$last" >${folder}/name; yes noise | head -c 3000000 >&2; echo 'Error: UPGRADE FAILED: no luck' >&2; exit 1`,
    );
    await expect(helm.run(['upgrade'], ['a: 1'], NEVER)).rejects.toThrow('Helm has failed: UPGRADE FAILED: no luck');
    await expect(readFile((await readFile(join(folder, 'name'), 'utf8')).trim())).rejects.toThrow('ENOENT');
    await helm.stop();
  });

  it('is ended at once when it is given up, even where it does not listen', async () => {
    const helm = await helmThat(`trap '' TERM; echo $$ >${folder}/pid; while :; do :; done`);
    const controller = new AbortController();
    const run = helm.run(['upgrade'], [], controller.signal);
    const began = performance.now();
    setTimeout(() => controller.abort(new Error('enough')), 200);
    await expect(run).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(3000);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await helm.stop();
  });

  it('says what to do when there is no Helm, or one that is too old', async () => {
    const none = makeHelm({ program: 'no-such-helm', environment: { PATH: '/bin' }, kubeconfig: null });
    await expect(none.start()).rejects.toThrow(/"no-such-helm".*set HELM/);
    await none.stop();
    const program = join(folder, 'old');
    await writeFile(program, '#!/bin/sh\nprintf v3.9.4\n', { mode: 0o755 });
    const old = makeHelm({ program, environment: {}, kubeconfig: null });
    await expect(old.start()).rejects.toThrow('Helm 3.13 or newer is needed, and v3.9.4 is installed.');
    await old.stop();
  });
});

describe('what Helm says', () => {
  it.each([
    'Error: Kubernetes cluster unreachable: Get "https://10.0.0.1:6443/version": dial tcp 10.0.0.1:6443: connect: connection refused',
    'Error: UPGRADE FAILED: Get "https://10.0.0.1/api": net/http: TLS handshake timeout',
    'Error: UPGRADE FAILED: etcdserver: request timed out',
    'Error: INSTALLATION FAILED: client rate limiter Wait returned an error: context deadline exceeded',
    'Error: query: failed to query with labels: Get "https://10.0.0.1/api/v1": EOF',
  ])('is no fault of the store where the cluster is away: %s', (output) => {
    expect(helmFailure(output, 'exit code 1')).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(helmFailure(output, 'exit code 1')).toBeInstanceOf(AppError);
  });

  it.each([
    [
      "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n- at '/size': value must be one of 'small'",
      /STORE_VALUES_FILE.*'\/size'/,
    ],
    [
      'Error: INSTALLATION FAILED: persistentvolumeclaims "a" is forbidden: exceeded quota: shop, requested: x=1, used: x=1, limited: x=1',
      /quota.*limited: x=1/,
    ],
    [
      'Error: template: shop/templates/a.yaml:1:3: executing "a" at <include>: execution error at (a.yaml:1:2): no host',
      /can not be applied.*no host/,
    ],
  ])('is for good where no other try can help: %s', (output, words) => {
    const failure = helmFailure(output, 'exit code 1');
    expect(failure).toBeInstanceOf(TerminalError);
    expect(failure.message).toMatch(words);
  });

  it('is worth another try otherwise; on one line, without the warnings before it and without paths', () => {
    const failure = helmFailure(
      'WARNING: a\nW1: b\nError: UPGRADE FAILED: /tmp/values-x/0.yaml\n  is odd\n',
      'exit code 1',
    );
    expect(failure.message).toBe('Helm has failed: UPGRADE FAILED: … is odd');
    expect(failure).not.toBeInstanceOf(TerminalError);
    expect(helmFailure('', 'exit code 137').message).toBe('Helm has failed (exit code 137).');
  });
});

describe('charts', () => {
  it('KUB-3: come from their folder, by plain names alone', async () => {
    await mkdir(join(folder, 'medusa-store'));
    await symlink('/etc', join(folder, 'elsewhere'));
    expect(await chartFolder(folder, 'medusa-store')).toBe(join(folder, 'medusa-store'));
    for (const name of ['..', '.', '', 'none', 'elsewhere', '../charts/medusa-store', 'medusa-store/', '-f', '/etc']) {
      await expect(chartFolder(folder, name), name).rejects.toThrow(TerminalError);
    }
  });
});
