import { defineConfig } from 'vitest/config';

/** The suites that buy something: the real platform, real Medusa, a real browser. One after another, on one home. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    fileParallelism: false,
    // CI's machine is shared; the report says `retry x1` where that was needed.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});
