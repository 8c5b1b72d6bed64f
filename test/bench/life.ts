import type { EngineName } from '../../src/stores/store.ts';
import { until, type TestPlatform } from '../support/platform.ts';

export interface Event {
  type: string;
  metadata: Record<string, unknown>;
  createdAt: string;
}

type Asked = Pick<TestPlatform, 'api'>;

/**
 * Asks for a shop and waits until it is open. Its timeline tells what the purchase took, and what the whole proof did,
 * the copy of the data and its way back included.
 */
export async function makeShop(
  platform: Asked,
  engine: EngineName,
): Promise<{ id: string; totalMs: number; purchaseMs: number; proofMs: number }> {
  const begin = performance.now();
  const made = await platform.api('/api/v1/stores', { method: 'POST', body: { name: 'Bench Shop', engine } });
  const id: string = made.body.id;
  await until(
    'the shop is ready',
    async () => {
      const { body } = await platform.api(`/api/v1/stores/${id}`);
      if (body.status === 'failed') throw new Error(body.errorMessage);
      return body.status === 'ready' ? true : null;
    },
    300_000,
  );
  const totalMs = performance.now() - begin;
  const events: Event[] = (await platform.api(`/api/v1/stores/${id}/events`)).body.events;
  const { legs = [], ms: proofMs = 0 } = (events.find((event) => event.type === 'proven')?.metadata ?? {}) as {
    legs?: { ms: number }[];
    ms?: number;
  };
  return { id, totalMs, proofMs, purchaseMs: legs.reduce((sum, leg) => sum + leg.ms, 0) };
}

export async function removeShop(platform: Asked, id: string): Promise<void> {
  await platform.api(`/api/v1/stores/${id}`, { method: 'DELETE' });
  await until(
    'the shop is gone',
    async () => ((await platform.api(`/api/v1/stores/${id}`)).status === 404 ? true : null),
    60_000,
  );
}

/** As the platform measures it next, which it does every 30 s. */
export async function memoryOf(platform: TestPlatform, id: string): Promise<number> {
  const since = Date.now();
  return until(
    'its memory was measured',
    async () => {
      const { usage } = (await platform.api(`/api/v1/stores/${id}/usage`)).body;
      const fresh = usage.find(({ at }: { at: string }) => Date.parse(at) >= since);
      return (fresh?.memoryBytes as number | undefined) ?? null;
    },
    90_000,
  );
}
