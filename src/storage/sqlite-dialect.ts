import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import { PatientSqliteConnection } from './patient-sqlite-connection.ts';
import { rememberStatements } from './remember-statements.ts';

/** How long the settings at opening may wait for another process, in milliseconds. */
const openTimeoutMs = 5000;

/**
 * Opens a SQLite file for Kysely. It and its folder are made where they are missing, readable for this user alone.
 * The client is the file itself.
 */
export async function createSqliteDialect(path: string): Promise<{ dialect: SqliteDialect; client: object }> {
  const { default: SqliteDatabase } = await import('better-sqlite3');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const database = new SqliteDatabase(path, { timeout: openTimeoutMs });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    // SQLite's own waiting would hold up this whole process; PatientSqliteConnection waits without.
    database.pragma('busy_timeout = 0');
  } catch (error) {
    database.close();
    throw error;
  }
  const dialect = new SharedSqliteDialect(
    { database: rememberStatements(database) },
    () => database.inTransaction,
  );
  return { dialect, client: database };
}

type SqliteConfig = ConstructorParameters<typeof SqliteDialect>[0];

/** Kysely's dialect for a file that other processes write to as well. */
class SharedSqliteDialect extends SqliteDialect {
  readonly #config: SqliteConfig;
  readonly #inTransaction: () => boolean;

  constructor(config: SqliteConfig, inTransaction: () => boolean) {
    super(config);
    this.#config = config;
    this.#inTransaction = inTransaction;
  }

  override createDriver() {
    return new SharedSqliteDriver(this.#config, this.#inTransaction);
  }

  override createAdapter() {
    return new TransactionalDdlSqliteAdapter();
  }
}

class SharedSqliteDriver extends SqliteDriver {
  readonly #inTransaction: () => boolean;
  #connection: PatientSqliteConnection | undefined;

  constructor(config: SqliteConfig, inTransaction: () => boolean) {
    super(config);
    this.#inTransaction = inTransaction;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    // The driver has one connection, which it hands to one user after the other.
    const connection = await super.acquireConnection();
    this.#connection ??= new PatientSqliteConnection(connection);
    return this.#connection;
  }

  /**
   * Takes the write lock at once: a transaction that begins by reading fails where another process wrote
   * before its own first write.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /**
   * Where a disk is full, SQLite has ended the transaction by itself; a second end would fail and hide what was wrong.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#inTransaction()) await super.rollbackTransaction(connection);
  }
}

/** SQLite has transactional DDL; with the write lock above it also keeps two migrating servers apart. */
class TransactionalDdlSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
