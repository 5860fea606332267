import type { Kysely } from 'kysely';
import type { AuditEntry } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { StorageError } from '../storage-error.ts';

/** Times are milliseconds since 1970; all conditions must fit. */
export interface AuditQuery {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  /** At or after. */
  readonly from?: number | undefined;
  /** At or before. */
  readonly to?: number | undefined;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What was done to the server. Nothing here is ever changed or removed. */
export class DatabaseAuditStore {
  readonly #db: Kysely<Schema>;

  constructor(database: Pick<Database, 'kysely'>) {
    this.#db = database.kysely;
  }

  async add(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    await this.#db
      .insertInto('audit_log')
      .values({
        at: entry.at,
        actor: storableText(entry.actor),
        address: entry.address === null ? null : storableText(entry.address),
        action: storableText(entry.action),
        target: entry.target === null ? null : storableText(entry.target),
        details: JSON.stringify(entry.details),
      })
      .execute();
  }

  /**
   * One page, newest first; `nextCursor` is null where it is the last.
   * @throws {StorageError} `bad_cursor` where the cursor is none that was given out.
   */
  async list(query: AuditQuery): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    const { action, actor, from, to, cursor, limit } = query;
    let select = this.#db
      .selectFrom('audit_log')
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (action !== undefined) select = select.where('action', '=', storableText(action));
    if (actor !== undefined) select = select.where('actor', '=', storableText(actor));
    if (from !== undefined) select = select.where('at', '>=', from);
    if (to !== undefined) select = select.where('at', '<=', to);
    if (cursor !== undefined) {
      const { at, id } = readCursor(cursor);
      select = select.where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'id'), '<', tuple(at, id)));
    }
    const rows = await select.execute();
    const items = rows.slice(0, limit).map((row) => ({ ...row, details: JSON.parse(row.details) }));
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last !== undefined ? `${last.at}.${last.id}` : null };
  }
}

function readCursor(cursor: string): { at: number; id: number } {
  const [, at, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) {
    throw new StorageError('bad_cursor', 'The cursor is not one that a page before gave');
  }
  return { at: Number(at), id: Number(id) };
}
