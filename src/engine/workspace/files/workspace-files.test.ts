import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { readZip } from '../../testing/read-zip.ts';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { WorkspaceFileError } from './workspace-file-error.ts';
import { WorkspaceFiles } from './workspace-files.ts';

const limit = 100;

async function read(files: WorkspaceFiles, file: string): Promise<string> {
  return text((await files.open(file)).stream());
}

function problem(name: WorkspaceFileError['problem']): object {
  return expect.objectContaining({ constructor: WorkspaceFileError, problem: name });
}

async function oddWorkspace(): Promise<{ workspace: WorkspaceDirectory; socket: AsyncDisposable }> {
  const workspace = new WorkspaceDirectory({ 'a.txt': 'inside', 'sub/b.txt': 'below' });
  workspace.link('file-out', '../outside/secret.txt');
  workspace.link('out', '../outside');
  workspace.link('up', '..');
  workspace.link('loop', 'loop');
  workspace.link('within', 'sub');
  workspace.link('file-within', 'a.txt');
  workspace.link('device', '/dev/zero');
  workspace.fifo('fifo');
  return { workspace, socket: await workspace.socket('socket') };
}

describe('what cannot be opened', () => {
  test.each([
    'file-out',
    'out/secret.txt',
    'up/outside/secret.txt',
    'loop',
    'within/b.txt',
    'file-within',
    'device',
    'fifo',
    'socket',
    'missing',
    'a.txt/b',
    '../outside/secret.txt',
    'sub/../a.txt',
    '/etc/passwd',
    'a.txt\0',
    `${'x'.repeat(300)}`,
    `${'d/'.repeat(3000)}a`,
  ])('%s', async (file) => {
    const odd = await oddWorkspace();
    using workspace = odd.workspace;
    await using _socket = odd.socket;
    await expect(new WorkspaceFiles(workspace.root).open(file)).rejects.toEqual(problem('not_found'));
  });

  test('a directory', async () => {
    using workspace = new WorkspaceDirectory({ 'sub/b.txt': 'below' });
    const files = new WorkspaceFiles(workspace.root);
    await expect(files.open('sub')).rejects.toEqual(problem('wrong_kind'));
    await expect(files.open('')).rejects.toEqual(problem('wrong_kind'));
  });

  test('what is hidden at the top of the workspace', async () => {
    using workspace = new WorkspaceDirectory({ 'owner-1/a.txt': 'private', 'sub/owner-1': 'mine' });
    const files = new WorkspaceFiles(workspace.root, { hidden: /^owner-/ });
    await expect(files.open('owner-1/a.txt')).rejects.toEqual(problem('not_found'));
    await expect(files.remove('owner-1')).rejects.toEqual(problem('not_found'));
    const { entries } = await files.list('', { limit, recursive: true });
    expect(entries.map((entry) => entry.path)).toEqual(['sub/owner-1']);
  });
});

test.each(['a.txt', 'new\nline', 'back\\slash', '%41', ' ', 'ü', '-rf', 'x'.repeat(255)])(
  'a file named %j can be written by an agent and read here',
  async (name) => {
    using workspace = new WorkspaceDirectory({ [name]: 'content' });
    const files = new WorkspaceFiles(workspace.root);
    const { entries } = await files.list('', { limit, recursive: true });
    const [found] = entries;
    expect(await read(files, found?.path ?? '')).toBe('content');
  },
);

test('a name that is no text can be listed, read and removed', async () => {
  using workspace = new WorkspaceDirectory();
  workspace.shell(String.raw`mkdir $'d\xff' && echo -n one > $'d\xff/a\xfe' && echo -n two > 'd%FF'`);
  const files = new WorkspaceFiles(workspace.root);
  const { entries } = await files.list('', { limit, recursive: true });
  expect(entries.map((entry) => entry.path)).toEqual(['d%25FF', 'd%FF/a%FE']);
  expect(await read(files, 'd%FF/a%FE')).toBe('one');
  await files.remove('d%FF');
  expect(readdirSync(workspace.root)).toEqual(['d%FF']);
});

