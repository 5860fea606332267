import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { StoredContainer, StoredContainerFile } from '../../storage/index.ts';
import type { FileServices } from './file-services.ts';

/** Removes a file of a container from its workspace, unless it is another there by now. */
export async function removeFromWorkspace(
  container: StoredContainer,
  { path, bytes, sha256 }: StoredContainerFile,
  { workspaces }: Pick<FileServices, 'workspaces'>,
): Promise<void> {
  const there = await workspaces.open(container, path);
  if (there === undefined) return;
  await using open = there;
  if (open.size !== bytes || (await hashOf(open.stream())) !== sha256) return;
  await workspaces.remove(container, path);
}

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
