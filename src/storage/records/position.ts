import { StorageError } from '../storage-error.ts';

/** A place in the order of records, which is by time and then by the row's id. Between two rows there is none. */
export interface Position {
  readonly at: number;
  readonly id: number;
}

/** Before the first record of this time. */
export function startOfTime(at: number): Position {
  return { at, id: 0 };
}

export function isBefore(a: Position, b: Position): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

export function toCursor({ at, id }: Position): string {
  return `${at}.${id}`;
}

/** @throws {StorageError} `bad_cursor` where it is none of ours. */
export function fromCursor(cursor: string): Position {
  const [, at, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) {
    throw new StorageError('bad_cursor', 'The cursor is none that this server gave out');
  }
  return { at: Number(at), id: Number(id) };
}
