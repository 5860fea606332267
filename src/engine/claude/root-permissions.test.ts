import { expect, test } from 'vitest';
import { refusalAsRoot, sandboxVariables } from './root-permissions.ts';

const root = {
  variables: {},
  permissionMode: 'bypassPermissions',
  isRoot: true,
  inContainer: false,
} as const;

test('root outside of a sandbox is told the three ways out', () => {
  for (const way of ['another user', 'IS_SANDBOX=1', 'PERMISSION_MODE=acceptEdits'])
    expect(refusalAsRoot(root)).toContain(way);
});

test('no other user, mode or declared sandbox is refused', () => {
  expect(refusalAsRoot({ ...root, isRoot: false })).toBeUndefined();
  expect(refusalAsRoot({ ...root, permissionMode: 'acceptEdits' })).toBeUndefined();
  expect(refusalAsRoot({ ...root, variables: { IS_SANDBOX: '1' } })).toBeUndefined();
  expect(refusalAsRoot({ ...root, variables: { IS_SANDBOX: '0' } })).toBeDefined();
});

test('a container counts as a sandbox, unless its owner says otherwise', () => {
  expect(sandboxVariables({ ...root, inContainer: true })).toEqual({ IS_SANDBOX: '1' });
  expect(sandboxVariables({ ...root, inContainer: true, variables: { IS_SANDBOX: '0' } })).toEqual({});
  expect(sandboxVariables({ ...root, variables: { IS_SANDBOX: 'yes' } })).toEqual({ IS_SANDBOX: '1' });
  expect(sandboxVariables(root)).toEqual({});
  expect(sandboxVariables({ ...root, inContainer: true, isRoot: false })).toEqual({});
});
