import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabases } from '../../../test/support/test-databases.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { ConversationWorkspaces } from './conversation-workspaces.ts';

describe.each(testDatabases)('the workspaces of conversations in $kind', ({ create }) => {
  let place: TestDatabase;
  let database: Database;
  let now = 1000;
  let workspaces: ConversationWorkspaces;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.url);
    workspaces = new ConversationWorkspaces(database, () => now);
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('conversation_workspaces').execute();
    now = 1000;
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  it('are found by the first mark that has one, also among many', async () => {
    await workspaces.save('ann', ['a', 'b', 'a'], 'w1');
    await workspaces.save('ann', ['c'], 'w2');
    expect(await workspaces.find('ann', ['x', 'c', 'a'])).toBe('w2');
    const others = Array.from({ length: 3_000 }, (_, index) => `x${index}`);
    expect(await workspaces.find('ann', [...others, 'b', 'c'])).toBe('w1');
    expect(await workspaces.find('ann', others)).toBeNull();
  });

  it('are found by their owner alone', async () => {
    await workspaces.save('ann', ['a'], 'w1');
    expect(await workspaces.find('bob', ['a'])).toBeNull();
    await workspaces.save('bob', ['a'], 'w2');
    expect(await workspaces.find('ann', ['a'])).toBe('w1');
  });

  it('are replaced by later ones of the same mark, and forgotten when that was long ago', async () => {
    await workspaces.save('ann', ['a', 'b'], 'w1');
    now = 2000;
    await workspaces.save('ann', ['a'], 'w2');
    expect(await workspaces.deleteIdleSince(new Date(2000))).toBe(1);
    expect(await workspaces.find('ann', ['b'])).toBeNull();
    expect(await workspaces.find('ann', ['a'])).toBe('w2');
  });
});
