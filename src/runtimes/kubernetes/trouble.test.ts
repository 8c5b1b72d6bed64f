import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import type { Inside } from './facts.ts';
import { endpointOf, isHalted, notUpYet } from './health.ts';
import { isCheckpointed } from './checkpoint.ts';
import { findTrouble } from './trouble.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

const inside = (facts: Partial<Inside>): Inside => ({
  secret: null,
  revisions: [],
  deployments: [],
  replicaSets: [],
  statefulSets: [],
  jobs: [],
  pods: [],
  claims: [],
  service: null,
  slices: [],
  ingress: null,
  ...facts,
});

/** A server's pod that is not up. */
function pod(status: V1Pod['status'], component = 'server'): V1Pod {
  const labels = { 'app.kubernetes.io/component': component };
  return { metadata: { name: `shop-${component}`, uid: component, labels }, status: { phase: 'Pending', ...status } };
}

const waiting = (reason: string, changes: Partial<V1ContainerStatus> = {}, seconds = 5): V1Pod =>
  pod({
    startTime: ago(seconds),
    containerStatuses: [
      {
        name: 'shop',
        image: 'registry.example.com/shop:1',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason, message: 'so it says' } },
        ...changes,
      },
    ],
  });

const unplaced = (seconds: number, message: string, component = 'server'): V1Pod =>
  pod(
    {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: ago(seconds) },
      ],
    },
    component,
  );

const event = (reason: string, name: string, message: string, seconds = 5, kind = 'ReplicaSet'): CoreV1Event => ({
  metadata: { name: 'event' },
  involvedObject: { kind, name, uid: 'server' },
  reason,
  message,
  firstTimestamp: ago(seconds),
  lastTimestamp: ago(1),
});

const crashed = (restartCount: number, terminated: object) =>
  waiting('CrashLoopBackOff', { restartCount, lastState: { terminated: { exitCode: 3, ...terminated } } });

const claim = (phase: string) => ({
  metadata: { name: 'shop-data', creationTimestamp: ago(10) },
  status: { phase },
});

const owner = (kind: string, name: string) => [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }];

const revision = (number: string) => ({ 'deployment.kubernetes.io/revision': number });

const jobThatIs = (name: string, type: string) => ({
  metadata: { name },
  status: { conditions: [{ type, status: 'True' }] },
});

const troubleOf = (facts: Partial<Inside>, ...events: CoreV1Event[]) => findTrouble(inside(facts), events, NOW);

describe('STO-7: what keeps a store from coming up', () => {
  it('is nothing while it only takes its time', () => {
    expect(troubleOf({ pods: [waiting('ContainerCreating'), waiting('PodInitializing')] })).toBeNull();
    expect(troubleOf({ pods: [unplaced(1, '0/1 nodes')] })).toBeNull();
  });

  it('is the scheduler, with its figures; for good after two minutes', () => {
    const figures = '0/3 nodes are available: 3 Insufficient memory.';
    const message = `No node has a place for the shop's server: ${figures}`;
    expect(troubleOf({ pods: [unplaced(5, figures)] })).toMatchObject({ message, terminal: false });
    expect(troubleOf({ pods: [unplaced(130, figures)] })).toMatchObject({ message, terminal: true });
  });

  it('is told of the pod that others wait to be placed near', () => {
    const affinity = "1 node(s) didn't match pod affinity rules";
    expect(troubleOf({ pods: [unplaced(10, affinity, 'setup')] })).toBeNull();
    const pods = [unplaced(40, affinity, 'setup'), unplaced(40, '1 Insufficient cpu')];
    expect(troubleOf({ pods })?.message).toContain("the shop's server: 1 Insufficient cpu");
  });

  it('is an image that is not to be had; after a short while for good', () => {
    const message = expect.stringMatching(
      /image registry.example.com\/shop:1 can't be had \(so it says\).*imagePullSecrets/,
    );
    expect(troubleOf({ pods: [waiting('ErrImagePull')] })).toMatchObject({ message, terminal: false });
    expect(troubleOf({ pods: [waiting('ImagePullBackOff', {}, 25)] })).toMatchObject({ message, terminal: true });
    expect(troubleOf({ pods: [waiting('ErrImageNeverPull')] })).toMatchObject({ message, terminal: true });
  });

  it('is a process that ends again and again, whose last words are to be read', () => {
    const where = { pod: 'shop-server', container: 'shop', previous: true };
    expect(troubleOf({ pods: [crashed(1, {})] })).toEqual({
      message: "The shop's server ended twice in a row (exit code 3).",
      terminal: false,
      where,
    });
    const hungry = troubleOf({ pods: [crashed(3, { reason: 'OOMKilled' })] });
    expect(hungry).toMatchObject({ terminal: true, message: expect.stringContaining('more memory than its limit') });
  });

  it('is a container that can not be configured, or files that can not be had', () => {
    const message = "The shop's server can't be started: so it says.";
    expect(troubleOf({ pods: [waiting('CreateContainerConfigError')] })).toMatchObject({ message, terminal: false });
    const mounting = event('FailedMount', 'shop-server', 'secret "x" not found', 40, 'Pod');
    expect(troubleOf({ pods: [pod({ startTime: ago(40) })] }, mounting)?.message).toContain('secret "x" not found');
  });

  it('is a quota or Pod Security that refuses the pods, with their figures', () => {
    const replicaSets = [
      { metadata: { name: 'shop-1' }, spec: { replicas: 1, selector: {} }, status: { replicas: 0 } },
    ];
    const quota =
      'pods "shop-1-x" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=4, limited: pods=4';
    expect(troubleOf({ replicaSets }, event('FailedCreate', 'shop-1', quota))).toEqual({
      message:
        "The quota of the shop's namespace does not allow its pods: exceeded quota: shop, requested: pods=1, used: pods=4, limited: pods=4.",
      terminal: false,
    });
    expect(troubleOf({ replicaSets }, event('FailedCreate', 'shop-1', quota, 60))?.terminal).toBe(true);
    const security = 'pods "shop-1-x" is forbidden: violates PodSecurity "restricted:latest": privileged';
    expect(troubleOf({ replicaSets }, event('FailedCreate', 'shop-1', security))).toMatchObject({ terminal: true });
    const satisfied = [{ ...replicaSets[0]!, status: { replicas: 1 } }];
    expect(troubleOf({ replicaSets: satisfied }, event('FailedCreate', 'shop-1', quota))).toBeNull();
  });

  it('is a volume that is not to be had, or is gone', () => {
    const failed = event(
      'ProvisioningFailed',
      'shop-data',
      'storageclass "fast" not found',
      5,
      'PersistentVolumeClaim',
    );
    expect(troubleOf({ claims: [claim('Pending')] }, failed)?.message).toMatch(
      /shop-data: .*"fast" not found.*storageClassName/,
    );
    expect(troubleOf({ claims: [claim('Pending')] })).toBeNull();
    expect(troubleOf({ claims: [claim('Lost')] })).toMatchObject({ terminal: true });
  });

  it('is a set-up that has failed, whose last words are to be read', () => {
    const labels = { 'app.kubernetes.io/component': 'setup' };
    const job = { metadata: { uid: 'job', labels }, status: { conditions: [{ type: 'Failed', status: 'True' }] } };
    const ended = pod({ phase: 'Failed', containerStatuses: [] }, 'setup');
    ended.metadata!.ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'setup', uid: 'job' }];
    expect(troubleOf({ jobs: [job], pods: [ended] })).toMatchObject({
      message: "The shop's set-up has failed.",
      terminal: true,
      where: { pod: 'shop-setup', previous: false },
    });
  });

  it('is not what a version suffers from that is being replaced', () => {
    const deployments = [
      { metadata: { uid: 'shop', annotations: revision('2'), generation: 2 }, status: { observedGeneration: 2 } },
    ];
    const replicaSets = ['1', '2'].map((number) => ({
      metadata: { uid: number, annotations: revision(number), ownerReferences: owner('Deployment', 'shop') },
    }));
    const pods = ['1', '2'].map((number) => {
      const one = waiting('ErrImageNeverPull');
      one.metadata!.ownerReferences = owner('ReplicaSet', number);
      return one;
    });
    expect(troubleOf({ deployments, replicaSets, pods: pods.slice(0, 1) })).toBeNull();
    expect(troubleOf({ deployments, replicaSets, pods: pods.slice(1) })).not.toBeNull();
  });
});

