import type { Database as SqliteFile } from 'better-sqlite3';
import { DEFAULT_MIGRATION_TABLE } from 'kysely';

/** Whose a SQLite file is; `original`: of the project that this one succeeds. */
export type FileOrigin = 'empty' | 'ours' | 'original' | 'foreign';

/** Columns that tell the original's tables from ours of the same names. */
const originalColumns: Readonly<Record<string, readonly string[]>> = {
  api_keys: ['id', 'key', 'is_active', 'usage_count'],
  request_logs: ['id', 'timestamp', 'status_code', 'response_time'],
  webui_users: ['id', 'username', 'password_hash', 'is_active'],
};

/** Reads only. */
export function identifyFile(file: SqliteFile): FileOrigin {
  const tables = tablesOf(file);
  if (tables.length === 0) return 'empty';
  if (tables.includes(DEFAULT_MIGRATION_TABLE)) return 'ours';
  const isOriginal = Object.entries(originalColumns).every(([table, wanted]) => {
    const columns = columnsOf(file, table);
    return wanted.every((column) => columns.has(column));
  });
  return isOriginal ? 'original' : 'foreign';
}

/** By name. */
export function tablesOf(file: SqliteFile): string[] {
  return file
    .prepare<[], { name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name",
    )
    .all()
    .map(({ name }) => name);
}

function columnsOf(file: SqliteFile, table: string): ReadonlySet<string> {
  const columns = file
    .prepare<[string], { name: string }>('select name from pragma_table_info(?)')
    .all(table);
  return new Set(columns.map(({ name }) => name));
}
