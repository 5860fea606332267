import type { Database as SqliteFile } from 'better-sqlite3';
import { tablesOf } from './identify-file.ts';
import type { OriginalRow } from './read-fields.ts';

/** In the order in which they can be dropped: the first refers to the second. */
export const originalTables = [
  'request_logs',
  'api_keys',
  'analytics',
  'webui_users',
  'configuration',
] as const;

type OriginalTable = (typeof originalTables)[number];

/** How many rows each table has; none for one that is not there: the original made them one after the other. */
export function countOriginal(file: SqliteFile): Readonly<Record<OriginalTable, number>> {
  const there = new Set(tablesOf(file));
  const count = (table: OriginalTable): number =>
    there.has(table)
      ? (file.prepare<[], { n: number }>(`select count(*) as n from ${table}`).get()?.n ?? 0)
      : 0;
  return {
    request_logs: count('request_logs'),
    api_keys: count('api_keys'),
    analytics: count('analytics'),
    webui_users: count('webui_users'),
    configuration: count('configuration'),
  };
}

/** Row after row as they were written, each with its number as `row`: bodies may be large. */
export function readOriginal(file: SqliteFile, table: OriginalTable): Iterable<OriginalRow> {
  if (!tablesOf(file).includes(table)) return [];
  return file.prepare<[], OriginalRow>(`select rowid as row, * from ${table} order by rowid`).iterate();
}
