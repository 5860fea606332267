import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobStore } from './blob-store.ts';

let root: string;
let blobs: BlobStore;
beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(tmpdir(), 'claudecode-api-blobs-')), 'files');
  blobs = new BlobStore(root);
});
afterEach(() => rm(path.dirname(root), { recursive: true, force: true }));

const shaOf = (content: string): string => createHash('sha256').update(content).digest('hex');
const placeOf = (content: string): string => path.join(root, shaOf(content).slice(0, 2), shaOf(content));

async function* chunks(...pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function* failing(error: Error, ...pieces: string[]): AsyncGenerator<Uint8Array> {
  yield* chunks(...pieces);
  throw error;
}

async function keep(content: string): Promise<string> {
  await using draft = await blobs.receive(chunks(content), { maxBytes: 1000 });
  await blobs.keep([draft], async () => {});
  return draft.sha256;
}

async function read(content: string): Promise<string | undefined> {
  const blob = await blobs.open(shaOf(content), Buffer.byteLength(content));
  return blob && text(blob.stream());
}

/** As if it had been there for an hour. */
async function age(place: string): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  await utimes(place, then, then);
}

async function allFiles(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const sweep = (...referenced: string[]): Promise<number> =>
  blobs.sweep({
    referenced: async (sha256s) => new Set(sha256s.filter((sha256) => referenced.includes(sha256))),
    graceMs: 60_000,
    now: Date.now(),
  });

describe('content', () => {
  it('is found by its hash once it was kept, and is for this user alone', async () => {
    await using draft = await blobs.receive(chunks('one ', 'two'), { maxBytes: 7 });
    expect(draft).toMatchObject({ sha256: shaOf('one two'), bytes: 7, start: Buffer.from('one two') });
    expect(await read('one two')).toBeUndefined();
    expect(await blobs.keep([draft], async () => 'written')).toBe('written');
    expect(await read('one two')).toBe('one two');
    expect((await stat(placeOf('one two'))).mode & 0o777).toBe(0o600);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
  });

  it('tells what it begins with', async () => {
    const pieces = ['a'.repeat(50_000), 'b'.repeat(50_000)];
    await using draft = await blobs.receive(chunks(...pieces), { maxBytes: 100_000 });
    expect(draft.start.toString()).toBe(pieces.join('').slice(0, 65_536));
  });

  it('may be empty', async () => {
    await keep('');
    expect(await read('')).toBe('');
  });

  it('can be read in part', async () => {
    await keep('0123456789');
    const blob = await blobs.open(shaOf('0123456789'), 10);
    expect(blob && (await text(blob.stream({ start: 3, end: 5 })))).toBe('345');
  });

  it('that is kept twice lies there once', async () => {
    await keep('same');
    await Promise.all(Array.from({ length: 5 }, () => keep('same')));
    expect(await allFiles()).toEqual([shaOf('same')]);
    expect(await read('same')).toBe('same');
  });

  it('that is damaged is not given out, and is replaced when it comes again', async () => {
    await keep('whole');
    await truncate(placeOf('whole'), 2);
    expect(await read('whole')).toBeUndefined();
    await keep('whole');
    expect(await read('whole')).toBe('whole');
    expect(await allFiles()).toEqual([shaOf('whole')]);
  });

  it.each(['../../etc/passwd', 'drafts', '', 'A'.repeat(64)])('is not found by %j', async (name) => {
    expect(await blobs.open(name, 0)).toBeUndefined();
  });
});

describe('nothing stays', () => {
  it('of content that is larger than allowed', async () => {
    const receiving = blobs.receive(chunks('0123', '4567', '89'), { maxBytes: 9 });
    await expect(receiving).rejects.toMatchObject({ name: 'StorageError', code: 'file_too_large' });
    expect(await allFiles()).toEqual([]);
  });

  it('of content whose source fails', async () => {
    const receiving = blobs.receive(failing(new Error('gone'), 'some'), { maxBytes: 9 });
    await expect(receiving).rejects.toThrow('gone');
    expect(await allFiles()).toEqual([]);
  });

  it('where the disk is full, which is told', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const receiving = blobs.receive(failing(full, 'some'), { maxBytes: 9 });
    await expect(receiving).rejects.toMatchObject({ name: 'StorageError', code: 'disk_full' });
    expect(await allFiles()).toEqual([]);
  });

  it('of a draft that is not kept', async () => {
    {
      await using _draft = await blobs.receive(chunks('unwanted'), { maxBytes: 9 });
    }
    expect(await allFiles()).toEqual([]);
  });
});

describe('a sweep', () => {
  it('removes old content that nobody refers to, and no other', async () => {
    await Promise.all(['old', 'referenced', 'new'].map(keep));
    await Promise.all(['old', 'referenced'].map((content) => age(placeOf(content))));
    expect(await sweep(shaOf('referenced'))).toBe(1);
    expect(await read('old')).toBeUndefined();
    expect(await read('referenced')).toBe('referenced');
    expect(await read('new')).toBe('new');
    expect(await sweep(shaOf('referenced'))).toBe(0);
  });

  it('removes drafts that a crash has left, and not those in the making', async () => {
    await blobs.receive(chunks('left'), { maxBytes: 9 });
    const [left = ''] = await allFiles();
    await age(path.join(root, 'drafts', left));
    await using draft = await blobs.receive(chunks('making'), { maxBytes: 9 });
    await sweep();
    await blobs.keep([draft], async () => {});
    expect(await read('making')).toBe('making');
    expect(await allFiles()).not.toContain(left);
  });

  it('removes content whose reference was never written', async () => {
    await using draft = await blobs.receive(chunks('lonely'), { maxBytes: 9 });
    const keeping = blobs.keep([draft], async () => {
      throw new Error('no database');
    });
    await expect(keeping).rejects.toThrow('no database');
    await age(placeOf('lonely'));
    expect(await sweep()).toBe(1);
  });

  it('takes nothing that is kept anew at the same time, whichever comes first', async () => {
    await keep('again');
    // The reference is written while the sweep knows of none.
    for (const moment of ['before it looks', 'after it has looked']) {
      await age(placeOf('again'));
      await using draft = await blobs.receive(chunks('again'), { maxBytes: 9 });
      const sweeping = (refer: () => Promise<void>): Promise<number> =>
        blobs.sweep({
          referenced: async () => {
            await refer();
            return new Set();
          },
          graceMs: 60_000,
          now: Date.now(),
        });
      if (moment === 'before it looks') await sweeping(() => blobs.keep([draft], async () => {}));
      else {
        await blobs.keep([draft], async () => {
          await age(placeOf('again'));
          expect(await sweeping(async () => {})).toBe(1);
        });
      }
      expect(await read('again'), moment).toBe('again');
    }
  });

  it('has nothing to do where nothing was ever kept', async () => {
    expect(await sweep()).toBe(0);
  });
});
