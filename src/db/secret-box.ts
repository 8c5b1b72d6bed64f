import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { keepSecret } from './kept-secret.ts';

/** Seals secrets for the database (ORC-6). */
export interface SecretBox {
  /** Tells which key sealed something, without telling the key. */
  keyId: string;
  /** `context` (store id and name) is not kept inside: what was sealed for one place opens only for that place. */
  seal(plain: string, context: string): Buffer;
  /** Throws when key or context differ, or a bit was changed. */
  open(sealed: Buffer, context: string): string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** The layout: version, nonce, tag, ciphertext. Random nonces of 96 bits are safe for 2^32 seals by one key. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** AES-256-GCM with a key of 32 bytes. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== KEY_BYTES) throw new Error(`The secrets key must have ${KEY_BYTES} bytes`);
  return {
    keyId: createHash('sha256').update('store-platform secrets key id').update(key).digest('hex').slice(0, 16),

    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },

    open(sealed, context) {
      if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new Error('Not a sealed secret');
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
    },
  };
}

/** What a store's secret is sealed for. */
export function secretContext(storeId: string, name: string): string {
  return `store ${storeId} ${name}`;
}

/** The key of SECRETS_KEY, or else of `secrets/key` in the home, which is made once. */
export async function loadSecretsKey(config: Pick<Config, 'SECRETS_KEY' | 'home'>): Promise<Buffer> {
  return Buffer.from(config.SECRETS_KEY ?? (await keepSecret(join(config.home, 'secrets/key'))), 'hex');
}
