import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** A running Medusa store to develop against: `STORE_URL=http://127.0.0.1:9000 vite engines/medusa/storefront`. */
const store = process.env['STORE_URL'] ?? 'http://127.0.0.1:9000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing inlined and no polyfill: the shop is served under a policy without inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/shop.json': store, '/store': store, '/pictures': store, '/static': store },
  },
});
