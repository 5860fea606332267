/** Why storage failed. */
export type StorageErrorCode =
  /** The database cannot be reached, opened or signed in to; or the connection to it broke. */
  | 'unreachable'
  /** The database was written by a newer version of this program. */
  | 'newer_database'
  /** Bringing the schema up to date failed. */
  | 'migration_failed'
  /** A SQLite file that another program made. */
  | 'foreign_database'
  /** A SQLite file of the original project, which is not upgraded here. */
  | 'original_database'
  /** A SQLite file that has to be upgraded is broken. */
  | 'damaged_database'
  /** No such session, or it belongs to another owner. */
  | 'unknown_session'
  /** No such response, or it was deleted, or it belongs to another owner. */
  | 'unknown_response'
  /** No such conversation, or it belongs to another owner. */
  | 'unknown_conversation'
  /** The list that is paged through has no item of the cursor's id. */
  | 'unknown_item'
  /** The cursor of a page is none that was given out. */
  | 'bad_cursor'
  /** The same item id stands twice in one list. */
  | 'duplicate_item'
  /** A file is larger than files may be. */
  | 'file_too_large'
  /** There is no room left for a file. */
  | 'disk_full';

/** A failure of storage that has a name. Its message never holds a password. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** A driver's error in one line. Node's error for a host with several addresses has no message, only a code. */
export function describeDriverError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
