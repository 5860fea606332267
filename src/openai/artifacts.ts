import type { FileChange, FilesChanged } from '../turn/index.ts';

/** A file that the agent made or changed, as programs are told of it. Every key is always there. */
export interface Artifact {
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  /** Of a renamed file. */
  readonly previous_path: string | null;
  readonly operation: FileChange['operation'];
  /** Bytes; null for a deleted file, as are the next two. */
  readonly size: number | null;
  readonly media_type: string | null;
  /** Hexadecimal. */
  readonly sha256: string | null;
  /** Null where the content was not kept, as are the next two. */
  readonly file_id: string | null;
  readonly container_id: string | null;
  readonly url: string | null;
  /** Unified; null for what is no text, and where it would be too long. */
  readonly diff: string | null;
  /** False: it may be the work of another run in the same workspace. */
  readonly certain: boolean;
}

/** Where the client finds a file's content; undefined where it was not kept. */
export type FileLink = (change: FileChange) => string | undefined;

export function encodeArtifacts(files: FilesChanged, link: FileLink = () => undefined): Artifact[] {
  return files.changes.map((change) => ({
    path: change.path,
    previous_path: change.previousPath ?? null,
    operation: change.operation,
    size: change.content?.size ?? null,
    media_type: change.content?.mediaType ?? null,
    sha256: change.content?.sha256 ?? null,
    file_id: change.fileId ?? null,
    container_id: change.fileId === undefined ? null : (files.containerId ?? null),
    url: change.content === undefined ? null : (link(change) ?? null),
    diff: change.diff ?? null,
    certain: files.certain,
  }));
}
