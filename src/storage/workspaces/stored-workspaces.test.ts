import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { ContainerStore } from '../files/container-store.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { ConversationWorkspaces } from './conversation-workspaces.ts';
import { listStoredWorkspaces } from './stored-workspaces.ts';

describe.each(testDatabases)('the workspaces that $kind knows', ({ create }) => {
  const test = new TwoServers(create);

  it('are containers by their names, and those of conversations', async () => {
    const containers = new ContainerStore(test.database);
    const times = { createdAt: 1, lastActiveAt: 1, expiresAfterMinutes: null };
    await containers.create({ id: 'cntr_1', owner: 'ann', workspaceId: 'cntr_1', name: 'mine', ...times });
    await new ConversationWorkspaces(test.database).save('bob', ['a', 'b'], 'conversation-1');
    const conversation = { owner: 'bob', workspaceId: 'conversation-1' };
    expect(await listStoredWorkspaces(test.database)).toEqual([
      conversation,
      conversation,
      { owner: 'ann', workspaceId: 'cntr_1', name: 'mine' },
    ]);
  });
});
