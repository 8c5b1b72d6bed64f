import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretBox, loadSecretsKey } from './secret-box.ts';

describe('ORC-6: the secret box', () => {
  const box = createSecretBox(randomBytes(32));

  it.each(['', 'a', 'pässwörd ☕', 'x'.repeat(10_000)])('gives back what it was given', (plain) => {
    expect(box.open(box.seal(plain, 'store admin'), 'store admin')).toBe(plain);
  });

  it('does not seal the same text to the same bytes, nor leaves it readable', () => {
    const sealed = box.seal('secret', 'context');
    expect(sealed.equals(box.seal('secret', 'context'))).toBe(false);
    expect(sealed.includes('secret')).toBe(false);
  });

  it('opens for no other context, by no other key, and not after a change', () => {
    const sealed = box.seal('secret', 'store-1 password');
    expect(() => box.open(sealed, 'store-2 password')).toThrow('unable to authenticate');
    expect(() => createSecretBox(randomBytes(32)).open(sealed, 'store-1 password')).toThrow('unable to authenticate');
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    expect(() => box.open(changed, 'store-1 password')).toThrow('unable to authenticate');
    expect(() => box.open(Buffer.alloc(5), 'store-1 password')).toThrow('Not a sealed secret');
  });

  it('names its key the same way each time, and refuses a short one', () => {
    const key = randomBytes(32);
    expect(createSecretBox(key).keyId).toBe(createSecretBox(key).keyId);
    expect(createSecretBox(key).keyId).not.toBe(box.keyId);
    expect(() => createSecretBox(randomBytes(16))).toThrow('32 bytes');
  });
});

describe('ORC-6: the secrets key', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'secrets-key-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  it('is made once, also by several at a time, for its owner only', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadSecretsKey({ home, SECRETS_KEY: undefined })));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect((await stat(join(home, 'secrets/key'))).mode & 0o777).toBe(0o600);
  });

  it('comes from SECRETS_KEY when that is set', async () => {
    const hex = 'ab'.repeat(32);
    expect((await loadSecretsKey({ home, SECRETS_KEY: hex })).toString('hex')).toBe(hex);
  });

  it('is never replaced when its file is damaged', async () => {
    await writeFile(join(home, 'secrets/key'), 'oops');
    await expect(loadSecretsKey({ home, SECRETS_KEY: undefined })).rejects.toThrow('Restore it from a backup');
  });
});
