import { type Kysely, sql } from 'kysely';
import type { ShareLink } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { ShareLinksTable } from '../schema/records.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

export interface StoredShare extends ShareLink {
  readonly tokenHash: string;
}

/** Of one list; those that end last. */
const mostListed = 500;

/** Public links to recorded requests. They go with their record. */
export class DatabaseShareStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /** False where there is no such record. */
  async create(share: StoredShare): Promise<boolean> {
    const row: ShareLinksTable = {
      id: share.id,
      token_hash: share.tokenHash,
      request_id: storableText(share.requestId),
      created_at: share.createdAt,
      created_by: storableText(share.createdBy),
      expires_at: share.expiresAt,
      last_opened_at: share.lastOpenedAt,
      opened: share.opened,
    };
    return this.#db.transaction().execute(async (transaction) => {
      const record = await transaction
        .selectFrom('request_logs')
        .select('id')
        .where('request_id', '=', row.request_id)
        // It stays until the link is there, and takes the link along later.
        .$if(this.#kind === 'postgres', (query) => query.forKeyShare())
        .executeTakeFirst();
      if (record === undefined) return false;
      await transaction.insertInto('share_links').values(row).execute();
      return true;
    });
  }

  /** Whether it has expired is for the caller to see. */
  async findByHash(tokenHash: string): Promise<ShareLink | null> {
    const row = await this.#db
      .selectFrom('share_links')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** Those that end after `now`, newest first: all, or those of one record; at most 500. */
  async list(now: number, requestId?: string): Promise<ShareLink[]> {
    const rows = await this.#db
      .selectFrom('share_links')
      .selectAll()
      .where('expires_at', '>', now)
      .$if(requestId !== undefined, (query) => query.where('request_id', '=', storableText(requestId ?? '')))
      .orderBy('expires_at', 'desc')
      .orderBy('id', 'desc')
      .limit(mostListed)
      .execute();
    return rows.map(fromRow).sort((one, other) => other.createdAt - one.createdAt);
  }

  /** Counts one more. */
  async markOpened(id: string, at: number): Promise<void> {
    await this.#db
      .updateTable('share_links')
      .set({
        opened: sql`opened + 1`,
        last_opened_at: sql`case when last_opened_at > ${at} then last_opened_at else ${at} end`,
      })
      .where('id', '=', id)
      .execute();
  }

  /** Resolves to what was removed; null where there was no such link. */
  async remove(id: string): Promise<ShareLink | null> {
    const row = await this.#db
      .deleteFrom('share_links')
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** Removes those that ended by `now`. Returns how many. */
  async removeExpired(now: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('share_links')
      .where('expires_at', '<=', now)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

function fromRow(row: ShareLinksTable): ShareLink {
  return {
    id: row.id,
    requestId: row.request_id,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastOpenedAt: row.last_opened_at,
    opened: row.opened,
  };
}
