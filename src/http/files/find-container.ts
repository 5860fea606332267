import type { StoredContainer, StoredContainerFile } from '../../storage/index.ts';
import { containerFileNotFound, containerNotFound } from './file-answers.ts';
import type { FileServices } from './file-services.ts';

/** Rejects with a 404 WireError where the owner has no such container. */
export async function findContainer(
  owner: string,
  id: string,
  { containers }: Pick<FileServices, 'containers'>,
): Promise<StoredContainer> {
  const container = await containers.get(owner, id);
  if (container === null) throw containerNotFound(id);
  return container;
}

/** Rejects with a 404 WireError where the owner has no such container, or it no such file. */
export async function findContainerFile(
  owner: string,
  { id, fileId }: { readonly id: string; readonly fileId: string },
  services: Pick<FileServices, 'containers' | 'containerFiles'>,
): Promise<{ readonly container: StoredContainer; readonly file: StoredContainerFile }> {
  const container = await findContainer(owner, id, services);
  const file = await services.containerFiles.get(owner, fileId);
  if (file?.containerId !== id) throw containerFileNotFound(fileId, id);
  return { container, file };
}
