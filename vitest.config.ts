import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'console/src/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts', 'test/support/compiled-server.ts'],
    reporters: ['default', './test/support/plain-summary.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The end-to-end tests each hold several Claude Code processes: two files at a time suit two cores.
    maxWorkers: 2,
    // Files share the modules of their process: loading them anew for each file took as long as most tests do.
    isolate: false,
  },
});
