import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { WorkspaceRetirement } from './retire-workspaces.ts';
import { WorkspaceUses } from './workspace-uses.ts';

const longAgo = new Date('2020-01-01');
const since = new Date('2024-01-01');

function retirementIn({ root, outside }: WorkspaceDirectory) {
  const marksDir = path.join(outside, 'marks');
  const uses = new WorkspaceUses();
  const retirement = new WorkspaceRetirement({ root, marksDir, pattern: /^owner-/, uses });
  const usedLongAgo = async (name: string): Promise<void> => {
    await retirement.used(name, { owner: 'key_1', workspaceId: name });
    utimesSync(path.join(marksDir, name), longAgo, longAgo);
  };
  return { retirement, uses, marksDir, usedLongAgo };
}

test('workspaces that were not used for long are removed, and nothing else', async () => {
  using workspaces = new WorkspaceDirectory({
    'owner-old/a': '',
    'owner-new/a': '',
    'owner-busy/a': '',
    'mine/a': '',
    'owner-file': '',
  });
  workspaces.link('owner-link', '../outside');
  const { retirement, uses, marksDir, usedLongAgo } = retirementIn(workspaces);
  for (const name of ['owner-old', 'owner-new', 'owner-busy', 'owner-link', 'owner-file', 'mine'])
    await usedLongAgo(name);
  await retirement.used('owner-new', { owner: 'key_1', workspaceId: 'owner-new' });
  using _busy = await uses.enter('owner-busy');
  expect(await retirement.removeUnused(since)).toEqual(['owner-old']);
  const left = ['mine', 'owner-busy', 'owner-file', 'owner-link', 'owner-new'];
  expect(readdirSync(workspaces.root).toSorted()).toEqual(left);
  expect(readdirSync(workspaces.outside)).toContain('secret.txt');
  expect(readdirSync(marksDir)).not.toContain('owner-old');
});

test('a workspace without a mark counts as used when it is first seen', async () => {
  using workspaces = new WorkspaceDirectory({ 'owner-1/a': '' });
  const { retirement, marksDir } = retirementIn(workspaces);
  expect(await retirement.removeUnused(since)).toEqual([]);
  utimesSync(path.join(marksDir, 'owner-1'), longAgo, longAgo);
  expect(await retirement.removeUnused(since)).toEqual(['owner-1']);
});

test('the mark says whose the workspace is, also after it was used again', async () => {
  using workspaces = new WorkspaceDirectory({ 'owner-1/a': '' });
  const { retirement, marksDir } = retirementIn(workspaces);
  await retirement.used('owner-1', { owner: 'key_1', workspaceId: 'w' });
  await retirement.used('owner-1', { owner: 'key_1', workspaceId: 'w' });
  const mark = readFileSync(path.join(marksDir, 'owner-1'), 'utf8');
  expect(JSON.parse(mark)).toEqual({ owner: 'key_1', workspaceId: 'w' });
});

test('one is removed on demand, but not while somebody works in it', async () => {
  using workspaces = new WorkspaceDirectory({ 'owner-1/deep/a': '' });
  const { retirement, uses } = retirementIn(workspaces);
  const use = await uses.enter('owner-1');
  expect(await retirement.remove('owner-1')).toBe(false);
  expect(existsSync(path.join(workspaces.root, 'owner-1/deep/a'))).toBe(true);
  use[Symbol.dispose]();
  expect(await retirement.remove('owner-1')).toBe(true);
  expect(readdirSync(workspaces.root)).toEqual([]);
  expect(await retirement.remove('owner-1')).toBe(true);
});

test('what an earlier removal did not finish is removed', async () => {
  using workspaces = new WorkspaceDirectory();
  mkdirSync(path.join(workspaces.root, '.removing-1/deep'), { recursive: true });
  expect(await retirementIn(workspaces).retirement.removeUnused(since)).toEqual([]);
  expect(readdirSync(workspaces.root)).toEqual([]);
});
