import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { outlastLocks } from './outlast-locks.ts';

/**
 * A connection that waits where the file is locked, while the rest of this process goes on. A statement that
 * met a lock had no effect, so it can be tried again; inside a transaction, which holds the write lock, none does.
 */
export class PatientSqliteConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return outlastLocks(() => this.#connection.executeQuery<Row>(query));
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery<Row>(query, chunkSize);
  }
}
