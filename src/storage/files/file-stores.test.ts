import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabases } from '../../../test/support/test-databases.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { ContainerFileStore, type NewContainerFile } from './container-file-store.ts';
import { ContainerStore } from './container-store.ts';
import { FileStore, type StoredFile } from './file-store.ts';
import { findReferencedBlobs } from './find-referenced-blobs.ts';

const shaOf = (letter: string): string => letter.repeat(64);

function newFile(id: string, more: Partial<StoredFile> = {}): StoredFile {
  return {
    id,
    owner: 'ann',
    filename: `${id}.txt`,
    purpose: 'user_data',
    bytes: 5_000_000_000,
    mediaType: 'text/plain',
    sha256: shaOf('a'),
    createdAt: 1000,
    expiresAt: null,
    ...more,
  };
}

function made(id: string, path: string, more: Partial<NewContainerFile> = {}): NewContainerFile {
  return {
    id,
    path,
    bytes: 3,
    mediaType: 'text/plain',
    sha256: shaOf('b'),
    runId: 'run1',
    source: 'assistant',
    ...more,
  };
}

const workspace = { id: 'cntr_1', owner: 'ann', workspaceId: 'w1', name: 'w1' };
const page = { order: 'asc', limit: 10 } as const;
const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describe.each(testDatabases)('files in $kind', ({ create }) => {
  let place: TestDatabase;
  let database: Database;
  let now = 1_000_000;
  let files: FileStore;
  let containers: ContainerStore;
  let containerFiles: ContainerFileStore;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.url);
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('files').execute();
    await database.kysely.deleteFrom('containers').execute();
    now = 1_000_000;
    files = new FileStore(database, () => now);
    containers = new ContainerStore(database, () => now);
    containerFiles = new ContainerFileStore(database, () => now);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  describe('an uploaded file', () => {
    it('is found, listed and deleted by its owner alone', async () => {
      const file = newFile('file-1', { filename: 'naïve \u{1f600} "x"\n.txt' });
      await files.create(file);
      expect(await files.get('ann', 'file-1')).toEqual(file);
      expect(await files.get('bob', 'file-1')).toBeNull();
      expect((await files.list('bob', page)).files).toEqual([]);
      expect(await files.find('bob', ['file-1'])).toEqual(new Map());
      expect(await files.delete('bob', 'file-1')).toBe(false);
      expect(await files.delete('ann', 'file-1')).toBe(true);
      expect(await files.delete('ann', 'file-1')).toBe(false);
      expect(await files.get('ann', 'file-1')).toBeNull();
    });

    it('may have a name that databases do not know', async () => {
      await files.create(newFile('file-1', { filename: 'a\u0000b\ud800' }));
      expect((await files.get('ann', 'file-1'))?.filename).toBe('a\ufffdb\ufffd');
    });

    it('is not there any more once it has expired', async () => {
      await files.create(newFile('file-1', { expiresAt: now + 10 }));
      await files.create(newFile('file-2'));
      expect(await files.get('ann', 'file-1')).not.toBeNull();
      now += 10;
      expect(await files.get('ann', 'file-1')).toBeNull();
      expect(await files.delete('ann', 'file-1')).toBe(false);
      expect(idsOf((await files.list('ann', page)).files)).toEqual(['file-2']);
      expect(await files.removeExpired()).toBe(1);
      expect(await files.removeExpired()).toBe(0);
    });

    it('is deleted when it is old', async () => {
      await files.create(newFile('file-1', { createdAt: 1000 }));
      await files.create(newFile('file-2', { createdAt: 2000 }));
      expect(await files.removeOlderThan(2000)).toBe(1);
      expect(idsOf((await files.list('ann', page)).files)).toEqual(['file-2']);
    });

    it('is listed in pages, by purpose', async () => {
      for (const [index, purpose] of ['vision', 'user_data', 'vision', 'vision'].entries()) {
        await files.create(newFile(`file-${index}`, { purpose }));
      }
      const first = await files.list('ann', { order: 'desc', limit: 2, purpose: 'vision' });
      expect([idsOf(first.files), first.hasMore]).toEqual([['file-3', 'file-2'], true]);
      const second = await files.list('ann', {
        order: 'desc',
        limit: 2,
        purpose: 'vision',
        after: 'file-2',
      });
      expect([idsOf(second.files), second.hasMore]).toEqual([['file-0'], false]);
      const all = await files.list('ann', { ...page, after: 'file-0', before: 'file-3' });
      expect(idsOf(all.files)).toEqual(['file-1', 'file-2']);
      await expect(files.list('bob', { ...page, after: 'file-0' })).rejects.toMatchObject({
        code: 'unknown_item',
      });
    });
  });

  describe('a container', () => {
    it('is opened for a workspace, the same one each time', async () => {
      expect(await containers.ofWorkspace(workspace)).toBe('cntr_1');
      now += 5000;
      expect(await containers.ofWorkspace({ ...workspace, id: 'cntr_2' })).toBe('cntr_1');
      expect(await containers.get('ann', 'cntr_1')).toMatchObject({
        createdAt: now - 5000,
        lastActiveAt: now,
        expiresAfterMinutes: null,
      });
      const elsewhere = { ...workspace, id: 'cntr_3', owner: 'bob' };
      expect(await containers.ofWorkspace(elsewhere)).toBe('cntr_3');
    });

    it('comes to be with the first file of a workspace, one for each owner', async () => {
      const record = (owner: string, id: string, fileId: string) =>
        containerFiles.record({
          container: { ...workspace, id, owner },
          files: [made(fileId, 'a.txt')],
          gone: [],
        });
      expect(await record('ann', 'cntr_1', 'cfile_1')).toBe('cntr_1');
      now += 5;
      expect(await record('ann', 'cntr_2', 'cfile_2')).toBe('cntr_1');
      expect(await record('bob', 'cntr_3', 'cfile_3')).toBe('cntr_3');
      expect(await containers.get('ann', 'cntr_1')).toEqual({
        ...workspace,
        createdAt: 1_000_000,
        lastActiveAt: 1_000_005,
        expiresAfterMinutes: null,
      });
      expect(await containers.get('bob', 'cntr_1')).toBeNull();
      expect(idsOf((await containers.list('bob', page)).containers)).toEqual(['cntr_3']);
      expect(await containers.delete('bob', 'cntr_1')).toBe(false);
    });

    it('comes to be once where runs end at the same time', async () => {
      const ids = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          containerFiles.record({
            container: { ...workspace, id: `cntr_${index}` },
            files: [made(`cfile_${index}`, `${index}.txt`)],
            gone: [],
          }),
        ),
      );
      expect(new Set(ids).size).toBe(1);
      expect((await containerFiles.list('ann', ids[0] ?? '', page)).files).toHaveLength(6);
    });

    it('is not made by what is gone', async () => {
      expect(await containerFiles.record({ container: workspace, files: [], gone: ['a'] })).toBeUndefined();
      expect((await containers.list('ann', page)).containers).toEqual([]);
    });

    it('is made once by its own name', async () => {
      const container = { ...workspace, createdAt: 1, lastActiveAt: 1, expiresAfterMinutes: null };
      expect(await containers.create(container)).toBe(true);
      expect(await containers.create({ ...container, id: 'cntr_2' })).toBe(false);
      await containers.create({ ...container, id: 'cntr_3', workspaceId: 'w3', name: 'other' });
      const named = await containers.list('ann', { ...page, name: 'other' });
      expect(idsOf(named.containers)).toEqual(['cntr_3']);
      const after = await containers.list('ann', { ...page, after: 'cntr_1' });
      expect(idsOf(after.containers)).toEqual(['cntr_3']);
    });

    it('is not there any more once nothing has happened in it for so long', async () => {
      const container = { ...workspace, createdAt: now, lastActiveAt: now, expiresAfterMinutes: 2 };
      await containers.create(container);
      now += 119_999;
      expect(await containers.get('ann', 'cntr_1')).toEqual(container);
      await containerFiles.record({ container, files: [made('cfile_1', 'a.txt')], gone: [] });
      now += 119_999;
      expect(await containers.expired(5)).toEqual([]);
      expect((await containers.list('ann', page)).containers).toHaveLength(1);
      now += 1;
      expect(await containers.get('ann', 'cntr_1')).toBeNull();
      expect((await containers.list('ann', page)).containers).toEqual([]);
      expect(idsOf(await containers.expired(5))).toEqual(['cntr_1']);
    });

    it('takes its files with it', async () => {
      await containerFiles.record({ container: workspace, files: [made('cfile_1', 'a.txt')], gone: [] });
      expect(await containers.delete('ann', 'cntr_1')).toBe(true);
      expect(await containerFiles.get('ann', 'cfile_1')).toBeNull();
    });
  });

  describe('a file in a container', () => {
    it('has an id for each of its states, and is listed as it is now', async () => {
      const record = (files: readonly NewContainerFile[], gone: readonly string[] = []) =>
        containerFiles.record({ container: workspace, files, gone });
      await record([made('cfile_1', 'a.txt'), made('cfile_2', 'b.txt')]);
      await record([made('cfile_3', 'a.txt', { runId: 'run2', sha256: shaOf('c') })]);
      expect(idsOf((await containerFiles.list('ann', 'cntr_1', page)).files)).toEqual(['cfile_2', 'cfile_3']);
      await record([made('cfile_4', 'c.txt', { runId: 'run3' })], ['b.txt']);
      const { files: now } = await containerFiles.list('ann', 'cntr_1', page);
      expect(idsOf(now)).toEqual(['cfile_3', 'cfile_4']);
      expect(await containerFiles.get('ann', 'cfile_1')).toEqual({
        ...made('cfile_1', 'a.txt'),
        containerId: 'cntr_1',
        owner: 'ann',
        createdAt: 1_000_000,
        superseded: true,
      });
      expect(idsOf(await containerFiles.ofRun('ann', 'cntr_1', 'run1'))).toEqual(['cfile_1', 'cfile_2']);
      const rest = await containerFiles.list('ann', 'cntr_1', { ...page, after: 'cfile_2', limit: 1 });
      expect([idsOf(rest.files), rest.hasMore]).toEqual([['cfile_3'], true]);
    });

    it('is for its owner alone', async () => {
      await containerFiles.record({ container: workspace, files: [made('cfile_1', 'a.txt')], gone: [] });
      expect(await containerFiles.get('bob', 'cfile_1')).toBeNull();
      expect((await containerFiles.list('bob', 'cntr_1', page)).files).toEqual([]);
      expect(await containerFiles.ofRun('bob', 'cntr_1', 'run1')).toEqual([]);
      expect(await containerFiles.delete('bob', 'cfile_1')).toBe(false);
      expect(await containerFiles.delete('ann', 'cfile_1')).toBe(true);
    });

    it('is forgotten when it is old', async () => {
      await containerFiles.record({ container: workspace, files: [made('cfile_1', 'a.txt')], gone: [] });
      now += 1000;
      await containerFiles.record({ container: workspace, files: [made('cfile_2', 'b.txt')], gone: [] });
      expect(await containerFiles.removeOlderThan(now)).toBe(1);
      expect(idsOf((await containerFiles.list('ann', 'cntr_1', page)).files)).toEqual(['cfile_2']);
    });
  });

  it('content is referred to as long as any file has it', async () => {
    await files.create(newFile('file-1'));
    await containerFiles.record({ container: workspace, files: [made('cfile_1', 'a.txt')], gone: [] });
    const asked = [shaOf('a'), shaOf('b'), shaOf('c')];
    expect(await findReferencedBlobs(database.kysely, asked)).toEqual(new Set([shaOf('a'), shaOf('b')]));
    await files.delete('ann', 'file-1');
    await containers.delete('ann', 'cntr_1');
    expect(await findReferencedBlobs(database.kysely, asked)).toEqual(new Set());
  });
});
