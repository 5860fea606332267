import type { Kysely } from 'kysely';
import type { Database } from '../open-database.ts';
import type { WebuiSessionsTable } from '../schema/access.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

export interface StoredSession {
  /** Names the session in lists; not what the cookie holds. */
  readonly id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly csrfSecret: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly client: string;
}

/** Sessions of the console. They go with their user. */
export class DatabaseSessionStore {
  readonly #db: Kysely<Schema>;

  constructor(database: Pick<Database, 'kysely'>) {
    this.#db = database.kysely;
  }

  async create(session: StoredSession): Promise<void> {
    await this.#db.insertInto('webui_sessions').values(toRow(session)).execute();
  }

  /** Whether it has expired is for the caller to see. */
  async findByToken(tokenHash: string): Promise<StoredSession | null> {
    const row = await this.#db
      .selectFrom('webui_sessions')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  async get(id: string): Promise<StoredSession | null> {
    const row = await this.#db
      .selectFrom('webui_sessions')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** Those that end after `now`, the last first. */
  async list(now: number): Promise<StoredSession[]> {
    const rows = await this.#db
      .selectFrom('webui_sessions')
      .selectAll()
      .where('expires_at', '>', now)
      .orderBy('expires_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return rows.map(fromRow);
  }

  /** Earlier than what is stored changes nothing. */
  async touch(id: string, lastSeenAt: number): Promise<void> {
    await this.#db
      .updateTable('webui_sessions')
      .set({ last_seen_at: lastSeenAt })
      .where('id', '=', id)
      .where('last_seen_at', '<', lastSeenAt)
      .execute();
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('webui_sessions')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** All but the one with the id `except`. Returns how many. */
  async removeOfUser(userId: string, except = ''): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('webui_sessions')
      .where('user_id', '=', userId)
      .where('id', '!=', except)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  /** Removes those that ended by `now`, and those not seen since `idleSince`. Returns how many. */
  async removeExpired(now: number, idleSince: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('webui_sessions')
      .where(({ or, eb }) => or([eb('expires_at', '<=', now), eb('last_seen_at', '<', idleSince)]))
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

function toRow(session: StoredSession): WebuiSessionsTable {
  return {
    id: session.id,
    token_hash: session.tokenHash,
    user_id: session.userId,
    csrf_secret: session.csrfSecret,
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    address: storableText(session.address),
    client: storableText(session.client),
  };
}

function fromRow(row: WebuiSessionsTable): StoredSession {
  return {
    id: row.id,
    tokenHash: row.token_hash,
    userId: row.user_id,
    csrfSecret: row.csrf_secret,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    client: row.client,
  };
}
