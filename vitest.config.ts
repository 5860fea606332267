import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    reporters: ['default', './test/support/plain-summary.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The end-to-end tests each hold several Claude Code processes: two files at a time suit two cores.
    maxWorkers: 2,
  },
});
