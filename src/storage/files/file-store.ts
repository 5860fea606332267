import type { Kysely } from 'kysely';
import { type ItemPage, pageRows } from '../items/page-items.ts';
import { chunksOf } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { FilesTable } from '../schema/files.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { removeInBatches } from './remove-in-batches.ts';

/** A file that a client uploaded. Times are milliseconds since 1970. */
export interface StoredFile {
  readonly id: string;
  readonly owner: string;
  /** As the client named it: for people, never for paths. */
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** Hexadecimal; names the content in the blob store. */
  readonly sha256: string;
  readonly createdAt: number;
  /** Null: it stays until it is deleted. */
  readonly expiresAt: number | null;
}

export interface FileList {
  readonly files: readonly StoredFile[];
  readonly hasMore: boolean;
}

/** Uploaded files without their contents. Each is found by its owner alone, and not once it has expired. */
export class FileStore {
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#now = now;
  }

  async create(file: StoredFile): Promise<void> {
    await this.#db.insertInto('files').values(toRow(file)).execute();
  }

  async get(owner: string, id: string): Promise<StoredFile | null> {
    return (await this.find(owner, [id])).get(id) ?? null;
  }

  /** Those that the owner has, by id. */
  async find(owner: string, ids: readonly string[]): Promise<Map<string, StoredFile>> {
    const found = new Map<string, StoredFile>();
    for (const chunk of chunksOf([...new Set(ids)])) {
      const rows = await this.#ofOwner(owner).selectAll().where('file_id', 'in', chunk).execute();
      for (const row of rows) found.set(row.file_id, fromRow(row));
    }
    return found;
  }

  /**
   * In the order in which they were uploaded.
   * @throws {StorageError} `unknown_item` where the owner has no file of the cursor's id.
   */
  async list(owner: string, page: ItemPage & { readonly purpose?: string | undefined }): Promise<FileList> {
    const { purpose } = page;
    const { rows, hasMore } = await pageRows(
      {
        positionsOf: async (ids) => {
          const known = await this.#db
            .selectFrom('files')
            .select(['file_id', 'id'])
            .where('owner', '=', owner)
            .where('file_id', 'in', ids)
            .execute();
          return new Map(known.map((row) => [row.file_id, row.id]));
        },
        read: ({ above, below, direction, limit }) =>
          this.#ofOwner(owner)
            .selectAll()
            .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? ''))
            .$if(above !== undefined, (query) => query.where('id', '>', above ?? 0))
            .$if(below !== undefined, (query) => query.where('id', '<', below ?? 0))
            .orderBy('id', direction)
            .limit(limit)
            .execute(),
      },
      page,
    );
    return { files: rows.map(fromRow), hasMore };
  }

  /** False where the owner has no such file. */
  async delete(owner: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('files')
      .where('file_id', '=', id)
      .where('owner', '=', owner)
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#now())]))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Deletes, in batches, those that have expired. Returns how many. */
  async removeExpired(): Promise<number> {
    const now = this.#now();
    return removeInBatches(this.#db, 'files', (query) => query.where('expires_at', '<=', now));
  }

  /** Deletes, in batches, those uploaded before the time. Returns how many. */
  async removeOlderThan(time: number): Promise<number> {
    return removeInBatches(this.#db, 'files', (query) => query.where('created_at', '<', time));
  }

  #ofOwner(owner: string) {
    return this.#db
      .selectFrom('files')
      .where('owner', '=', owner)
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#now())]));
  }
}

function toRow(file: StoredFile): Omit<FilesTable, 'id'> {
  return {
    file_id: file.id,
    owner: file.owner,
    purpose: file.purpose,
    bytes: file.bytes,
    sha256: file.sha256,
    created_at: file.createdAt,
    expires_at: file.expiresAt,
    media_type: storableText(file.mediaType),
    filename: storableText(file.filename),
  };
}

function fromRow(row: Omit<FilesTable, 'id'>): StoredFile {
  return {
    id: row.file_id,
    owner: row.owner,
    filename: row.filename,
    purpose: row.purpose,
    bytes: row.bytes,
    mediaType: row.media_type,
    sha256: row.sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
