import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { hostRule } from './hosts.ts';

describe('where a request belongs', () => {
  const rule = hostRule(
    loadConfig({
      PUBLIC_URL: 'https://platform.example.com',
      INTERNAL_URL: 'http://shops-api.platform.svc:80',
      STORE_DOMAIN: 'shops.example.com',
    }),
  );

  it.each([
    ['platform.example.com', { to: 'platform' }],
    ['127.0.0.1:3001', { to: 'platform' }],
    // ORD-2: by which stores tell of their orders.
    ['shops-api.platform.svc', { to: 'platform' }],
    ['SHOPS-API.platform.svc:80', { to: 'platform' }],
    ['tea-7f3a.shops.example.com', { to: 'store', slug: 'tea-7f3a' }],
    ['tea.platform.svc', { to: 'nowhere' }],
    ['evil.example', { to: 'nowhere' }],
    [null, { to: 'nowhere' }],
  ])('%s', (host, destination) => {
    expect(rule(host)).toEqual(destination);
  });
});