describe('when a store is up', () => {
  const ready = { type: 'Ready', status: 'True' };
  const up = inside({
    deployments: [
      {
        metadata: { name: 'shop', generation: 3 },
        spec: { replicas: 1, selector: {}, template: {} },
        status: { observedGeneration: 3, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      },
    ],
    pods: [pod({ phase: 'Running', conditions: [ready] })],
    service: { spec: { clusterIP: '10.0.0.7', ports: [{ port: 9000 }, { name: 'http', port: 80 }] } },
    slices: [{ addressType: 'IPv4', endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }] }],
  });

  it('all of it is available, and its Service leads there', () => {
    expect(notUpYet(up)).toBeNull();
    expect(endpointOf(up)).toEqual({ host: '10.0.0.7', port: 80 });
    expect(isHalted(up)).toBe(false);
  });

  it('no part of it lags behind', () => {
    const [deployment] = up.deployments;
    const rolling = { ...deployment!, status: { ...deployment!.status, replicas: 2 } };
    const unseen = { ...deployment!, metadata: { name: 'shop', generation: 4 } };
    const set = { metadata: { name: 'db' }, status: { replicas: 1, readyReplicas: 0 } };
    const setup = { metadata: { name: 'setup', labels: { 'app.kubernetes.io/component': 'setup' } } };
    for (const lagging of [
      { deployments: [rolling] },
      { deployments: [unseen] },
      { statefulSets: [set] },
      { jobs: [setup] },
      { pods: [] },
      { slices: [] },
    ]) {
      expect(notUpYet({ ...up, ...lagging }), Object.keys(lagging)[0]).not.toBeNull();
    }
  });

  it('is not halted', () => {
    const [deployment] = up.deployments;
    const asleep = { ...deployment!, spec: { ...deployment!.spec!, replicas: 0 } };
    expect(isHalted({ deployments: [asleep], statefulSets: [] })).toBe(true);
  });
});

describe('trap 1: whether there is a checkpoint', () => {
  it.each([
    ['none', [], false],
    ['one under way', [jobThatIs('shop-checkpoint', 'Suspended')], false],
    ['one that has failed', [jobThatIs('shop-checkpoint', 'Failed')], false],
    ['a whole one', [jobThatIs('shop-checkpoint', 'Complete')], true],
    [
      'one that is being put back',
      [jobThatIs('shop-checkpoint', 'Complete'), jobThatIs('shop-rollback', 'Suspended')],
      true,
    ],
    [
      'one that could not be put back',
      [jobThatIs('shop-checkpoint', 'Complete'), jobThatIs('shop-rollback', 'Failed')],
      true,
    ],
    [
      'one that was put back',
      [jobThatIs('shop-checkpoint', 'Complete'), jobThatIs('shop-rollback', 'Complete')],
      false,
    ],
    ['what a kill has left of a pair', [jobThatIs('shop-rollback', 'Complete')], false],
  ])('%s', (_, jobs, there) => {
    expect(isCheckpointed({ jobs, pods: [] })).toBe(there);
  });
});
