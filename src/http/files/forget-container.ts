import type { StoredContainer } from '../../storage/index.ts';
import type { FileServices } from './file-services.ts';

/**
 * Deletes a container with the files that are kept of it. Its workspace goes too where a client made it with the
 * container; the owner's usual one stays, since runs without any container work in it. False, and nothing is done, while
 * somebody is at work in a workspace that has to go.
 */
export async function forgetContainer(
  container: StoredContainer,
  { containers, workspaces }: Pick<FileServices, 'containers' | 'workspaces'>,
): Promise<boolean> {
  const isOwn = container.workspaceId === container.id;
  if (isOwn && !(await workspaces.removeWorkspace(container))) return false;
  await containers.delete(container.owner, container.id);
  return true;
}
