import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { ask, type ApiAnswer, type ApiInit } from '../../support/platform.ts';
import { openFront } from './front.ts';
import { apply, helm, kubectl } from './kubectl.ts';

const CHART = resolve(import.meta.dirname, '../../../charts/store-platform');
const RELEASE = 'sp';
/** Stores' addresses end so; nobody has to resolve them, because the tests ask the ingress itself. */
export const STORE_DOMAIN = 'shops.example.test';
const HOST = 'platform.example.test';

/** The platform in a namespace of its own, installed as its chart's README says, and reached through the ingress. */
export interface ClusterPlatform {
  url: string;
  token: string;
  namespace: string;
  api<T = any>(path: string, init?: ApiInit): Promise<ApiAnswer<T>>;
  /** `helm upgrade` with these values besides those of the installation. */
  upgrade(values: object): Promise<void>;
  stop(): Promise<void>;
}

export async function installPlatform(ingress: string, values: object = {}): Promise<ClusterPlatform> {
  const namespace = `sp-test-${randomBytes(3).toString('hex')}`;
  await apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  const stores = { networkPolicy: { ingressFrom: [{ ipBlock: { cidr: `${ingress.replace(/\d+$/, '0')}/24` } }] } };
  const wanted = { stores, ...values };
  await install('install', namespace, wanted);
  const token = await makeKey(namespace);
  const front = await openFront(ingress, HOST);
  return {
    url: front.url,
    token,
    namespace,
    api: (path, init = {}) => ask(front.url, token, path, init),
    upgrade: (changes) => install('upgrade', namespace, { ...wanted, ...changes }),
    async stop() {
      await removeStores(front.url, token);
      await front.close();
      await helm('uninstall', RELEASE, '-n', namespace, '--wait', '--timeout', '2m');
      await kubectl('delete', 'namespace', namespace, '--timeout=2m');
    },
  };
}

/** What a test that has failed left there: without its platform nobody else would remove it. */
async function removeStores(url: string, token: string): Promise<void> {
  const { body } = await ask<{ stores: { id: string }[] }>(url, token, '/api/v1/stores', {});
  for (const { id } of body.stores)
    await kubectl('delete', 'namespaces', '-l', `store-platform/store-id=${id}`, '--timeout=2m');
}

async function install(deed: 'install' | 'upgrade', namespace: string, changes: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-values-'));
  const file = join(folder, 'values.json');
  const settings = { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_CREATES_PER_MINUTE: '1000000', LOG_LEVEL: 'debug' };
  const own = { publicUrl: `http://${HOST}`, storeDomain: STORE_DOMAIN, ingress: { host: HOST }, settings };
  try {
    await writeFile(file, JSON.stringify({ ...own, ...changes }));
    const local = join(CHART, 'values-local.yaml');
    await helm(deed, RELEASE, CHART, '-n', namespace, '-f', local, '-f', file, '--wait', '--timeout', '5m');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As the chart's notes tell an operator to make one. */
async function makeKey(namespace: string): Promise<string> {
  const command = ['node', 'dist/src/admin-main.js', 'api-key', 'tests'];
  const { stdout } = await execa('kubectl', ['exec', '-n', namespace, `deploy/${RELEASE}-api`, '--', ...command]);
  return stdout.trim();
}
