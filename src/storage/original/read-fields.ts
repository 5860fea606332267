import { createHash } from 'node:crypto';

/** A row of the original's; whoever wrote to the file by hand may have put anything into any column. */
export type OriginalRow = Readonly<Record<string, unknown>>;

/** A text that is not empty; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Milliseconds since 1970 of an ISO time; undefined for what is none, and for what lies before 1970.
 * SQLite's own form, without a zone, is in UTC.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  const time = Date.parse(/^[\d-]{10} [\d:.]+$/.test(value) ? `${value.replace(' ', 'T')}Z` : value);
  return time >= 0 ? time : undefined;
}

/** As `timeOf`, of what has happened: not in the future, give or take clocks that are wrong. */
export function pastTimeOf(value: unknown, now: number): number | undefined {
  const time = timeOf(value);
  return time !== undefined && time <= now + dayMs ? time : undefined;
}

/** SQLite knows no booleans. */
export function flagOf(value: unknown): boolean {
  return value === 1 || value === '1' || value === 'true';
}

/** A whole number from 0 on; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** What a text says as JSON; itself where it is none. */
export function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** One line, without control characters, of at most so many. */
export function lineOf(value: unknown, most: number): string {
  const line = (textOf(value) ?? '').slice(0, most * 2);
  return line
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();
}

/**
 * An id of ours for one of the original's, always the same: so the records of a key that was deleted there still
 * belong together.
 */
export function idFor(prefix: string, originalId: string): string {
  const digits = originalId.toLowerCase().replaceAll('-', '');
  const isUuid = /^[0-9a-f]{32}$/.test(digits);
  return prefix + (isUuid ? digits : createHash('sha256').update(originalId).digest('hex').slice(0, 32));
}