test('parts of a file, an empty one and a digest', async () => {
  using workspace = new WorkspaceDirectory({ a: '0123456789', empty: '' });
  const files = new WorkspaceFiles(workspace.root);
  expect(await text((await files.open('a')).stream({ start: 2, end: 4 }))).toBe('234');
  expect(await read(files, 'empty')).toBe('');
  await using file = await files.open('a');
  expect(file.size).toBe(10);
  expect(await file.sha256()).toBe('84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882');
});

test('a file that grows while it is read is read up to the size that was told', async () => {
  using workspace = new WorkspaceDirectory({ a: '0123' });
  const file = await new WorkspaceFiles(workspace.root).open('a');
  writeFileSync(path.join(workspace.root, 'a'), '0123456789');
  expect(await text(file.stream())).toBe('0123');
});

describe('a listing', () => {
  test('tells what kind everything is, without following links', async () => {
    const odd = await oddWorkspace();
    using workspace = odd.workspace;
    await using _socket = odd.socket;
    const { entries, truncated } = await new WorkspaceFiles(workspace.root).list('', { limit });
    expect(truncated).toBe(false);
    expect(
      Object.fromEntries(entries.map(({ path: name, kind, size }) => [name, `${kind} ${size}`])),
    ).toEqual({
      'a.txt': 'file 6',
      sub: 'directory 0',
      'file-out': 'link 0',
      out: 'link 0',
      up: 'link 0',
      loop: 'link 0',
      within: 'link 0',
      'file-within': 'link 0',
      device: 'link 0',
      fifo: 'other 0',
      socket: 'other 0',
    });
    for (const link of ['out', 'up', 'within', 'loop'])
      await expect(new WorkspaceFiles(workspace.root).list(link, { limit })).rejects.toEqual(
        problem('not_found'),
      );
  });

  test('goes into directories where asked, but for ignored ones, and stops at its limit', async () => {
    using workspace = new WorkspaceDirectory({
      'b/c': '',
      'a/b/c': '',
      'node_modules/x': '',
      '.git/HEAD': '',
      d: '',
    });
    const files = new WorkspaceFiles(workspace.root);
    const { entries } = await files.list('', { limit, recursive: true });
    expect(entries.map((entry) => entry.path)).toEqual(['a/b/c', 'b/c', 'd']);
    expect((await files.list('a', { limit, recursive: true })).entries.map((entry) => entry.path)).toEqual([
      'a/b/c',
    ]);
    expect(await files.list('', { limit: 2, recursive: true })).toMatchObject({
      entries: [{ path: 'a/b/c' }, { path: 'b/c' }],
      truncated: true,
    });
  });
});

describe('removing', () => {
  test('takes links away and leaves what they point to', async () => {
    const odd = await oddWorkspace();
    using workspace = odd.workspace;
    await using _socket = odd.socket;
    const files = new WorkspaceFiles(workspace.root);
    mkdirSync(path.join(workspace.root, 'tree/deep'), { recursive: true });
    workspace.link('tree/deep/out', '../../../outside');
    for (const name of ['file-out', 'out', 'loop', 'fifo', 'socket', 'tree']) await files.remove(name);
    expect(readFileSync(path.join(workspace.outside, 'secret.txt'), 'utf8')).toBe('secret');
    expect(readdirSync(workspace.root).toSorted()).toEqual([
      'a.txt',
      'device',
      'file-within',
      'sub',
      'up',
      'within',
    ]);
  });

  test.each(['up/outside/secret.txt', 'out/secret.txt', 'within/b.txt', 'missing', '..'])(
    'does not reach %s',
    async (name) => {
      const odd = await oddWorkspace();
      using workspace = odd.workspace;
      await using _socket = odd.socket;
      await expect(new WorkspaceFiles(workspace.root).remove(name)).rejects.toEqual(problem('not_found'));
      expect(existsSync(path.join(workspace.outside, 'secret.txt'))).toBe(true);
      expect(existsSync(path.join(workspace.root, 'sub/b.txt'))).toBe(true);
    },
  );

  test('the workspace itself is not removed', async () => {
    using workspace = new WorkspaceDirectory({ a: '' });
    for (const name of ['', '.', './'])
      await expect(new WorkspaceFiles(workspace.root).remove(name)).rejects.toEqual(problem('wrong_kind'));
  });

  test('takes a tree away that is deeper than any path may be long', async () => {
    using workspace = new WorkspaceDirectory();
    workspace.nest('directory', 900);
    await new WorkspaceFiles(workspace.root).remove('directory');
    expect(readdirSync(workspace.root)).toEqual([]);
  });
});

