import { type Dialect, Kysely, type Migration, sql } from 'kysely';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { remedyForNativePart } from './missing-native-part.ts';
import { type FileUpgrade, prepareFile } from './original/prepare-file.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import type { Schema } from './schema.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { describeDriverError, StorageError } from './storage-error.ts';

/** An open database whose schema is up to date. Disposing of it closes its connections. */
export interface Database extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  readonly kysely: Kysely<Schema>;
  /** For libraries that bring their own queries: a file of better-sqlite3, or what can be asked like a pool of pg. */
  readonly client: object;
  /** Asks the database for an answer; throws where it has none. For health checks. */
  ping(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Most connections to PostgreSQL at once; 10 by default. */
  readonly poolSize?: number;
  /** How long to wait for a connection to PostgreSQL; 10,000 by default. */
  readonly connectTimeoutMs?: number;
  /** Told when a connection to PostgreSQL breaks. */
  readonly onConnectionLost?: (error: Error) => void;
  /** Upgrades a SQLite file of the original project: by `upgradeOriginal`. Without it, such a file is refused. */
  readonly upgrade?: FileUpgrade;
  /** For tests. */
  readonly migrations?: Readonly<Record<string, Migration>>;
}

/**
 * Opens a database and brings its schema up to date.
 * @param url the path of a SQLite file, which is made with its folder, or a `postgres://` URL.
 * @throws {StorageError} `unreachable`, `newer_database` or `migration_failed`; of a SQLite file also
 *   `foreign_database`, `original_database` or `damaged_database`.
 */
export async function openDatabase(url: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const kind = /^postgres(ql)?:\/\//i.test(url) ? 'postgres' : 'sqlite';
  const { kysely, client } = await connect(url, kind, options);
  try {
    await migrate(kysely, options.migrations ?? migrations);
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
  return {
    kind,
    kysely,
    client,
    ping: async () => {
      await sql`select 1`.execute(kysely);
    },
    [Symbol.asyncDispose]: () => kysely.destroy(),
  };
}

async function connect(
  url: string,
  kind: Database['kind'],
  options: OpenDatabaseOptions,
): Promise<Pick<Database, 'kysely' | 'client'>> {
  let kysely: Kysely<Schema> | undefined;
  try {
    if (kind === 'sqlite') await prepareFile(url, options.upgrade, options.migrations ?? migrations);
    const { dialect, client } = await createDialect(url, kind, options);
    kysely = new Kysely<Schema>({ dialect });
    await sql`select 1`.execute(kysely);
    return { kysely, client };
  } catch (error) {
    await kysely?.destroy();
    if (error instanceof StorageError && error.code !== 'unreachable') throw error;
    const cause = error instanceof StorageError ? error.cause : error;
    const reason = remedyForNativePart(cause) ?? withoutSecrets(describeDriverError(cause), url);
    throw new StorageError(
      'unreachable',
      `The database ${displayName(url, kind)} cannot be opened: ${reason}`,
    );
  }
}

function createDialect(
  url: string,
  kind: Database['kind'],
  options: OpenDatabaseOptions,
): Promise<{ dialect: Dialect; client: object }> {
  if (kind === 'sqlite') return createSqliteDialect(url);
  return createPostgresDialect(url, {
    poolSize: options.poolSize ?? 10,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    onConnectionLost: options.onConnectionLost ?? (() => {}),
  });
}

function displayName(url: string, kind: Database['kind']): string {
  if (kind === 'sqlite') return url;
  if (!URL.canParse(url)) return 'postgres://…';
  const { username, host, pathname } = new URL(url);
  return `postgres://${username && `${username}@`}${host}${pathname}`;
}

/** Drivers do not print passwords today; should one quote the URL or the password in an error, this keeps it so. */
function withoutSecrets(text: string, url: string): string {
  if (!URL.canParse(url)) return text;
  const { password } = new URL(url);
  return [url, password].filter(Boolean).reduce((clean, secret) => clean.replaceAll(secret, '…'), text);
}
