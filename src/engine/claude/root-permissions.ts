import { existsSync } from 'node:fs';
import type { PermissionMode } from '../../turn/index.ts';

interface Circumstances {
  readonly variables: Readonly<Record<string, string>>;
  readonly permissionMode: PermissionMode;
  readonly isRoot?: boolean;
  readonly inContainer?: boolean;
}

/**
 * Claude Code does not bypass permissions as root, unless `IS_SANDBOX` is just `1`. This is what to add to its
 * environment: other ways of saying yes mean the same, and a container is a sandbox unless its owner says otherwise.
 */
export function sandboxVariables({
  variables,
  isRoot = process.getuid?.() === 0,
  inContainer = isContainer(),
}: Circumstances): Readonly<Record<string, string>> {
  const said = variables['IS_SANDBOX'];
  const isSandbox = said === undefined ? inContainer : isOn(said);
  return isRoot && isSandbox ? { IS_SANDBOX: '1' } : {};
}

/** Why Claude Code will refuse to start, and what to do about it; undefined if it will not. */
export function refusalAsRoot({
  variables,
  permissionMode,
  isRoot = process.getuid?.() === 0,
}: Circumstances): string | undefined {
  if (!isRoot || permissionMode !== 'bypassPermissions' || isOn(variables['IS_SANDBOX'])) return undefined;
  return (
    'Claude Code does not work without permission checks as root. Run the server as another user; ' +
    'or set IS_SANDBOX=1, if this machine is a sandbox in which the agent may do anything; ' +
    'or set PERMISSION_MODE=acceptEdits, which lets it edit files but not run every command.'
  );
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase());
}

function isContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}
