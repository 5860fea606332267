/** The workspace of those who ask without a key. */
export const sharedWorkspaceId = 'shared';

const directoryPrefix = 'directory-';

/** The workspace of this name, which several owners may have. */
export function directoryWorkspaceId(name: string): string {
  return directoryPrefix + name;
}

/** The name in the id of a named workspace; undefined for any other. */
export function directoryNameOf(workspaceId: string): string | undefined {
  return workspaceId.startsWith(directoryPrefix) ? workspaceId.slice(directoryPrefix.length) : undefined;
}
