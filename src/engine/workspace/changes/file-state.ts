/** What tells one state of a file from another, as the file system says. Times are in milliseconds since 1970. */
export interface FileStamp {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** NaN: the file was written so shortly before we looked that a later change may carry the same time. */
  readonly ctimeMs: number;
  /** 0 where the file system does not know. */
  readonly birthtimeMs: number;
}

export interface KnownContent {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly isText: boolean;
  /** The whole text of a file of moderate size. */
  readonly text?: string;
}

/** One state of a regular file; the content where it was read at that time. */
export interface FileState {
  readonly stamp: FileStamp;
  readonly content?: KnownContent;
}

/** A path that has another content, or another file, than before. */
export interface PathChange {
  /** Relative to the workspace; see `nameOf`. */
  readonly path: string;
  /** Absent: there was no file. */
  readonly before?: FileState;
  /** Absent: there is no file any more. */
  readonly after?: FileState;
}

/** Whether both are the same file, whatever was written to it. The number of a removed file may be given to a new one. */
export function isSameFile(one: FileStamp, other: FileStamp): boolean {
  if (one.ino !== other.ino) return false;
  if (one.birthtimeMs > 0 && one.birthtimeMs === other.birthtimeMs) return true;
  return one.size === other.size && one.mtimeMs === other.mtimeMs;
}

/**
 * Whether the content is the same. Where it was not read both times, the stamps decide: a change of
 * the change time alone (permissions, owner, links) is no change of the content.
 */
export function isSameContent(before: FileState, after: FileState): boolean {
  const [one, other] = [before.stamp, after.stamp];
  if (one.size !== other.size) return false;
  if (before.content !== undefined && after.content !== undefined)
    return before.content.sha256 === after.content.sha256;
  return one.ino === other.ino && one.mtimeMs === other.mtimeMs;
}
