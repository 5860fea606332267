import type { Readable } from 'node:stream';
import { zipFiles } from '../../engine/index.ts';
import type { BlobStore, StoredContainerFile } from '../../storage/index.ts';

/** A zip archive of kept files; what is not on this server any more is left out. */
export function zipKept(files: readonly StoredContainerFile[], blobs: Pick<BlobStore, 'open'>): Readable {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return zipFiles([...byPath.values()], async (path) => {
    const file = byPath.get(path);
    const blob = file && (await blobs.open(file.sha256, file.bytes));
    if (file === undefined || blob === undefined) return undefined;
    return { modifiedAt: new Date(file.createdAt), executable: false, stream: () => blob.stream() };
  });
}
