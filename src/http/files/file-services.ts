import type { Logger } from 'pino';
import type { BlobStore, ContainerFileStore, ContainerStore, FileStore } from '../../storage/index.ts';
import type { FileLinks } from './file-links.ts';
import type { WorkspaceAccess } from './workspace-access.ts';

/** What all that keeps files needs. */
export interface FileServices {
  readonly files: FileStore;
  readonly containers: ContainerStore;
  readonly containerFiles: ContainerFileStore;
  readonly blobs: BlobStore;
  /** Which of these contents a file still has. */
  readonly referencedBlobs: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly workspaces: WorkspaceAccess;
  readonly links: FileLinks;
  /** Of one file, at this moment. */
  readonly maxBytes: () => number;
  readonly logger: Logger;
}
