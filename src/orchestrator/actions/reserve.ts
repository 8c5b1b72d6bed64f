import { randomBytes, randomInt } from 'node:crypto';
import type { SecretSpec } from '../../../engines/engine.ts';
import { secretContext } from '../../db/secret-box.ts';
import { insertSecrets } from '../../db/store-secrets.ts';
import { TerminalError } from '../../errors.ts';
import { storeContext } from '../look.ts';
import { change } from '../progress.ts';
import type { Work } from '../work.ts';

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PASSWORD_LENGTH = 43; // the first length with 62^n ≥ 2^256

/** Makes the store's secrets, once: those that are there already stay, so a retried installation reuses them (ORC-6). */
export async function reserve({ context, sight: { store, engine } }: Work): Promise<void> {
  if (engine === null) throw new TerminalError('The shop has no engine to work with.');
  const specs = Object.entries(engine.secrets(storeContext(context.config, store)));
  const sealed = specs.map(([name, spec]) => ({
    name,
    keyId: context.secrets.keyId,
    ciphertext: context.secrets.seal(makeSecret(spec), secretContext(store.id, name)),
  }));
  await change(context, store, (tx) => insertSecrets(tx, store.id, sealed));
}

export function makeSecret(spec: SecretSpec): string {
  switch (spec.kind) {
    case 'hex':
      return (spec.prefix ?? '') + randomBytes(spec.bytes).toString('hex');
    case 'password':
      return Array.from({ length: PASSWORD_LENGTH }, () => BASE62[randomInt(BASE62.length)]).join('');
    case 'text':
      return spec.value;
  }
}
