/** One file of the workspace that a run left otherwise than it found it. */
export interface FileChange {
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  readonly operation: 'created' | 'modified' | 'deleted' | 'renamed';
  /** Of a renamed file. */
  readonly previousPath?: string;
  /** What is there now; absent for a deleted file. */
  readonly content?: FileContent;
  /** A unified diff, for text; absent where it would be too long, and for what is no text. */
  readonly diff?: string;
  /** By which the file can be had from this server as it was after the run; absent where it was not kept. */
  readonly fileId?: string;
}

export interface FileContent {
  /** Bytes. */
  readonly size: number;
  /** By its name, and for text by its content. */
  readonly mediaType: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** The whole text, for text files of moderate size. */
  readonly text?: string;
}

/** What a run did to its workspace; comes once, right before the terminal event, if it changed anything. */
export interface FilesChanged {
  readonly type: 'files';
  /** The workspace's name in this server, without a path. */
  readonly workspaceId: string;
  /** By path. Renames count once. */
  readonly changes: readonly FileChange[];
  /** Further files that changed and are not told, since there are so many. */
  readonly omitted: number;
  /** False: another run's commands ran at the same time, so that some of it may be the other's work. */
  readonly certain: boolean;
  /** The container of the files, where they were kept. */
  readonly containerId?: string;
}
