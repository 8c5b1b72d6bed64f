import { expect, it } from 'vitest';
import { storeOrigin, storeUrls } from './addresses.ts';

const local = { publicUrl: 'http://localhost:3001', STORE_DOMAIN: 'localhost' };

it("a store's address has the platform's scheme and port", () => {
  expect(storeOrigin(local, 'tea-7f3a')).toBe('http://tea-7f3a.localhost:3001');
  const production = { publicUrl: 'https://platform.example.com', STORE_DOMAIN: 'shops.example.com' };
  expect(storeOrigin(production, 'tea-7f3a')).toBe('https://tea-7f3a.shops.example.com');
});

it('its parts lie below that, the storefront at the address itself', () => {
  expect(storeUrls('http://tea-7f3a.localhost:3001', { storefront: '/', admin: '/app', api: '/store' }, null)).toEqual({
    storefront: 'http://tea-7f3a.localhost:3001',
    admin: 'http://tea-7f3a.localhost:3001/app',
    api: 'http://tea-7f3a.localhost:3001/store',
    direct: null,
  });
});
