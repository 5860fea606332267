import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'console/src/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts', 'test/support/compiled-server.ts'],
    setupFiles: ['test/support/set-up.ts'],
    reporters: ['default', './test/support/plain-summary.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // For what a busy machine takes its time with; the default is a second.
    expect: { poll: { timeout: 15_000 } },
    // One more than a small machine has cores: end-to-end tests also wait for what they started.
    maxWorkers: 3,
    // Files share the modules of their process: loading them anew for each file took as long as most tests do.
    isolate: false,
  },
});
