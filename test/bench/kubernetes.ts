import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EngineName } from '../../src/stores/store.ts';
import { apply, helm, kubectl } from '../cluster/support/kubectl.ts';
import { installPlatform, type ClusterPlatform } from '../cluster/support/platform.ts';
import { KINDS } from '../e2e/kinds/index.ts';
import { makeShop, removeShop } from './life.ts';
import { ms, percentile, type Figure } from './report.ts';

const ROUNDS = 2;
const TOGETHER = 5;
const CHARTS = resolve(import.meta.dirname, '../../charts');

/** What the platform adds to `helm install --wait` of the same chart, values and images, and five stores beside one. */
export async function benchKubernetes(): Promise<Figure[]> {
  const ingress = process.env['INGRESS_ADDRESS'];
  if (!process.env['KUBECONFIG'] || !ingress) {
    process.stdout.write('kubernetes: left out, since KUBECONFIG and INGRESS_ADDRESS are not set\n');
    return [];
  }
  const platform = await installPlatform(ingress);
  try {
    const figures: Figure[] = [];
    for (const { engine, missing } of KINDS)
      if (missing === null) figures.push(...(await benchEngine(platform, engine)));
    return figures;
  } finally {
    await platform.stop();
  }
}

async function benchEngine(platform: ClusterPlatform, engine: EngineName): Promise<Figure[]> {
  const totals: number[] = [];
  const purchases: number[] = [];
  const proofs: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const shop = await makeShop(platform, engine);
    totals.push(shop.totalMs);
    purchases.push(shop.purchaseMs);
    proofs.push(shop.proofMs);
    const values = await valuesOf(platform, shop.id);
    await removeShop(platform, shop.id);
    bare.push(await bareInstall(engine, values));
  }
  const [total, purchase, proof, install] = [totals, purchases, proofs, bare].map((sample) =>
    percentile(sample, 0.5),
  ) as [number, number, number, number];
  const five = await together(platform, engine);
  return [
    {
      name: `Kubernetes, ${engine}: create to ready, the slower of ${ROUNDS}`,
      value: ms(total),
      beside:
        `bare helm install --wait ${ms(install)}, purchase ${ms(purchase)}, whole proof ${ms(proof)}; ` +
        `(create − purchase) / install = ${((total - purchase) / install).toFixed(2)}, ` +
        `(create − proof) / install = ${((total - proof) / install).toFixed(2)}`,
      aim: '≤ 1.05 × install + purchase',
    },
    {
      name: `Kubernetes, ${engine}: ${TOGETHER} at once, until the last is ready`,
      value: ms(five),
      beside: `one alone ${ms(total)}; ratio ${(five / total).toFixed(2)}`,
    },
  ];
}

async function together(platform: ClusterPlatform, engine: EngineName): Promise<number> {
  const begin = performance.now();
  const shops = await Promise.all(Array.from({ length: TOGETHER }, () => makeShop(platform, engine)));
  const took = performance.now() - begin;
  await Promise.all(shops.map(({ id }) => removeShop(platform, id)));
  return took;
}

/** What the platform has told Helm about a store, without the Secret: the chart then makes one of its own. */
async function valuesOf(platform: ClusterPlatform, id: string): Promise<object> {
  const { namespace } = (await platform.api(`/api/v1/stores/${id}`)).body;
  const values = JSON.parse(await helm('get', 'values', 'shop', '-n', namespace, '-o', 'json')) as object;
  return { ...values, existingSecret: '' };
}

async function bareInstall(engine: EngineName, values: object): Promise<number> {
  const namespace = `sp-bench-${Date.now()}`;
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-bench-'));
  const file = join(folder, 'values.json');
  await writeFile(file, JSON.stringify(values));
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const begin = performance.now();
  try {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
    const chart = join(CHARTS, `${engine}-store`);
    await helm('install', 'shop', chart, '-n', namespace, '-f', file, '--wait', '--timeout', '5m');
    return performance.now() - begin;
  } finally {
    await kubectl('delete', 'namespace', namespace, '--wait');
    await rm(folder, { recursive: true });
  }
}
