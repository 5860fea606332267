import { expect, test } from 'vitest';
import { checkQuota } from './check-quota.ts';

const usage = { files: 10, bytes: 5 * 1024 * 1024, truncated: false };

test.each([
  [{}, undefined],
  [{ maxFiles: 11, maxBytes: 6 * 1024 * 1024 }, undefined],
  [{ maxFiles: 10 }, 'The workspace holds 10 files, and may hold 10 (WORKSPACE_MAX_FILES).'],
  [{ maxBytes: 5 * 1024 * 1024 }, 'The workspace takes 5.0 MB, and may take 5.0 MB (WORKSPACE_MAX_MB).'],
])('with the quota %j', (quota, problem) => {
  expect(checkQuota(usage, quota)).toBe(problem);
});

test('says so where not all was counted', () => {
  expect(checkQuota({ ...usage, truncated: true }, { maxFiles: 9 })).toContain('more than 9 files');
});

test('has to have room for what is to come in', () => {
  const quota = { maxBytes: 6 * 1024 * 1024 };
  expect(checkQuota(usage, quota, 1024 * 1024)).toBeUndefined();
  expect(checkQuota(usage, quota, 2 * 1024 * 1024)).toBe(
    'The workspace takes 5.0 MB without the 2.0 MB that are to come in, and may take 6.0 MB (WORKSPACE_MAX_MB).',
  );
});
