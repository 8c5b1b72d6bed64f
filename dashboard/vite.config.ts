import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** A running platform to develop against: `PLATFORM_URL=http://127.0.0.1:3001 npx vite dashboard`. */
const platform = process.env['PLATFORM_URL'] ?? 'http://127.0.0.1:3001';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  build: {
    // Nothing inlined and no polyfill: the pages are served under a policy without inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Its own folder, because what lies in it has a hash in its name and may be kept for ever.
    assetsDir: 'assets',
    // A test limits what the first load weighs when compressed; vite would warn about what it weighs before.
    chunkSizeWarningLimit: 1000,
  },
  // The platform takes a change only from its own pages, and looks at the host for that.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/health'].map((path) => [path, { target: platform, changeOrigin: false, ws: true }]),
    ),
  },
});
