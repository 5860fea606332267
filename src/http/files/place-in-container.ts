import { badRequest } from '../../openai/index.ts';
import type { StoredContainer, StoredContainerFile } from '../../storage/index.ts';
import { newId } from '../new-id.ts';
import type { FileServices } from './file-services.ts';
import { contentGone } from './send-file.ts';

/** A content that is kept, and what to call it. */
export interface PlacedContent {
  /** For people: no path. */
  readonly filename: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly sha256: string;
}

/**
 * Puts a client's file into the workspace of a container, at its top; a file of the same name is replaced. Rejects
 * with a WireError where that cannot be.
 */
export async function placeInContainer(
  container: StoredContainer,
  content: PlacedContent,
  { blobs, workspaces, containerFiles }: FileServices,
): Promise<StoredContainerFile> {
  const { filename: path, sha256, bytes, mediaType } = content;
  const blob = await blobs.open(sha256, bytes);
  if (blob === undefined) throw contentGone(path);
  const stream = blob.stream();
  try {
    if (!(await workspaces.write(container, path, stream, { replace: true, bytes })))
      throw cannotBePlaced(path);
  } finally {
    stream.destroy();
  }
  const id = newId('cfile_');
  const file = { id, path, bytes, mediaType, sha256, runId: null, source: 'user' } as const;
  const containerId = await containerFiles.record({ container, files: [file], gone: [] });
  return {
    ...file,
    containerId: containerId ?? container.id,
    owner: container.owner,
    createdAt: Date.now(),
    superseded: false,
  };
}

function cannotBePlaced(path: string) {
  return badRequest(
    `Invalid 'file': nothing can be put at ${JSON.stringify(path)} in the container.`,
    'file',
    'invalid_value',
  );
}
