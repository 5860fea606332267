import path from 'node:path';
import {
  BlobStore,
  ContainerFileStore,
  ContainerStore,
  type Database,
  FileStore,
  findReferencedBlobs,
} from '../../storage/index.ts';
import { createFileLinks } from './file-links.ts';
import type { FileServices } from './file-services.ts';

export interface FileParts extends Pick<FileServices, 'workspaces' | 'maxBytes' | 'logger'> {
  readonly database: Pick<Database, 'kysely'>;
  /** Absolute; contents are kept in `files` below it. Servers that share a database must share it too. */
  readonly dataDir: string;
  /** Of the server: links are sealed by it. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export function createFileServices(parts: FileParts): FileServices {
  const { database, dataDir, secret, workspaces, maxBytes, logger, now = Date.now } = parts;
  return {
    files: new FileStore(database, now),
    containers: new ContainerStore(database, now),
    containerFiles: new ContainerFileStore(database, now),
    blobs: new BlobStore(path.join(dataDir, 'files')),
    referencedBlobs: (sha256s) => findReferencedBlobs(database.kysely, sha256s),
    workspaces,
    links: createFileLinks(secret, { now }),
    maxBytes,
    logger,
  };
}
