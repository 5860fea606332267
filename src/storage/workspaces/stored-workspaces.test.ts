import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { ContainerStore } from '../files/container-store.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { ConversationWorkspaces } from './conversation-workspaces.ts';
import { listStoredWorkspaces } from './stored-workspaces.ts';

describe.each(testDatabases)('the workspaces that $kind knows', ({ create }) => {
  const test = new TwoServers(create);

  it('are those of conversations, used last first and each once, and containers by their names', async () => {
    const containers = new ContainerStore(test.database);
    const times = { createdAt: 1, lastActiveAt: 1, expiresAfterMinutes: null };
    await containers.create({ id: 'cntr_1', owner: 'ann', workspaceId: 'cntr_1', name: 'mine', ...times });
    const workspaces = new ConversationWorkspaces(test.database, () => test.now);
    await workspaces.save('bob', ['a', 'b'], 'conversation-1');
    test.now += 1;
    await workspaces.save('ann', ['a'], 'conversation-2');
    test.now += 1;
    await workspaces.save('bob', ['c'], 'conversation-1');
    expect(await listStoredWorkspaces(test.database)).toEqual([
      { owner: 'bob', workspaceId: 'conversation-1' },
      { owner: 'ann', workspaceId: 'conversation-2' },
      { owner: 'ann', workspaceId: 'cntr_1', name: 'mine' },
    ]);
  });
});
