import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WorkspaceBrowser } from './browse-workspaces.ts';
import { ChangeTracker } from './changes/change-tracker.ts';
import { directoryOfPlace } from './workspace-names.ts';

let root: string;
let outside: string;
let tracker: ChangeTracker;
let browser: WorkspaceBrowser;

beforeEach(async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'browse-'));
  root = path.join(directory, 'workspaces');
  outside = path.join(directory, 'outside');
  await Promise.all([mkdir(root), mkdir(outside)]);
  await writeFile(path.join(outside, 'secret.txt'), 'secret');
  tracker = new ChangeTracker();
  browser = new WorkspaceBrowser({ root, tracker });
});

afterEach(async () => {
  await tracker[Symbol.asyncDispose]();
  await rm(path.dirname(root), { recursive: true });
});

async function put(name: string, content = 'x'): Promise<void> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const own = (): string => browser.ownId('key_1');
const notFound = expect.objectContaining({ problem: 'not_found' });

test('tells all workspaces by their kind, those used last first, each with what is in it alone', async () => {
  const container = browser.idOf({ owner: 'key_1', workspaceId: 'cntr_1' });
  const conversation = browser.idOf({ owner: 'key_1', workspaceId: 'conversation-1' });
  await put('shared.txt', '12345');
  const names = [own(), container, conversation, 'directory-team'];
  for (const [index, name] of names.entries()) {
    await put(`${name}/${index}`);
    await utimes(path.join(root, name), index, index);
  }
  await put('plain/other.txt');
  await put('.removing-00000000-0000-0000-0000-000000000000/x');
  await symlink(outside, path.join(root, browser.ownId('key_2')));
  await writeFile(path.join(root, browser.ownId('key_3')), 'a file');

  const workspaces = await browser.list();
  expect(
    workspaces.map(({ id, kind, name, files, truncated }) => [id, kind, name, files, truncated]),
  ).toEqual([
    ['shared', 'shared', undefined, 2, false],
    ['directory-team', 'named', 'team', 1, false],
    [conversation, 'conversation', undefined, 1, false],
    [container, 'container', undefined, 1, false],
    [own(), 'key', undefined, 1, false],
  ]);
  expect(workspaces[1]?.lastUsedAt).toEqual(new Date(3000));
  expect(container).toBe(directoryOfPlace({ owner: 'key_1', workspaceId: 'cntr_1' }));
});

test('nothing is there before anything was made', async () => {
  await rm(root, { recursive: true });
  expect(await browser.list()).toEqual([]);
  expect(await browser.listFiles('shared', '')).toBeUndefined();
});

test('lists a directory: directories first, with what each entry is', async () => {
  await put(`${own()}/b.ts`, 'let x;');
  await put(`${own()}/sub/a.png`, '12');
  await symlink(outside, path.join(root, own(), 'a-link'));
  const listed = await browser.listFiles(own(), '');
  expect(listed?.entries.map(({ name, kind, mediaType }) => [name, kind, mediaType])).toEqual([
    ['sub', 'directory', null],
    ['a-link', 'link', null],
    ['b.ts', 'file', 'text/plain'],
  ]);
  const sub = await browser.listFiles(own(), 'sub');
  expect(sub?.entries).toMatchObject([{ path: 'sub/a.png', mediaType: 'image/png', size: 2 }]);
  await expect(browser.listFiles(own(), 'missing')).rejects.toEqual(notFound);
});

test('opens and packs files, and nothing else', async () => {
  await put(`${own()}/a.txt`, 'hello');
  await symlink(path.join(outside, 'secret.txt'), path.join(root, own(), 'link'));
  const file = await browser.open(own(), 'a.txt');
  if (file === undefined) throw new Error('it is not there');
  expect(await text(file.stream())).toBe('hello');
  for (const name of ['link', '../outside/secret.txt', '/etc/hostname', 'missing'])
    await expect(browser.open(own(), name)).rejects.toEqual(notFound);
  const archive = await browser.archive(own());
  if (archive === undefined) throw new Error('there is none');
  const zip = (await buffer(archive)).toString('latin1');
  expect([zip.includes('a.txt'), zip.includes('secret')]).toEqual([true, false]);
});

test('the shared workspace does not lead into those of others', async () => {
  await put(`${own()}/a.txt`);
  expect((await browser.listFiles('shared', ''))?.entries).toEqual([]);
  await expect(browser.open('shared', `${own()}/a.txt`)).rejects.toEqual(notFound);
});

test.each(['..', '.', '', 'plain', 'owner-x', `owner-${'0'.repeat(24)}/..`, '../outside', 'directory-..'])(
  'there is no workspace %j',
  async (id) => {
    await put('plain/a.txt');
    expect(await browser.listFiles(id, '')).toBeUndefined();
    expect(await browser.open(id, 'secret.txt')).toBeUndefined();
    expect(await browser.archive(id)).toBeUndefined();
    expect(await browser.removeFile(id, 'a.txt')).toBe(false);
    expect(await browser.remove(id)).toBe('not_found');
    expect(await readdir(outside)).toEqual(['secret.txt']);
  },
);

test('removes a file or a link, and no directory', async () => {
  await put(`${own()}/sub/a.txt`);
  await symlink(outside, path.join(root, own(), 'link'));
  expect(await browser.removeFile(own(), 'link')).toBe(true);
  expect(await browser.removeFile(own(), 'sub/a.txt')).toBe(true);
  await expect(browser.removeFile(own(), 'sub/a.txt')).rejects.toEqual(notFound);
  await expect(browser.removeFile(own(), 'sub')).rejects.toMatchObject({ problem: 'wrong_kind' });
  expect(await readdir(path.join(root, own()))).toEqual(['sub']);
  expect(await readdir(outside)).toEqual(['secret.txt']);
});

test('removes a workspace, unless somebody is at work in it', async () => {
  await put(`${own()}/sub/a.txt`);
  await symlink(outside, path.join(root, own(), 'link'));
  const run = tracker.start({ id: own(), root: path.join(root, own()) });
  expect(await browser.remove(own())).toBe('busy');
  await run[Symbol.asyncDispose]();
  const guarded = new WorkspaceBrowser({ root, tracker, alone: async () => false });
  expect(await guarded.remove(own())).toBe('busy');
  expect(await browser.remove(own())).toBe('removed');
  expect(await readdir(root)).toEqual([]);
  expect(await readdir(outside)).toEqual(['secret.txt']);
  expect(await browser.remove(own())).toBe('not_found');
  expect(await browser.remove('shared')).toBe('shared');
});
