import { expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

it('IDN-1: a password is kept as a salted hash and recognised again', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(one).not.toBe(two);
  expect(one).not.toContain('horse');
  expect(await verifyPassword('correct horse', one)).toBe(true);
  expect(await verifyPassword('correct horsf', one)).toBe(false);
});

it('IDN-1: an unknown person costs the same work and is refused', async () => {
  expect(await verifyPassword('', null)).toBe(false);
  expect(await verifyPassword('anything', null)).toBe(false);
});

it('IDN-1: two spellings of one character are one password', async () => {
  expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
});
