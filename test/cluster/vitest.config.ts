import { defineConfig } from 'vitest/config';

/** The suites that need a cluster: the one that KUBECONFIG names, with the images there. Without one they are skipped by name. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/global-setup.ts'],
    fileParallelism: false,
    // CI's machine is shared; the report says `retry x1` where that was needed.
    retry: process.env['CI'] ? 1 : 0,
    // Stores are waited for, mostly; how many are in work at once the suites say themselves.
    maxConcurrency: 8,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
