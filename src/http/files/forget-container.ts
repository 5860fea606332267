import type { StoredContainer } from '../../storage/index.ts';
import type { FileServices } from './file-services.ts';

/**
 * Deletes a container with the files that are kept of it. Its workspace goes too where a client made it with the
 * container; the owner's usual one stays, since runs without any container work in it.
 */
export async function forgetContainer(
  container: StoredContainer,
  { containers, workspaces }: Pick<FileServices, 'containers' | 'workspaces'>,
): Promise<void> {
  if (container.workspaceId === container.id) await workspaces.removeWorkspace(container);
  await containers.delete(container.owner, container.id);
}
