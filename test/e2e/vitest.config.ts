import { defineConfig } from 'vitest/config';

/** The suites that buy something: the real platform, real Medusa, a real browser. One after another, on one home. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});
