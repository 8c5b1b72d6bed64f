import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apply, kubectl } from './support/kubectl.ts';

const CHARTS = resolve(import.meta.dirname, '../../charts');
const { missing } = inject('cluster');
const namespace = `sp-charts-${randomBytes(3).toString('hex')}`;
let folder: string;

/** What a value is, and what it must not be: the part of the message that names it. */
type Nonsense = [title: string, values: object, named: string];

const COMMON: Nonsense[] = [
  ['a misspelt name', { ingres: {} }, 'ingres'],
  ['an unknown pull policy', { image: { pullPolicy: 'Sometimes' } }, '/image/pullPolicy'],
  ['an Ingress without a host', { ingress: { enabled: true, host: '' } }, 'host'],
  ['a host with a path', { ingress: { enabled: true, host: 'shop.example.com/x' } }, '/ingress/host'],
  ['a switch that is a text', { networkPolicy: { enabled: 'yes' } }, '/networkPolicy/enabled'],
];

const STORE: Nonsense[] = [
  ['an unknown size', { size: 'gigantic' }, '/size'],
  ['an address that is none', { publicUrl: 'shop' }, '/publicUrl'],
];

const REFUSED: Record<string, Nonsense[]> = {
  'medusa-store': [...COMMON, ...STORE],
  'woocommerce-store': [...COMMON, ...STORE],
  'store-platform': [
    ...COMMON,
    ['a tag that is none', { image: { tag: 'a b' } }, '/image/tag'],
    ['no replicas', { api: { replicas: 0 } }, '/api/replicas'],
    [
      'memory without a unit',
      { worker: { resources: { limits: { memory: '512' } } } },
      '/worker/resources/limits/memory',
    ],
    ['a secret among the settings', { settings: { SECRETS_KEY: 'x' } }, 'SECRETS_KEY'],
    ['a setting that the chart makes itself', { settings: { RUNTIME: 'local' } }, 'RUNTIME'],
    ['a feature that is neither on nor off', { features: { UPGRADES: 'maybe' } }, '/features/UPGRADES'],
    ['no database at all', { postgresql: { enabled: false } }, '/externalDatabase/existingSecret'],
    ['a platform below a path', { publicUrl: 'https://example.com/shops' }, '/publicUrl'],
    ['a proxy that is no address', { trustedProxies: ['everybody'] }, '/trustedProxies/0'],
    ['values that each store has its own of', { stores: { publicUrl: 'http://x' } }, '/stores'],
    ['a delay longer than the stop may take', { api: { stopDelaySeconds: 60 } }, '/api/stopDelaySeconds'],
    ['a way in from nowhere', { networkPolicy: { ingressFrom: [{}] } }, '/networkPolicy/ingressFrom/0'],
  ],
};

const helm = (...args: string[]) => execa('helm', args, { reject: false, all: true });
const install = (chart: string, ...args: string[]) =>
  helm('install', 'shop', join(CHARTS, chart), '-n', namespace, '--dry-run=server', ...args);

/** The values that an operator has to give in any case. */
function necessary(chart: string): string[] {
  return chart === 'store-platform' ? [] : ['--set-string', 'existingSecret=shop-secrets,image.tag=1'];
}

describe.skipIf(missing)(`KUB-4, KUB-5: the charts${missing ? ` (${missing})` : ''}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-platform-charts-'));
    const labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  });

  describe.each(Object.entries(REFUSED))('%s', (chart, refused) => {
    it.each(['values.yaml', 'values-local.yaml', 'values-prod.yaml'])(
      'with %s has nothing to complain of',
      async (file) => {
        const { all, exitCode } = await helm('lint', '--strict', join(CHARTS, chart), '-f', join(CHARTS, chart, file));
        expect([exitCode, all]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
      },
    );

    it.each(['values-local.yaml', 'values-prod.yaml'])('with %s is accepted by the API server', async (file) => {
      const { all, exitCode } = await install(chart, '-f', join(CHARTS, chart, file), ...necessary(chart));
      expect([exitCode, exitCode === 0 ? '' : all]).toEqual([0, '']);
      expect(all).not.toMatch(/would violate PodSecurity/);
    });

    it.each(refused)('refuses %s', async (_title, values, named) => {
      const file = join(folder, 'nonsense.json');
      await writeFile(file, JSON.stringify(values));
      const { all, exitCode } = await install(chart, ...necessary(chart), '-f', file);
      expect(exitCode).toBe(1);
      expect(all).toContain("values don't meet the specifications of the schema");
      expect(all).toContain(named);
    });

    it('says where to go', () => {
      expect(existsSync(join(CHARTS, chart, 'templates/NOTES.txt'))).toBe(true);
    });
  });
});
