import { vi } from 'vitest';

/**
 * Milliseconds that `vi.waitFor` and `vi.waitUntil` try, unless the test says otherwise: as `expect.poll` by vitest.config.ts.
 * Vitest has no setting for these, and stops after a second, which a machine that is busy with other tests may take.
 */
const timeout = 15_000;

const { waitFor, waitUntil } = vi;
const longer = (options: number | object = {}) =>
  typeof options === 'number' ? options : { timeout, ...options };
vi.waitFor = (callback, options) => waitFor(callback, longer(options));
vi.waitUntil = (callback, options) => waitUntil(callback, longer(options));
