import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,engines,dashboard}/**/*.test.{ts,tsx}', 'test/{contracts,integration}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'engines/medusa/app/**'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    // Two cores: more workers than that only make each other slow.
    maxWorkers: 2,
    coverage: {
      include: ['src/**/*.ts', 'engines/*/*.ts'],
      exclude: ['**/*.test.ts', 'src/{main,*-main}.ts'],
      thresholds: { lines: 70, branches: 70, functions: 70, statements: 70 },
      reporter: ['text-summary', 'html'],
    },
  },
});
