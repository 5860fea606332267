import { expect, test } from 'vitest';
import type { WorkspaceEntry } from '../../../../src/contract/index.ts';
import { filterWorkspaces } from './filter-workspaces.ts';

const base: WorkspaceEntry = {
  id: 'w1',
  kind: 'key',
  name: 'CI runner',
  owner: 'key_1',
  keyId: 'key_1',
  keyName: 'ci',
  files: 3,
  bytes: 100,
  truncated: false,
  lastUsedAt: null,
};

test('workspaces are found by name, key and kind', () => {
  const all = [
    base,
    { ...base, id: 'w2', kind: 'shared' as const, name: 'Shared', keyName: null, keyId: null, owner: null },
  ];
  expect(filterWorkspaces(all, { text: 'ci RUN' }).map(({ id }) => id)).toEqual(['w1']);
  expect(filterWorkspaces(all, { text: 'key_1' }).map(({ id }) => id)).toEqual(['w1']);
  expect(filterWorkspaces(all, { kind: 'shared' }).map(({ id }) => id)).toEqual(['w2']);
  expect(filterWorkspaces(all, {})).toHaveLength(2);
});
