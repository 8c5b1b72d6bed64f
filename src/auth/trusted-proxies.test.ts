import { expect, it } from 'vitest';
import { trustedProxies } from './trusted-proxies.ts';

it('IDN-1: only a named proxy is trusted, also through an IPv6 socket', () => {
  const trusted = trustedProxies(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32']);
  expect(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::1'].map(trusted)).toEqual([true, true, true, true]);
  expect(['10.2.0.1', '192.0.2.8', '::1', undefined, 'nonsense'].map(trusted)).toEqual(Array(5).fill(false));
});

it('IDN-1: nobody is trusted by default, and loopback can be named', () => {
  expect(trustedProxies([])('127.0.0.1')).toBe(false);
  expect(trustedProxies(['loopback'])('127.0.0.1')).toBe(true);
});

it('API-13: an entry that is no address is named', () => {
  expect(() => trustedProxies(['proxy.example.com'])).toThrow('proxy.example.com');
});
