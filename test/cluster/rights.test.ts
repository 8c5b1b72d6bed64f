import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { apply, kubectl } from './support/kubectl.ts';

const CHART = resolve(import.meta.dirname, '../../charts/store-platform');
const { missing } = inject('cluster');

const id = randomBytes(3).toString('hex');
const release = `sp-rights-${id}`;
const store = `store-rights-${id}`;
const foreign = `foreign-rights-${id}`;
const WORKER = `system:serviceaccount:${release}:${release}-worker`;
const API = `system:serviceaccount:${release}:${release}-api`;
const NOBODY = `system:serviceaccount:${release}:default`;

const LABELS = {
  'app.kubernetes.io/managed-by': 'store-platform',
  'store-platform/installation': 'of-a-test',
  'pod-security.kubernetes.io/enforce': 'restricted',
};

const namespace = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const binding = (where: string, role: string, account: string, subjects = [subject(account)]) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: role, namespace: where },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects,
});

const subject = (name: string, where = release) => ({ kind: 'ServiceAccount', name, namespace: where });

/** Does something as an account; null when it was allowed, else what the API server said. */
async function refusal(account: string, args: string[], manifest?: object): Promise<string | null> {
  const input = manifest === undefined ? {} : { input: JSON.stringify(manifest) };
  const { failed, stderr } = await execa('kubectl', [`--as=${account}`, ...args], { reject: false, ...input });
  return failed ? stderr : null;
}

const create = (manifest: object, account = WORKER) => refusal(account, ['create', '-f', '-'], manifest);

/** As the worker, for whom it has to be possible. */
async function make(manifest: object): Promise<void> {
  const said = await create(manifest);
  if (said !== null) throw new Error(said);
}

async function can(account: string, where: string, ...right: string[]): Promise<string> {
  const { stdout } = await execa('kubectl', ['auth', 'can-i', `--as=${account}`, '-n', where, ...right], {
    reject: false,
  });
  return stdout;
}

/** What an account may do beyond what every account may, one line each. */
async function rights(account: string, where: string): Promise<string[]> {
  const list = async (who: string) => {
    const text = await kubectl('auth', 'can-i', '--list', `--as=${who}`, '-n', where);
    return text.split('\n').slice(1).map(inWords);
  };
  const everybody = new Set(await list(NOBODY));
  return (await list(account)).filter((line) => !everybody.has(line)).toSorted();
}

function inWords(row: string): string {
  return row.replaceAll(release, '<release>').replaceAll(/\s+/g, ' ').replaceAll(' []', '').trim();
}

async function applyChart(): Promise<void> {
  const templates = ['accounts', 'rights', 'admission'].flatMap((name) => ['--show-only', `templates/${name}.yaml`]);
  // Helm on its own believes in a Kubernetes of its own age.
  const args = ['template', release, CHART, '-n', release, '--kube-version', '1.34.0', ...templates];
  const { stdout } = await execa('helm', args);
  await execa('kubectl', ['apply', '-n', release, '-f', '-'], { input: stdout });
}

