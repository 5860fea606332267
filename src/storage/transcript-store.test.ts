import { randomUUID } from 'node:crypto';
import type { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabases } from '../../test/support/test-databases.ts';
import { type Database, openDatabase } from './open-database.ts';
import { StorageError } from './storage-error.ts';
import { watchQueries } from './testing/watch-queries.ts';
import { DatabaseTranscriptStore, type StoredEntry, type StoredPoint } from './transcript-store.ts';

const unknownSession = expect.objectContaining({ name: StorageError.name, code: 'unknown_session' });

describe.each(testDatabases)('the transcript store on $kind', ({ kind, create }) => {
  let place: TestDatabase;
  let database: Database;
  let store: DatabaseTranscriptStore;
  let now: number;

  beforeEach(async () => {
    place = await create();
    database = await openDatabase(place.url);
    now = Date.UTC(2026, 0, 1);
    store = new DatabaseTranscriptStore(database, () => now);
  });
  afterEach(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const entry = (uuid: string, more: Record<string, unknown> = {}): StoredEntry => ({
    type: 'user',
    uuid,
    ...more,
  });
  const uuids = (entries: readonly StoredEntry[] | null) => entries?.map(({ uuid }) => uuid);

  /** A session with one entry for each of the uuids. */
  async function session(
    owner: string,
    entryUuids: readonly string[],
    parent?: StoredPoint,
  ): Promise<string> {
    const id = randomUUID();
    await store.createSession(parent === undefined ? { id, owner } : { id, owner, parent });
    await store.appendEntries(
      id,
      entryUuids.map((uuid) => entry(uuid)),
    );
    return id;
  }

  describe('entries', () => {
    it('come back as they were', async () => {
      const id = await session('ann', []);
      const entries: StoredEntry[] = [
        entry('a', {
          message: { content: [{ text: 'Grüße, 世界 👩‍💻 "\\ \u0000 \ud800 \u2028' }] },
          none: null,
        }),
        { type: 'summary', text: 'no uuid' },
        { type: 'summary', text: 'nor here' },
        entry('b', { number: 1.5e-7, big: 2 ** 53, nested: { list: [[], {}, false] } }),
      ];
      await store.appendEntries(id, entries);
      expect(await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' })).toEqual(entries);
    });

    it('keep their order, in one call and over many', async () => {
      const id = await session('ann', []);
      // More than either database takes in one statement.
      const all = Array.from({ length: 17_100 }, (_, index) => `entry ${index}`);
      await store.appendEntries(
        id,
        all.slice(0, 17_000).map((uuid) => entry(uuid)),
      );
      for (const uuid of all.slice(17_000)) await store.appendEntries(id, [entry(uuid)]);
      expect(uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'entry 17099' }))).toEqual(all);
    });

    it('come in the order of their numbers, wherever the database has put them', async () => {
      const id = await session('ann', []);
      const rows = [2, 0, 3, 1].map((seq) => ({
        session_id: id,
        seq,
        uuid: `entry ${seq}`,
        body: JSON.stringify(entry(`entry ${seq}`)),
      }));
      for (const row of rows) await database.kysely.insertInto('transcript_entries').values(row).execute();
      const stored = uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'entry 3' }));
      expect(stored).toEqual(['entry 0', 'entry 1', 'entry 2', 'entry 3']);
    });

    it('keep the order of calls that do not wait for each other', async () => {
      const id = await session('ann', []);
      const all = Array.from({ length: 60 }, (_, index) => `entry ${index}`);
      await Promise.all(all.map((uuid) => store.appendEntries(id, [entry(uuid)])));
      expect(uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'entry 59' }))).toEqual(all);
    });

    it('may come from two servers at once', async () => {
      const id = await session('ann', ['start']);
      await using elsewhere = await openDatabase(place.url);
      const stores = [store, new DatabaseTranscriptStore(elsewhere)];
      const all = Array.from({ length: 40 }, (_, index) => `entry ${index}`);
      await Promise.all(all.map((uuid, index) => stores[index % 2]?.appendEntries(id, [entry(uuid)])));
      await store.appendEntries(id, [entry('end')]);
      const stored = uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'end' })) ?? [];
      expect(stored.toSorted()).toEqual(['start', 'end', ...all].toSorted());
    });

    it('are left as they are where they come again', async () => {
      const id = await session('ann', ['a', 'b']);
      await store.appendEntries(id, [
        entry('b', { changed: true }),
        entry('c'),
        entry('c', { changed: true }),
      ]);
      await store.appendEntries(id, [entry('a'), entry('d')]);
      expect(await store.loadEntries('ann', { sessionId: id, entryUuid: 'd' })).toEqual(
        ['a', 'b', 'c', 'd'].map((uuid) => entry(uuid)),
      );
    });

    it('may share a uuid with those of another session', async () => {
      await session('ann', ['a']);
      const other = await session('ann', ['a', 'b']);
      expect(uuids(await store.loadEntries('ann', { sessionId: other, entryUuid: 'b' }))).toEqual(['a', 'b']);
    });

    it('may be large', async () => {
      const id = await session('ann', []);
      const image = 'A'.repeat(10 * 1024 * 1024);
      await store.appendEntries(id, [entry('a', { image }), entry('b', { image })]);
      const stored = await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' });
      expect(stored?.map((one) => one['image'] === image)).toEqual([true, true]);
    });

    it('are taken as they are at the time of the call', async () => {
      const id = await session('ann', []);
      const mutable = { type: 'user', uuid: 'b', text: 'before' };
      const calls = [store.appendEntries(id, [entry('a')]), store.appendEntries(id, [mutable])];
      mutable.text = 'after';
      await Promise.all(calls);
      const stored = await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' });
      expect(stored?.[1]?.['text']).toBe('before');
    });

    it('need a session, also in the middle of others that have one', async () => {
      const id = await session('ann', []);
      const missing = randomUUID();
      const results = await Promise.allSettled([
        store.appendEntries(id, [entry('a')]),
        store.appendEntries(missing, [entry('x')]),
        store.appendEntries(id, [entry('b')]),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await expect(store.appendEntries(missing, [entry('x')])).rejects.toEqual(unknownSession);
      expect(uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' }))).toEqual(['a', 'b']);
    });
  });

  describe('loading', () => {
    it('ends at the point', async () => {
      const id = await session('ann', ['a', 'b', 'c']);
      expect(uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' }))).toEqual(['a', 'b']);
    });

    it('knows no point that is not there', async () => {
      const id = await session('ann', ['a']);
      expect(await store.loadEntries('ann', { sessionId: id, entryUuid: 'z' })).toBeNull();
      expect(await store.loadEntries('ann', { sessionId: randomUUID(), entryUuid: 'a' })).toBeNull();
    });

    it('begins with the ancestors, each up to where its child began', async () => {
      const first = await session('ann', ['a1', 'a2', 'a3', 'a4']);
      const second = await session('ann', ['b1', 'b2', 'b3'], { sessionId: first, entryUuid: 'a3' });
      const third = await session('ann', ['c1', 'c2'], { sessionId: second, entryUuid: 'b2' });
      const loaded = await store.loadEntries('ann', { sessionId: third, entryUuid: 'c1' });
      expect(uuids(loaded)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
    });

    it('keeps branches of the same session apart', async () => {
      const root = await session('ann', ['a1', 'a2', 'a3']);
      const left = await session('ann', ['l1'], { sessionId: root, entryUuid: 'a1' });
      const right = await session('ann', ['r1'], { sessionId: root, entryUuid: 'a2' });
      expect(uuids(await store.loadEntries('ann', { sessionId: left, entryUuid: 'l1' }))).toEqual([
        'a1',
        'l1',
      ]);
      expect(uuids(await store.loadEntries('ann', { sessionId: right, entryUuid: 'r1' }))).toEqual([
        'a1',
        'a2',
        'r1',
      ]);
      expect(uuids(await store.loadEntries('ann', { sessionId: root, entryUuid: 'a3' }))).toEqual([
        'a1',
        'a2',
        'a3',
      ]);
    });

    it('follows a long line of ancestors', async () => {
      let point: StoredPoint | undefined;
      for (let depth = 0; depth < 150; depth++) {
        point = { sessionId: await session('ann', [`e${depth}`, 'left out'], point), entryUuid: `e${depth}` };
      }
      if (point === undefined) throw new Error('no point');
      const loaded = await store.loadEntries('ann', point);
      expect(uuids(loaded)).toEqual(Array.from({ length: 150 }, (_, depth) => `e${depth}`));
    });

    it('gives nothing rather than a history with a gap', async () => {
      const root = await session('ann', ['a1']);
      const child = await session('ann', ['b1'], { sessionId: root, entryUuid: 'never written' });
      expect(await store.loadEntries('ann', { sessionId: child, entryUuid: 'b1' })).toBeNull();
    });

    it('counts an entry of the same uuid in the child as the child’s', async () => {
      const root = await session('ann', ['a1', 'a2']);
      const child = await session('ann', ['a1', 'b1'], { sessionId: root, entryUuid: 'a2' });
      expect(uuids(await store.loadEntries('ann', { sessionId: child, entryUuid: 'a1' }))).toEqual([
        'a1',
        'a2',
        'a1',
      ]);
    });
  });

  describe('owners', () => {
    it('do not read each other’s entries', async () => {
      const id = await session('ann', ['a']);
      expect(await store.loadEntries('bob', { sessionId: id, entryUuid: 'a' })).toBeNull();
    });

    it('do not begin sessions in each other’s', async () => {
      const id = await session('ann', ['a']);
      const parent = { sessionId: id, entryUuid: 'a' };
      await expect(store.createSession({ id: randomUUID(), owner: 'bob', parent })).rejects.toEqual(
        unknownSession,
      );
    });

    it('do not find nor save each other’s points', async () => {
      const id = await session('ann', ['a']);
      await store.savePoint('ann', 'hello', { sessionId: id, entryUuid: 'a' });
      expect(await store.findPoint('bob', ['hello'])).toBeNull();
      const saving = store.savePoint('bob', 'hello', { sessionId: id, entryUuid: 'a' });
      await expect(saving).rejects.toEqual(unknownSession);
    });

    it('each have their own point for the same fingerprint', async () => {
      const points = { ann: await session('ann', ['a']), bob: await session('bob', ['b']) };
      await store.savePoint('ann', 'hello', { sessionId: points.ann, entryUuid: 'a' });
      await store.savePoint('bob', 'hello', { sessionId: points.bob, entryUuid: 'b' });
      expect((await store.findPoint('ann', ['hello']))?.sessionId).toBe(points.ann);
      expect((await store.findPoint('bob', ['hello']))?.sessionId).toBe(points.bob);
    });
  });

  describe('sessions', () => {
    it('are announced once', async () => {
      const id = await session('ann', []);
      await expect(store.createSession({ id, owner: 'bob' })).rejects.toThrow();
    });

    it('need their parent', async () => {
      const parent = { sessionId: randomUUID(), entryUuid: 'a' };
      await expect(store.createSession({ id: randomUUID(), owner: 'ann', parent })).rejects.toEqual(
        unknownSession,
      );
    });
  });

  describe('points', () => {
    it('are found in the order of preference', async () => {
      const id = await session('ann', ['a', 'b', 'c']);
      for (const name of ['a', 'b', 'c']) {
        await store.savePoint('ann', `print ${name}`, { sessionId: id, entryUuid: name });
      }
      expect(await store.findPoint('ann', ['nowhere', 'print b', 'print c', 'print a'])).toEqual({
        fingerprint: 'print b',
        sessionId: id,
        entryUuid: 'b',
      });
      expect(await store.findPoint('ann', ['nowhere'])).toBeNull();
      expect(await store.findPoint('ann', [])).toBeNull();
    });

    it('are found behind thousands that are not there', async () => {
      const id = await session('ann', ['a']);
      await store.savePoint('ann', 'last', { sessionId: id, entryUuid: 'a' });
      const many = Array.from({ length: 3000 }, (_, index) => `missing ${index}`);
      expect((await store.findPoint('ann', [...many, 'last']))?.fingerprint).toBe('last');
    });

    it('are replaced by later ones', async () => {
      const first = await session('ann', ['a']);
      const second = await session('ann', ['b']);
      await store.savePoint('ann', 'hello', { sessionId: first, entryUuid: 'a' });
      await store.savePoint('ann', 'hello', { sessionId: second, entryUuid: 'b' });
      expect(await store.findPoint('ann', ['hello'])).toEqual({
        fingerprint: 'hello',
        sessionId: second,
        entryUuid: 'b',
      });
    });
  });

  describe('retention', () => {
    const later = (days: number) => {
      now += days * 24 * 60 * 60 * 1000;
      return new Date(now);
    };
    const count = async (table: 'transcript_sessions' | 'transcript_entries' | 'conversation_points') =>
      (
        await database.kysely
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n;

    it('forgets idle sessions with their entries and points', async () => {
      const old = await session('ann', ['a', 'b']);
      await store.savePoint('ann', 'old', { sessionId: old, entryUuid: 'b' });
      const limit = later(10);
      const fresh = await session('ann', ['c']);
      await store.savePoint('ann', 'fresh', { sessionId: fresh, entryUuid: 'c' });

      expect(await store.deleteSessionsIdleSince(limit)).toBe(1);
      expect(await store.findPoint('ann', ['old', 'fresh'])).toMatchObject({ fingerprint: 'fresh' });
      expect(await store.loadEntries('ann', { sessionId: old, entryUuid: 'b' })).toBeNull();
      expect([await count('transcript_sessions'), await count('transcript_entries')]).toEqual([1, 1]);
      expect(await count('conversation_points')).toBe(1);
      expect(await store.deleteSessionsIdleSince(limit)).toBe(0);
    });

    it('keeps a session that something was added to since', async () => {
      const id = await session('ann', ['a']);
      const limit = later(10);
      await store.appendEntries(id, [entry('b')]);
      expect(await store.deleteSessionsIdleSince(limit)).toBe(0);
      expect(uuids(await store.loadEntries('ann', { sessionId: id, entryUuid: 'b' }))).toEqual(['a', 'b']);
    });

    it('keeps the ancestors of kept sessions, and forgets the other branches', async () => {
      const root = await session('ann', ['a1', 'a2']);
      const middle = await session('ann', ['b1'], { sessionId: root, entryUuid: 'a1' });
      const deadBranch = await session('ann', ['x1'], { sessionId: root, entryUuid: 'a2' });
      await session('ann', ['y1'], { sessionId: deadBranch, entryUuid: 'x1' });
      await session('bob', ['z1']);
      const limit = later(10);
      const leaf = await session('ann', ['c1'], { sessionId: middle, entryUuid: 'b1' });
      const twin = await session('ann', ['d1'], { sessionId: middle, entryUuid: 'b1' });

      expect(await store.deleteSessionsIdleSince(limit)).toBe(3);
      expect(uuids(await store.loadEntries('ann', { sessionId: leaf, entryUuid: 'c1' }))).toEqual([
        'a1',
        'b1',
        'c1',
      ]);
      expect(uuids(await store.loadEntries('ann', { sessionId: twin, entryUuid: 'd1' }))).toEqual([
        'a1',
        'b1',
        'd1',
      ]);
      expect(await count('transcript_sessions')).toBe(4);
    });

    it('forgets a whole idle tree', async () => {
      const root = await session('ann', ['a']);
      const child = await session('ann', ['b'], { sessionId: root, entryUuid: 'a' });
      await session('ann', ['c'], { sessionId: child, entryUuid: 'b' });
      expect(await store.deleteSessionsIdleSince(later(1))).toBe(3);
      expect(await count('transcript_entries')).toBe(0);
    });

    it.runIf(kind === 'postgres')('compares all that is idle with all that is kept at once', async () => {
      const asked: CompiledQuery[] = [];
      const kysely = watchQueries(database.kysely, (query) => asked.push(query));
      await new DatabaseTranscriptStore({ kysely }).deleteSessionsIdleSince(later(1));
      const [query] = asked;
      if (query === undefined) throw new Error('nothing was asked');
      const { rows } = await database.kysely.executeQuery({ ...query, sql: `explain ${query.sql}` });
      expect(JSON.stringify(rows)).toContain('Anti Join');
    });

    it('tells an append to a forgotten session so', async () => {
      const id = await session('ann', ['a']);
      await store.deleteSessionsIdleSince(later(1));
      await expect(store.appendEntries(id, [entry('b')])).rejects.toEqual(unknownSession);
    });
  });
});
