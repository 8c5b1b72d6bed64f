import { expect, it } from 'vitest';
import { hashToken, looksLike, newToken, tokenHint } from './token.ts';

it('IDN-1: a token has 256 random bits and is kept as a hash', () => {
  const token = newToken('apiKey');
  expect(token).toMatch(/^spk_[\w-]{43}$/);
  expect(newToken('apiKey')).not.toBe(token);
  expect(hashToken(token)).toHaveLength(32);
  expect(hashToken(token).toString('base64')).not.toContain(token);
});

it('IDN-1: a hint tells keys apart and gives nothing away', () => {
  expect(tokenHint(newToken('apiKey'))).toMatch(/^spk_.{6}$/);
});

it('IDN-1: what cannot be a token is refused without asking the database', () => {
  expect(looksLike('apiKey', newToken('apiKey'))).toBe(true);
  expect(looksLike('apiKey', newToken('session'))).toBe(false);
  expect(looksLike('apiKey', 'spk_short')).toBe(false);
});
