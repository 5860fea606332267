import { mayUseWorkspace } from '../../access/index.ts';
import type { StoredContainer, StoredContainerFile } from '../../storage/index.ts';
import type { Caller } from '../authenticator.ts';
import { containerFileNotFound, containerNotFound } from './file-answers.ts';
import type { FileServices } from './file-services.ts';

/**
 * Rejects with a 404 WireError where the caller has no such container, or may not use its workspace any more. `param`: where
 * the id stands in the request's body.
 */
export async function findContainer(
  { owner, key }: Caller,
  id: string,
  { containers }: Pick<FileServices, 'containers'>,
  param?: string,
): Promise<StoredContainer> {
  const container = await containers.get(owner, id);
  if (container === null || !mayUseWorkspace(key, container.workspaceId)) throw containerNotFound(id, param);
  return container;
}

/** Rejects with a 404 WireError where the caller has no such container, or it no such file. */
export async function findContainerFile(
  caller: Caller,
  { id, fileId }: { readonly id: string; readonly fileId: string },
  services: Pick<FileServices, 'containers' | 'containerFiles'>,
): Promise<{ readonly container: StoredContainer; readonly file: StoredContainerFile }> {
  const container = await findContainer(caller, id, services);
  const file = await services.containerFiles.get(caller.owner, fileId);
  if (file?.containerId !== id) throw containerFileNotFound(fileId, id);
  return { container, file };
}
