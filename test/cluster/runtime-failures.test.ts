import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig, NetworkingV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StorePlan } from '../../engines/engine.ts';
import type { Observation, Runtime } from '../../src/runtimes/runtime.ts';
import { ask, bringUp } from '../contracts/runtime.ts';
import { cuttable } from '../support/cuttable.ts';
import { makeKubernetesSubject, type KubernetesSubject } from '../support/kubernetes-subject.ts';
import { until } from '../support/platform.ts';
import { NEXT_VERSION, VERSION, type TinyStore } from '../support/tiny-engine/engine.ts';

const { missing } = inject('cluster');
const PATIENCE_MS = 90_000;
const NEVER = new AbortController().signal;

/** What goes wrong on a cluster, and what comes of it: a clear word within seconds, or recovery. */
describe.skipIf(missing)(
  `failures on Kubernetes${missing ? ` (skipped: ${missing})` : ''}`,
  { concurrent: true },
  () => {
    let subject: KubernetesSubject;
    let runtime: Runtime;
    let folder: string;

    beforeAll(async () => {
      subject = await makeKubernetesSubject('woocommerce');
      runtime = subject.runtime;
      await runtime.start();
      folder = await mkdtemp(join(tmpdir(), 'store-platform-failures-'));
    });
    afterAll(async () => {
      await runtime?.stop();
      await subject?.close();
      if (folder) await rm(folder, { recursive: true });
    });

    /** A store whose chart is given something else. */
    function storeWith(values: object, changes: Partial<StorePlan> = {}): TinyStore {
      const { ref, plan } = subject.engine.store();
      return { ref, plan: planWith(plan, values, changes) };
    }

    const failureOf = (store: TinyStore): Promise<Error> =>
      bringUp(runtime, store).then(
        () => new Error('nothing went wrong'),
        (error: unknown) => error as Error,
      );

    const untilSeen = (store: TinyStore, isSo: (seen: Observation) => boolean): Promise<Observation> =>
      until(
        'to see it in the store',
        async () => {
          const seen = await runtime.observe(store.ref, store.plan);
          return isSo(seen) ? seen : null;
        },
        PATIENCE_MS,
      );

    /** Secrets of Helm by their status. */
    async function statuses({ ref: { namespace } }: TinyStore): Promise<string[]> {
      const { items } = await subject.admin.core.listNamespacedSecret({ namespace, labelSelector: 'owner=helm' });
      return items
        .toSorted((a, b) => Number(a.metadata?.labels?.['version']) - Number(b.metadata?.labels?.['version']))
        .map(({ metadata }) => metadata?.labels?.['status'] ?? '');
    }

    it('says that an image is not to be had, and gives up on it', async () => {
      const store = storeWith({}, { engineVersion: 'no-such-version' });
      const began = performance.now();
      expect((await failureOf(store)).message).toMatch(
        /image \S+tiny-store:no-such-version can't be had.*Build and push/,
      );
      expect(performance.now() - began).toBeLessThan(30_000);
      expect((await untilSeen(store, ({ trouble }) => trouble?.terminal === true)).missing).toBe('health');
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('says with figures that a quota refuses the pods', async () => {
      const store = storeWith({});
      const { namespace } = store.ref;
      await runtime.apply('namespace', store.ref, store.plan, NEVER);
      await subject.admin.core.createNamespacedResourceQuota({
        namespace,
        body: { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
      });
      expect((await failureOf(store)).message).toMatch(
        /quota.*exceeded quota: none, requested: pods=1.*limited: pods=0/,
      );
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('refuses for good what the chart refuses', async () => {
      const store = storeWith({ size: 'enormous' });
      const failure = await failureOf(store);
      expect(failure.name).toBe('TerminalError');
      expect(failure.message).toMatch(/does not accept the values.*size/);
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('says in its own last words why a server ends again and again', async () => {
      const store = storeWith({ command: ['sh', '-c', 'echo the kettle is cold >&2; exit 3'] });
      expect((await failureOf(store)).message).toMatch(/server ended .* in a row \(exit code 3\).*the kettle is cold/);
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it("says in the scheduler's figures that no node has a place", async () => {
      const server = { requests: { cpu: '10m', memory: '9000Gi' }, limits: { memory: '9000Gi' } };
      const store = storeWith({ sizes: { small: { server } } });
      expect((await failureOf(store)).message).toMatch(
        /No node has a place for the shop's server: .*Insufficient memory/,
      );
      const { trouble } = await runtime.observe(store.ref, store.plan);
      expect(trouble).toMatchObject({ terminal: false });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    /** A runtime whose Helm writes down its process before it begins, and a way to kill that one once it is at it. */
    async function killableHelm(name: string) {
      const [program, pidFile] = [join(folder, name), join(folder, `${name}.pid`)];
      await writeFile(program, `#!/bin/sh\necho $$ >'${pidFile}'\nexec helm "$@"\n`);
      await chmod(program, 0o755);
      const killable = subject.another({ helm: program });
      await killable.start();
      return {
        async killedDuring(store: TinyStore, status: string): Promise<void> {
          const applied = killable.apply('release', store.ref, store.plan, NEVER).catch((error: unknown) => error);
          await until(status, async () => ((await statuses(store)).at(-1) === status ? true : null), PATIENCE_MS);
          process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
          expect(await applied).toBeInstanceOf(Error);
          expect((await statuses(store)).at(-1)).toBe(status);
          await killable.stop();
        },
      };
    }

    it('goes on with a release whose installation was killed', async () => {
      const store = storeWith({ endlessHook: true });
      await bringUp(runtime, store, ['namespace', 'secrets']);
      await (await killableHelm('install')).killedDuring(store, 'pending-install');
      const mended = { ...store, plan: planWith(store.plan, { endlessHook: false }) };
      expect(await bringUp(runtime, mended)).toEqual(['release', 'health']);
      expect(await statuses(mended)).toEqual(['deployed']);
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('KUB-7: goes on with a release whose upgrade was killed, to the new version as well as to the old one', async () => {
      const store = storeWith({});
      await bringUp(runtime, store);
      await ask(await runtime.observe(store.ref, store.plan), '/buy');
      const next = { ...store, plan: planWith(store.plan, { endlessHook: true }, { engineVersion: NEXT_VERSION }) };
      await (await killableHelm('upgrade')).killedDuring(next, 'pending-upgrade');
      expect(await bringUp(runtime, store)).toEqual(['release']);
      expect(await statuses(store)).toEqual(['deployed']);
      await (await killableHelm('upgrade-again')).killedDuring(next, 'pending-upgrade');
      const mended = { ...next, plan: planWith(next.plan, { endlessHook: false }) };
      expect(await bringUp(runtime, mended)).toEqual(['release', 'health']);
      expect(await ask(await runtime.observe(store.ref, mended.plan), '/buy')).toEqual({ id: '2' });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('KUB-7: goes to another version and back by the revision that was, with the orders that came meanwhile', async () => {
      const store = storeWith({});
      const next = { ...store, plan: { ...store.plan, engineVersion: NEXT_VERSION } };
      const buy = async (plan: StorePlan) => ask(await runtime.observe(store.ref, plan), '/buy');
      await bringUp(runtime, store);
      expect(await buy(store.plan)).toEqual({ id: '1' });
      expect(await bringUp(runtime, next)).toEqual(['release', 'health']);
      expect(await imageOf(store)).toContain(NEXT_VERSION);
      expect(await buy(next.plan)).toEqual({ id: '2' });
      expect(await bringUp(runtime, store)).toEqual(['release', 'health']);
      expect(await imageOf(store)).toContain(VERSION);
      expect(await buy(store.plan)).toEqual({ id: '3' });
      expect(await statuses(store)).toEqual(['superseded', 'superseded', 'deployed']);
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('KUB-7: serves on while a version does not come up, and goes back from it', async () => {
      const store = storeWith({});
      const broken = { ...store, plan: { ...store.plan, engineVersion: 'no-such-version' } };
      await bringUp(runtime, store);
      const before = await runtime.observe(store.ref, store.plan);
      expect((await failureOf(broken)).message).toContain('no-such-version');
      expect(await ask(before, '/buy')).toEqual({ id: '1' });
      expect(await runtime.observe(store.ref, store.plan)).toMatchObject({ missing: 'release', trouble: null });
      await bringUp(runtime, store);
      expect(await ask(before, '/buy')).toEqual({ id: '2' });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    async function imageOf({ ref: { namespace } }: TinyStore): Promise<string> {
      const { items } = await subject.admin.core.listNamespacedPod({
        namespace,
        labelSelector: 'app.kubernetes.io/component=server',
      });
      const running = items.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
      return running?.spec?.containers[0]?.image ?? '';
    }

    it('leads people in by an Ingress once it is opened, and not before', async () => {
      const store = storeWith({});
      await bringUp(runtime, store);
      expect(await runtime.observe(store.ref, store.plan)).toMatchObject({ missing: null, origin: null });
      const origin = `http://${store.ref.slug}.localhost`;
      expect(await runtime.open(store.ref, store.plan, NEVER)).toBe(origin);
      const opened = { ...store.plan, store: { ...store.plan.store, open: true } };
      expect(await runtime.observe(store.ref, opened)).toMatchObject({ missing: null, origin });
      const networking = subject.admin.config.makeApiClient(NetworkingV1Api);
      await networking.deleteNamespacedIngress({ name: 'shop', namespace: store.ref.namespace });
      expect(await bringUp(runtime, { ...store, plan: opened })).toEqual(['release']);
      expect(await runtime.observe(store.ref, opened)).toMatchObject({ origin });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('puts the passwords right when somebody has changed them', async () => {
      const store = storeWith({});
      const { namespace } = store.ref;
      await bringUp(runtime, store, ['namespace', 'secrets']);
      const name = 'shop-secrets';
      const secret = () => subject.admin.core.readNamespacedSecret({ name, namespace });
      const before = (await secret()).data;
      const body = { metadata: { name }, data: { 'database-password': 'Y2hhbmdlZA==', another: 'b25l' } };
      await subject.admin.core.replaceNamespacedSecret({ name, namespace, body });
      expect(await bringUp(runtime, store, ['secrets'])).toEqual(['secrets']);
      expect((await secret()).data).toEqual(before);
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('never puts an empty volume where data has been', async () => {
      const store = storeWith({});
      const { namespace } = store.ref;
      await bringUp(runtime, store);
      await runtime.halt(store.ref);
      // A volume is kept as long as there are pods that had it, even those that have ended.
      await subject.admin.core.deleteCollectionNamespacedPod({ namespace });
      await subject.admin.core.deleteNamespacedPersistentVolumeClaim({ name: 'shop-data', namespace });
      await untilSeen(store, ({ dataMissing }) => dataMissing);
      expect(await runtime.observe(store.ref, store.plan)).toMatchObject({ missing: 'release', dataMissing: true });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('trap 9: binds the accounts that work in a store, and binds them again', async () => {
      const roleBindings = [{ clusterRole: 'view', namespace: 'default', account: 'default' }];
      const binding = subject.another({ roleBindings });
      await binding.start();
      const store = storeWith({});
      await bringUp(binding, store, ['namespace', 'secrets']);
      expect(await binding.observe(store.ref, store.plan)).toMatchObject({ missing: 'release' });
      const otherwise = subject.another({
        roleBindings: [{ clusterRole: 'view', namespace: 'default', account: 'other' }],
      });
      await otherwise.start();
      expect(await otherwise.observe(store.ref, store.plan)).toMatchObject({ missing: 'namespace' });
      await bringUp(otherwise, store, ['namespace']);
      expect(await binding.observe(store.ref, store.plan)).toMatchObject({ missing: 'namespace' });
      expect(await otherwise.remove(store.ref)).toEqual([]);
      await Promise.all([binding.stop(), otherwise.stop()]);
    });

    it('gives the operator a say in every store', async () => {
      const valuesFile = join(folder, 'values.yaml');
      await writeFile(valuesFile, 'nodeSelector: {kubernetes.io/os: plan9}\n');
      const told = subject.another({ valuesFile });
      await told.start();
      const store = storeWith({});
      await expect(bringUp(told, store)).rejects.toThrow(/No node has a place.*node affinity\/selector/);
      expect(await told.remove(store.ref)).toEqual([]);
      await told.stop();
    });

    it('waits out an API server that is away, and blames nobody else', async () => {
      const way = await cuttable(addressOf(subject.admin.config));
      const { host, port } = way.settings;
      const far = subject.another({ config: configAt(subject.admin.config, `https://${host}:${port}`) });
      await far.start();
      const store = storeWith({});
      const away = { code: 'DEPENDENCY_UNAVAILABLE', message: expect.stringContaining('Kubernetes API') as string };
      await bringUp(far, store, ['namespace', 'secrets']);
      const applied = far.apply('release', store.ref, store.plan, NEVER).catch((error: unknown) => error);
      way.cut();
      expect(await applied).toMatchObject(away);
      await expect(far.observe(store.ref, store.plan)).rejects.toMatchObject(away);
      await expect(far.apply('release', store.ref, store.plan, NEVER)).rejects.toMatchObject(away);
      await way.mend();
      await bringUp(far, store, ['release']);
      const waiting = far.apply('health', store.ref, store.plan, NEVER).catch((error: unknown) => error);
      way.cut();
      expect(await waiting).toMatchObject(away);
      await way.mend();
      await bringUp(far, store);
      expect(await ask(await far.observe(store.ref, store.plan), '/buy')).toEqual({ id: '1' });
      expect(await far.remove(store.ref)).toEqual([]);
      await far.stop();
      way.close();
    });

    it('says what is wrong when there is no cluster, or no Helm', async () => {
      const config = configAt(subject.admin.config, 'https://127.0.0.1:1');
      const nowhere = subject.another({ config });
      await expect(nowhere.start()).rejects.toThrow(/Kubernetes API cannot be reached.*KUBECONFIG/);
      await nowhere.stop();
      const without = subject.another({ helm: 'no-such-helm' });
      await expect(without.start()).rejects.toThrow(/"no-such-helm".*set HELM/);
      await without.stop();
    });

    it('KUB-6: reports a namespace that does not go, and what holds it', async () => {
      const store = storeWith({});
      const { namespace } = store.ref;
      await bringUp(runtime, store, ['namespace']);
      const metadata = { name: 'held', finalizers: ['example.com/held'] };
      await subject.admin.core.createNamespacedConfigMap({ namespace, body: { metadata } });
      const began = performance.now();
      const [left, ...others] = await runtime.remove(store.ref);
      expect(performance.now() - began).toBeLessThan(75_000);
      expect(left).toMatchObject({ kind: 'namespace', name: namespace, storeId: store.ref.id });
      expect(left?.reason).toContain('example.com/held');
      expect(others).toEqual([]);
      const { missing: step, trouble } = await runtime.observe(store.ref, store.plan);
      expect([step, trouble?.terminal, trouble?.message]).toEqual([
        'namespace',
        false,
        expect.stringContaining('held'),
      ]);
      await subject.admin.core.replaceNamespacedConfigMap({
        name: 'held',
        namespace,
        body: { metadata: { name: 'held' } },
      });
      expect(await runtime.remove(store.ref)).toEqual([]);
    });

    it('never touches a namespace that is not its own', async () => {
      const store = storeWith({});
      const { namespace: name, id } = store.ref;
      const labels = { 'store-platform/store-id': id, 'store-platform/installation': randomUUID() };
      await subject.admin.core.createNamespace({
        body: { metadata: { name, labels: { ...labels, 'app.kubernetes.io/managed-by': 'store-platform' } } },
      });
      const seen = await runtime.observe(store.ref, store.plan);
      expect(seen).toMatchObject({ missing: 'namespace', trouble: { terminal: true } });
      await expect(runtime.apply('namespace', store.ref, store.plan, NEVER)).rejects.toThrow('does not belong');
      await runtime.halt(store.ref);
      expect(await runtime.remove(store.ref)).toEqual([]);
      expect((await runtime.resources()).filter(({ storeId }) => storeId === id)).toEqual([]);
      const { metadata, status } = await subject.admin.core.readNamespace({ name });
      expect([metadata?.labels, status?.phase]).toEqual([expect.objectContaining(labels), 'Active']);
      await subject.admin.core.deleteNamespace({ name });
    });
  },
);

function addressOf(config: KubeConfig): { host: string; port: number } {
  const { hostname, port } = new URL(config.getCurrentCluster()?.server ?? '');
  return { host: hostname, port: Number(port || 443) };
}

/** The same cluster and login, by another way. */
function configAt(config: KubeConfig, server: string): KubeConfig {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const other = new KubeConfig();
  if (cluster && user) other.loadFromClusterAndUser({ ...cluster, server }, user);
  return other;
}

function planWith(plan: StorePlan, values: object, changes: Partial<StorePlan> = {}): StorePlan {
  return { ...plan, ...changes, release: { ...plan.release, values: { ...plan.release.values, ...values } } };
}
