import type { V1Secret } from '@kubernetes/client-node';
import type { StorePlan } from '../../../engines/engine.ts';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { unlessThere } from './failures.ts';
import type { Inside } from './facts.ts';
import { LABELS, MANAGER, SECRET } from './names.ts';

/** True when the store's Secret holds exactly what the platform keeps for it. */
export function isSecretAsWanted(inside: Inside | null, { release }: StorePlan): boolean {
  const data = inside?.secret?.data ?? {};
  const wanted = Object.entries(release.secret);
  return (
    inside?.secret !== null &&
    Object.keys(data).length === wanted.length &&
    wanted.every(([name, text]) => data[name] === encode(text))
  );
}

/**
 * Writes the store's Secret. Its values were made once and are kept by the platform, so writing them again is putting
 * them right: a database that was made with them is never locked out.
 */
export async function makeSecret({ cluster }: Context, { namespace }: StoreRef, { release }: StorePlan): Promise<void> {
  const body: V1Secret = {
    metadata: { name: SECRET, labels: { [LABELS.managedBy]: MANAGER } },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(release.secret).map(([name, text]) => [name, encode(text)])),
  };
  const isNew = await unlessThere(cluster.core.createNamespacedSecret({ namespace, body }));
  if (!isNew) await cluster.core.replaceNamespacedSecret({ name: SECRET, namespace, body });
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
