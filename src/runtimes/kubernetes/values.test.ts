import { describe, expect, it } from 'vitest';
import type { StorePlan } from '../../../engines/engine.ts';
import { labelValue, namespaceLabels } from './names.ts';
import { originOf } from './origin.ts';
import { quantity } from './quantity.ts';
import { refusal } from './admission.ts';
import { wantedRelease } from './values.ts';

const plan: StorePlan = {
  store: {
    id: '6f1d2c3b-0000-4000-8000-000000000001',
    name: 'Tea House',
    slug: 'tea-house-7f3a',
    publicUrl: 'http://tea-house-7f3a.shops.example.com:8080',
    userId: 'auth0|Jane Doe@example.com',
    createdAt: new Date('2026-01-31T23:59:58.123Z'),
    open: false,
    ordersUrl: 'http://platform-api.platform.svc/api/v1/orders',
  },
  engine: 'medusa',
  engineVersion: '2.21.2-abc',
  database: { password: 'a secret' },
  files: { from: null, folders: [] },
  process: { command: [], env: { TOKEN: 'a secret' }, healthPath: '/', memoryBytes: 1 },
  diskBytes: 1,
  release: { chart: 'medusa-store', values: { worker: { enabled: true } }, secret: { key: 'a secret' } },
};
const settings = { installationId: 'here', platformNamespace: 'platform', operatorValues: '' };

const node = (ready: 'True' | 'False', memory = '8Gi') => ({
  status: { conditions: [{ type: 'Ready', status: ready }], allocatable: { memory } },
});

describe('what a release is made of', () => {
  it('tells every chart the same, and nothing secret', () => {
    const { values, chart, version } = wantedRelease(plan, settings);
    expect([chart, version]).toEqual(['medusa-store', '2.21.2-abc']);
    expect(values).toEqual({
      store: {
        id: plan.store.id,
        name: 'Tea House',
        slug: 'tea-house-7f3a',
        userId: plan.store.userId,
        created: '2026-01-31T23:59:58.123Z',
        installation: 'here',
      },
      publicUrl: 'http://tea-house-7f3a.shops.example.com:8080',
      existingSecret: 'shop-secrets',
      image: { tag: '2.21.2-abc' },
      ingress: { enabled: false, host: 'tea-house-7f3a.shops.example.com' },
      networkPolicy: { platformNamespace: 'platform' },
      worker: { enabled: true },
    });
    expect(JSON.stringify(values)).not.toContain('a secret');
  });

  it('has a hash that changes with the version, the values and what the operator says, and with nothing else', () => {
    const { hash } = wantedRelease(plan, settings);
    expect(wantedRelease({ ...plan, database: null }, settings).hash).toBe(hash);
    const others = [
      wantedRelease({ ...plan, engineVersion: '3' }, settings),
      wantedRelease({ ...plan, store: { ...plan.store, open: true } }, settings),
      wantedRelease(plan, { ...settings, operatorValues: 'size: large' }),
    ].map((one) => one.hash);
    expect(new Set([hash, ...others]).size).toBe(4);
    expect(labelValue(hash)).toBe(hash);
  });
});

describe('labels', () => {
  it('KUB-2: are valid whatever the store and its owner are called', () => {
    const labels = namespaceLabels(plan, 'here');
    expect(labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'store-platform',
      'store-platform/user-id': 'auth0-Jane-Doe-example.com',
      'store-platform/created': '20260131T235958Z',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    for (const value of Object.values(labels)) expect(value).toMatch(/^(|[a-zA-Z0-9]([\w.-]{0,61}[a-zA-Z0-9])?)$/);
    expect(labelValue(`-${'x'.repeat(70)}`)).toHaveLength(62);
    expect(labelValue('…')).toBe('');
  });
});

describe('the address of an Ingress', () => {
  const rules = [{ host: 'tea.example.com' }];
  it('has the host and scheme of the Ingress, and the port that was asked for where both are as asked for', () => {
    expect(originOf({ spec: { rules } }, 'http://tea.example.com:8080')).toBe('http://tea.example.com:8080');
    expect(originOf({ spec: { rules } }, 'http://other.example.com:8080')).toBe('http://tea.example.com');
    const tls = [{ hosts: ['tea.example.com'] }];
    expect(originOf({ spec: { rules, tls } }, 'http://tea.example.com:8080')).toBe('https://tea.example.com');
    expect(originOf({ spec: { rules: [{}] } }, 'http://tea.example.com')).toBeNull();
  });
});

describe('figures', () => {
  it.each([
    ['250m', 0.25],
    ['1.5Gi', 1_610_612_736],
    ['128974848', 128_974_848],
    ['129e6', 129_000_000],
    ['123456n', 0.000_123_456],
    ['1E', 1e18],
    ['nonsense', 0],
    [undefined, 0],
  ])('%s is %d', (text, number) => {
    expect(quantity(text)).toBeCloseTo(number, 9);
  });

  it('DAY-6: refuse only what no node could ever hold', () => {
    expect(refusal([node('True')], 8e9)).toBeNull();
    expect(refusal([node('True'), node('False', '64Gi')], 9e9)).toMatch(/needs 9\.0 GB.*have 8\.6 GB/);
    expect(refusal([node('False'), { ...node('True'), spec: { unschedulable: true } }], 1)).toMatch(
      /None of .* 2 nodes/,
    );
  });
});
