import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { kubectl } from './support/kubectl.ts';
import { installPlatform, type ClusterPlatform } from './support/platform.ts';

const { ingress, missing } = inject('cluster');
const CLIENTS = 6;
const PAUSE_MS = 50;

/** Asks and writes through the Ingress all the time; tells of every answer by its status, or by its error. */
function steadyLoad(platform: ClusterPlatform) {
  const answers = new Map<string, number>();
  const over = new AbortController();
  const count = (what: string) => void answers.set(what, (answers.get(what) ?? 0) + 1);
  const one = async (n: number): Promise<void> => {
    const write = n % 4 === 0;
    const init = write ? { method: 'POST', body: { name: 'load' } } : {};
    await platform.api(write ? '/api/v1/api-keys' : '/api/v1/stores', init).then(
      ({ status }) => count(`${write ? 'write' : 'read'} ${status}`),
      (error: Error) => count(error.message),
    );
  };
  const client = async (first: number): Promise<void> => {
    for (let n = first; !over.signal.aborted; n++) {
      await one(n);
      await delay(PAUSE_MS);
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, n) => client(n));
  return {
    async end() {
      over.abort();
      await Promise.all(clients);
      return Object.fromEntries(answers);
    },
  };
}

describe.skipIf(missing)(`API-12: the platform while it is replaced${missing ? ` (${missing})` : ''}`, () => {
  let platform: ClusterPlatform;
  beforeAll(async () => {
    platform = await installPlatform(ingress);
  });
  afterAll(() => platform?.stop());

  const rolledOut = () =>
    kubectl('rollout', 'status', 'deploy', '-n', platform.namespace, '-l', 'app.kubernetes.io/part-of=store-platform');

  it('a restart of all pods and an upgrade that changes a setting refuse no request', async () => {
    const load = steadyLoad(platform);
    await kubectl('rollout', 'restart', 'deploy', '-n', platform.namespace);
    await rolledOut();
    await platform.upgrade({ features: { UPGRADES: false } });
    await rolledOut();
    const answers = await load.end();
    expect(Object.keys(answers).toSorted()).toEqual(['read 200', 'write 201']);
    expect(Object.values(answers).reduce((sum, one) => sum + one)).toBeGreaterThan(200);
    expect((await platform.api('/health')).body.features).toMatchObject({ upgrades: false });
  });

  it('a replica that is killed is missed by nobody for long', async () => {
    const api = ['-n', platform.namespace, '-l', 'app.kubernetes.io/component=api'];
    const [pod = ''] = (await kubectl('get', 'pods', ...api, '-o', 'name')).split('\n');
    await kubectl('delete', pod, '-n', platform.namespace, '--grace-period=0', '--force');
    await expect.poll(async () => (await platform.api('/api/v1/stores')).status).toBe(200);
    await rolledOut();
  });
});
