import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** So many texts are remembered; the server's own are fewer. */
const mostStatements = 500;

/**
 * A SQLite file that prepares each text once: preparing takes longer than most statements themselves. The least
 * recently used are forgotten.
 */
export function rememberStatements(file: SqliteDatabase): SqliteDatabase {
  const known = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      const statement = known.get(text) ?? file.prepare(text);
      known.delete(text);
      known.set(text, statement);
      const [oldest] = known.keys();
      if (known.size > mostStatements && oldest !== undefined) known.delete(oldest);
      return statement;
    },
    close: () => file.close(),
  };
}
