import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** All walks through the console; `npm test` takes the short ones. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['test/console/**/*.test.ts'] } }),
);
