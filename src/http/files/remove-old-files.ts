import type { FileServices } from './file-services.ts';
import { forgetContainer } from './forget-container.ts';

/** Contents that nobody refers to yet may be about to be: an upload of one form, a run's files. */
const graceMs = 60 * 60 * 1000;
const containersPerBatch = 100;

export interface RemovedFiles {
  /** Uploaded files, and files of containers. */
  readonly files: number;
  readonly containers: number;
  /** Contents, from the disk. */
  readonly contents: number;
}

/**
 * Deletes what has expired or is older than files are kept, then the contents that nothing refers to any more.
 * `retentionMs` absent: files stay until they expire or are deleted.
 */
export async function removeOldFiles(
  services: Pick<
    FileServices,
    'files' | 'containers' | 'containerFiles' | 'workspaces' | 'blobs' | 'referencedBlobs'
  >,
  { now, retentionMs }: { readonly now: number; readonly retentionMs: number | undefined },
): Promise<RemovedFiles> {
  const { files, containerFiles, blobs, referencedBlobs } = services;
  let removed = await files.removeExpired();
  if (retentionMs !== undefined) {
    removed += await files.removeOlderThan(now - retentionMs);
    removed += await containerFiles.removeOlderThan(now - retentionMs);
  }
  const containers = await removeExpiredContainers(services);
  const contents = await blobs.sweep({ referenced: referencedBlobs, graceMs, now });
  return { files: removed, containers, contents };
}

async function removeExpiredContainers(
  services: Pick<FileServices, 'containers' | 'workspaces'>,
): Promise<number> {
  for (let removed = 0; ; ) {
    const expired = await services.containers.expired(containersPerBatch);
    const before = removed;
    for (const container of expired) if (await forgetContainer(container, services)) removed++;
    // What is in use expires the next time.
    if (expired.length < containersPerBatch || removed === before) return removed;
  }
}
