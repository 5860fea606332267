import type { Database as SqliteFile } from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, SqliteDialect, SqliteDriver } from 'kysely';
import { rememberStatements } from '../remember-statements.ts';

/**
 * Kysely over a file in whose transaction everything happens that is done by it: what would be a transaction is a
 * part of that one. Kysely's own must not be closed.
 */
export class NestedSqliteDialect extends SqliteDialect {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    super({ database: file });
    this.#file = file;
  }

  override createDriver() {
    return new NestedSqliteDriver({ database: rememberStatements(this.#file) });
  }
}

class NestedSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('savepoint part'));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('release part'));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback to part'));
    await connection.executeQuery(CompiledQuery.raw('release part'));
  }
}
