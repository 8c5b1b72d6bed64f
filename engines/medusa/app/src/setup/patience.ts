import { setTimeout as sleep } from 'node:timers/promises';
import { reason } from '../shop/database';

const PAUSE_MS = 300;
const PATIENCE_MS = 5 * 60_000;

/** Of whom the server says that the password or the right is missing: it will say so in five minutes too. */
const REFUSED = /^28/;

/**
 * Tries again and again until `attempt` yields something. After five minutes, or when the server refuses us for good, it
 * rejects with what was waited for and why it did not come.
 */
export async function patiently<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { value, error } = await attempt().then(
      (found) => ({ value: found, error: undefined }),
      (thrown: unknown) => ({ value: undefined, error: thrown }),
    );
    if (value !== undefined) return value;
    const refused = REFUSED.test((error as { code?: string } | undefined)?.code ?? '');
    if (refused || Date.now() > end) throw new Error(`waited for ${what}${error ? `: ${reason(error)}` : ''}`);
    await sleep(PAUSE_MS);
  }
}