test('a directory that is changed for a link to the outside at any moment shows nothing of the outside', async () => {
  using workspace = new WorkspaceDirectory({ 'sub/secret.txt': 'inside', 'sub/b.txt': 'b' });
  const files = new WorkspaceFiles(workspace.root);
  const seen = new Set<string>();
  using _swapping = workspace.swapForLink('sub');
  for (let round = 0; round < 500; round++) {
    seen.add(await read(files, 'sub/secret.txt').catch((error: WorkspaceFileError) => error.problem));
    const listing = await files.list('sub', { limit }).catch(() => undefined);
    if (listing !== undefined)
      expect(listing.entries.map((entry) => entry.path)).not.toEqual(['sub/secret.txt']);
    await files.remove('sub/none.txt').catch(() => undefined);
  }
  expect([...seen].filter((what) => what !== 'inside' && what !== 'not_found')).toEqual([]);
  expect(readFileSync(path.join(workspace.outside, 'secret.txt'), 'utf8')).toBe('secret');
});

describe('an archive', () => {
  const limits = { maxFiles: 100, maxBytes: 1e6 };

  test('holds regular files only, under names that are safe anywhere', async () => {
    const odd = await oddWorkspace();
    using workspace = odd.workspace;
    await using _socket = odd.socket;
    workspace.write('C:\\evil', 'e');
    workspace.write('..\\up', 'u');
    workspace.write('%2E.%5Cup', 'clash?');
    workspace.write('empty', '');
    workspace.shell('chmod +x a.txt');
    const zip = await buffer(await new WorkspaceFiles(workspace.root).zip('all', limits));
    expect(readZip(zip)).toEqual({
      '%2E.%5Cup': 'clash?',
      '..%5Cup': 'u',
      'C%3A%5Cevil': 'e',
      'a.txt': 'inside',
      empty: '',
      'sub/b.txt': 'below',
    });
  });

  test('of some files holds these, as far as they are there', async () => {
    using workspace = new WorkspaceDirectory({ a: 'a', b: 'b', 'c/d': 'd' });
    const files = new WorkspaceFiles(workspace.root);
    const zip = await buffer(await files.zip(['c/d', 'a', 'a'], limits));
    expect(readZip(zip)).toEqual({ 'c/d': 'd', a: 'a' });
    await expect(files.zip(['a', 'missing'], limits)).rejects.toEqual(problem('not_found'));
  });

  test('is refused beforehand where it would be too large', async () => {
    using workspace = new WorkspaceDirectory({ a: 'a', b: 'b' });
    const files = new WorkspaceFiles(workspace.root);
    await expect(files.zip('all', { ...limits, maxFiles: 1 })).rejects.toEqual(problem('too_large'));
    truncateSync(path.join(workspace.root, 'a'), 2 ** 40);
    await expect(files.zip('all', limits)).rejects.toEqual(problem('too_large'));
  });

  test('that nobody reads to the end lets its files go', async () => {
    using workspace = new WorkspaceDirectory({ a: Buffer.alloc(500_000, 1), b: 'b' });
    const zip = await new WorkspaceFiles(workspace.root).zip('all', limits);
    const closed = new Promise((resolve) => zip.once('close', resolve));
    zip.once('data', () => zip.destroy());
    await closed;
    expect(zip.destroyed).toBe(true);
  });
});
