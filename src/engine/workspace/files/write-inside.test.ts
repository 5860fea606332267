import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { splitPath } from './path-names.ts';
import { WorkspaceFileError } from './workspace-file-error.ts';
import { writeFileInside } from './write-inside.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

function write(workspace: WorkspaceDirectory, file: string, replace = false): Promise<boolean> {
  return writeFileInside(workspace.root, splitPath(file), pieces('new ', 'content'), { replace });
}

test('a file is written with the directories on its way', async () => {
  using workspace = new WorkspaceDirectory({ 'there/a.txt': 'a' });
  for (const file of ['b.txt', 'there/b.txt', 'not/yet/there/b.txt']) {
    expect(await write(workspace, file)).toBe(true);
    expect(readFileSync(path.join(workspace.root, file), 'utf8')).toBe('new content');
  }
  expect(readdirSync(path.join(workspace.root, 'there')).toSorted()).toEqual(['a.txt', 'b.txt']);
});

test('one that is there is replaced only if that is asked for', async () => {
  using workspace = new WorkspaceDirectory({ 'a.txt': 'old' });
  expect(await write(workspace, 'a.txt')).toBe(false);
  expect(readFileSync(path.join(workspace.root, 'a.txt'), 'utf8')).toBe('old');
  expect(await write(workspace, 'a.txt', true)).toBe(true);
  expect(readFileSync(path.join(workspace.root, 'a.txt'), 'utf8')).toBe('new content');
  expect(readdirSync(workspace.root)).toEqual(['a.txt']);
});

describe('nothing is written outside', () => {
  test.each(['out/secret.txt', 'out/new.txt', 'up/outside/secret.txt', 'a.txt/b', 'within/c.txt'])(
    'by way of %s',
    async (file) => {
      using workspace = new WorkspaceDirectory({ 'a.txt': 'inside', 'sub/b.txt': 'below' });
      workspace.link('out', '../outside');
      workspace.link('up', '..');
      workspace.link('within', 'sub');
      const outside = readdirSync(workspace.outside);
      for (const replace of [true, false])
        await expect(write(workspace, file, replace)).rejects.toBeInstanceOf(WorkspaceFileError);
      expect(readdirSync(workspace.outside)).toEqual(outside);
      expect(existsSync(path.join(workspace.root, 'sub/c.txt'))).toBe(false);
    },
  );

  test('by a link at the end of the path, which is replaced itself', async () => {
    using workspace = new WorkspaceDirectory({});
    workspace.link('file-out', '../outside/secret.txt');
    const secret = path.join(workspace.root, '../outside/secret.txt');
    const before = readFileSync(secret, 'utf8');
    expect(await write(workspace, 'file-out')).toBe(false);
    expect(await write(workspace, 'file-out', true)).toBe(true);
    expect(lstatSync(path.join(workspace.root, 'file-out')).isFile()).toBe(true);
    expect(readFileSync(secret, 'utf8')).toBe(before);
  });

  test('by a directory that becomes a link at the wrong moment', async () => {
    using workspace = new WorkspaceDirectory({ 'sub/a.txt': 'a' });
    using _swapping = workspace.swapForLink('sub');
    for (let round = 0; round < 300; round++) await write(workspace, 'sub/b/c.txt', true).catch(() => {});
    expect(readdirSync(workspace.outside)).toEqual(['secret.txt']);
  });

  test('nor over a directory, nor as the workspace itself', async () => {
    using workspace = new WorkspaceDirectory({ 'sub/b.txt': 'below' });
    expect(await write(workspace, 'sub')).toBe(false);
    await expect(write(workspace, 'sub', true)).rejects.toBeInstanceOf(WorkspaceFileError);
    await expect(write(workspace, '')).rejects.toBeInstanceOf(WorkspaceFileError);
    expect(readdirSync(workspace.root)).toEqual(['sub']);
  });
});

test('content that breaks off leaves nothing', async () => {
  using workspace = new WorkspaceDirectory({});
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('some');
    throw new Error('broken off');
  };
  const writing = writeFileInside(workspace.root, ['a.txt'], broken(), { replace: true });
  await expect(writing).rejects.toThrow('broken off');
  expect(readdirSync(workspace.root)).toEqual([]);
});
