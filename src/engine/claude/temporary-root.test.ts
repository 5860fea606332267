import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporaryRoot, removeLeftRoots } from './temporary-root.ts';

test('is private, and takes the place of those of servers that ended', async () => {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'temporary-')));
  // The number of no process: larger than any.
  const [ended, other, own] = [
    'cca-abcdef-99999999-x',
    'cca-123456-99999999-x',
    `cca-abcdef-${process.pid}-x`,
  ];
  for (const name of [ended, other, own]) mkdirSync(path.join(parent, name));
  await removeLeftRoots('abcdef0123', { TMPDIR: parent });
  const root = await makeTemporaryRoot('abcdef0123', { TMPDIR: parent });
  expect(path.dirname(root)).toBe(parent);
  expect(statSync(root).mode & 0o777).toBe(0o700);
  expect(readFileSync(path.join(root, 'git-excludes'), 'utf8')).toContain('/.bashrc\n');
  expect([ended, other, own].map((name) => existsSync(path.join(parent, name)))).toEqual([false, true, true]);
  rmSync(parent, { recursive: true });
});
