import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { KINDS } from '../e2e/kinds/index.ts';
import { createShop, deleteShop, untilGone, untilReady, type Shop } from '../support/shops.ts';
import { get, helm } from './support/kubectl.ts';
import { installPlatform, type ClusterPlatform } from './support/platform.ts';
import { killPod, untilDecided } from './support/workers.ts';

const { ingress, ...cluster } = inject('cluster');
const missing = cluster.missing ?? (ingress === '' ? 'INGRESS_ADDRESS is not set' : null);
/** The kind that is made fastest, of those that can be made here. */
const { engine } = KINDS.findLast((kind) => kind.missing === null)!;

describe.skipIf(missing)(`kill -9 of one of two orchestrators${missing ? ` (${missing})` : ''}`, () => {
  let platform: ClusterPlatform;

  beforeAll(async () => {
    platform = await installPlatform(ingress);
  });
  afterAll(() => platform?.stop());

  /** Kills the worker that is about to do the step, at the moment that `when` resolves. */
  async function killAt(id: string, step: string, when: () => Promise<unknown> = async () => undefined): Promise<void> {
    const { pod } = await untilDecided(platform.namespace, id, step);
    await when();
    await killPod(platform.namespace, pod);
  }

  async function namespaceOf(id: string): Promise<string> {
    const { body } = await platform.api<Shop & { namespace: string }>(`/api/v1/stores/${id}`);
    return body.namespace;
  }

  it.for([
    ['during Helm', 'release'],
    ['during the wait for the shop', 'health'],
    ['during the proof', 'prove'],
  ] as const)('%s: the store gets ready all the same, installed once', async ([_when, step]) => {
    const id = await createShop(platform, engine, 'Tea House');
    const namespace = await namespaceOf(id);
    const installing = untilInstalling(namespace);
    await killAt(id, step, step === 'release' ? () => installing : undefined);
    await installing;
    await untilReady(platform, id);
    const [release, ...others] = await releases(namespace);
    expect(others).toEqual([]);
    expect(release?.status).toBe('deployed');
    await deleteShop(platform, id);
    await untilGone(platform, id);
  });

  it('during deletion: the store is gone, and nothing is left of it', async () => {
    const id = await createShop(platform, engine, 'Tea House');
    const namespace = await namespaceOf(id);
    await untilReady(platform, id);
    await deleteShop(platform, id);
    await killAt(id, 'remove');
    await untilGone(platform, id);
    expect((await get('namespaces', '-l', `store-platform/store-id=${id}`)).items).toEqual([]);
    const { items } = await get('persistentvolumes');
    expect(items.filter(({ spec }: any) => spec.claimRef?.namespace === namespace)).toEqual([]);
  });
});

async function releases(namespace: string): Promise<{ status: string; revision: string }[]> {
  return JSON.parse(await helm('list', '--all', '-n', namespace, '-o', 'json')) as [];
}

/** Resolves as soon as Helm has noted that it begins to install something there. */
async function untilInstalling(namespace: string): Promise<void> {
  const which = ['-n', namespace, '-l', 'owner=helm,status=pending-install', '-o', 'name'];
  const watch = execa('kubectl', ['get', 'secrets', '--watch', ...which], { reject: false, buffer: false });
  await once(watch.stdout, 'data');
  watch.kill();
}