describe.skipIf(missing)(`trap 9: the rights of the platform's accounts${missing ? ` (${missing})` : ''}`, () => {
  beforeAll(async () => {
    await apply(namespace(release, {}));
    await apply(namespace(foreign, {}));
    await applyChart();
    // A policy holds a moment after it was made.
    const isRefused = async () =>
      (await refusal(WORKER, ['label', 'namespace', foreign, 'a=b', '--overwrite'])) !== null;
    await vi.waitUntil(isRefused, { timeout: 30_000, interval: 200 });
    await make(namespace(store, LABELS));
    await make(binding(store, `${release}-stores`, `${release}-worker`));
    await make(binding(store, `${release}-store-logs`, `${release}-api`));
  });
  afterAll(async () => {
    const cluster = [
      'clusterrole',
      'clusterrolebinding',
      'validatingadmissionpolicy',
      'validatingadmissionpolicybinding',
    ];
    const labelled = ['-l', `app.kubernetes.io/instance=${release}`, '--ignore-not-found'];
    await kubectl('delete', cluster.join(','), ...labelled);
    await kubectl('delete', 'namespace', release, store, foreign, '--ignore-not-found', '--wait=false');
  });

  it('KUB-5: are exactly those that are written down, without a wildcard', async () => {
    const parts = {
      'the worker, in the whole cluster': await rights(WORKER, foreign),
      "the worker, in a store's namespace": await rights(WORKER, store),
      'the API, in the whole cluster': await rights(API, foreign),
      "the API, in a store's namespace": await rights(API, store),
    };
    const text = Object.entries(parts)
      .map(([title, lines]) => `# ${title}\n${(lines.length > 0 ? lines : ['nothing']).join('\n')}\n`)
      .join('\n');
    expect(text).not.toContain('*');
    await expect(text).toMatchFileSnapshot(`${CHART}/worker-rights.txt`);
  });

  it.each([
    ['get', 'secrets'],
    ['list', 'secrets'],
    ['create', 'pods'],
    ['create', 'deployments.apps'],
    ['get', 'pods', '--subresource=log'],
    ['create', 'pods', '--subresource=exec'],
    ['create', 'clusterrolebindings.rbac.authorization.k8s.io'],
    ['bind', 'clusterroles.rbac.authorization.k8s.io/cluster-admin'],
    ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
    ['impersonate', 'serviceaccounts'],
    ['create', 'serviceaccounts', '--subresource=token'],
    ['update', 'validatingadmissionpolicies.admissionregistration.k8s.io'],
  ])("do not let the worker %s %s outside of its stores' namespaces", async (...right) => {
    expect(await can(WORKER, 'kube-system', ...right)).toBe('no');
    expect(await can(WORKER, release, ...right)).toBe('no');
  });

  it("do not let the worker run programs in a store's pods, nor the API read a store's secrets", async () => {
    expect(await can(WORKER, store, 'create', 'pods', '--subresource=exec')).toBe('no');
    expect(await can(WORKER, store, 'create', 'secrets')).toBe('yes');
    expect(await can(API, store, 'get', 'secrets')).toBe('no');
    expect(await can(API, store, 'get', 'pods', '--subresource=log')).toBe('yes');
  });

  it('keep the worker to namespaces that it has made', async () => {
    for (const name of [foreign, release]) {
      expect(await refusal(WORKER, ['delete', 'namespace', name])).toContain('only namespaces that it has made');
      const own = Object.entries(LABELS).map(([label, value]) => `${label}=${value}`);
      expect(await refusal(WORKER, ['label', '--overwrite', 'namespace', name, ...own])).toContain('that it has made');
      expect(await create(binding(name, `${release}-stores`, `${release}-worker`))).toContain('that it has made');
    }
    expect(await create(namespace(`${store}-2`, {}))).toContain('carry its labels');
    const weak = { ...LABELS, 'pod-security.kubernetes.io/enforce': 'privileged' };
    expect(await create(namespace(`${store}-2`, weak))).toContain('Pod Security restricted');
    for (const change of ['pod-security.kubernetes.io/enforce=baseline', 'store-platform/installation=another'])
      expect(await refusal(WORKER, ['label', '--overwrite', 'namespace', store, change])).toContain('denied request');
  });

  it('let the worker give its own two accounts the rights made for them, and nothing else to anybody', async () => {
    const worker = subject(`${release}-worker`);
    for (const manifest of [
      binding(store, 'cluster-admin', '', [worker]),
      binding(store, 'admin', '', [worker]),
      { ...binding(store, `${release}-stores`, 'default'), metadata: { name: 'other', namespace: store } },
      { ...binding(store, `${release}-stores`, `${release}-api`), metadata: { name: 'other', namespace: store } },
      {
        ...binding(store, `${release}-stores`, '', [worker, subject(`${release}-worker`, foreign)]),
        metadata: { name: 'other', namespace: store },
      },
    ])
      expect(await create(manifest)).toMatch(/denied request|not currently held/);
  });

  it('leave everybody else alone', async () => {
    expect(await kubectl('label', 'namespace', foreign, 'somebody=else')).toContain('labeled');
  });
});
