import type { Kysely } from 'kysely';
import { type ApiKey, allKeyPermissions, noKeyLimits } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { ApiKeysTable } from '../schema/access.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

export interface StoredKey extends Omit<ApiKey, 'state'> {
  /** Keyed hashes, hexadecimal. */
  readonly secretHash: string;
  readonly previousHash: string | null;
}

/** API keys, without their secrets. */
export class DatabaseKeyStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  async create(key: StoredKey): Promise<void> {
    await this.#db.insertInto('api_keys').values(toRow(key)).execute();
  }

  /** Newest first. */
  async list(): Promise<StoredKey[]> {
    const rows = await this.#db
      .selectFrom('api_keys')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return rows.map(fromRow);
  }

  async get(id: string): Promise<StoredKey | null> {
    const row = await this.#db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** By the hash of its secret, or of the one before; whether that is still valid is for the caller to see. */
  async findByHash(hash: string): Promise<StoredKey | null> {
    const row = await this.#db
      .selectFrom('api_keys')
      .selectAll()
      .where(({ or, eb }) => or([eb('secret_hash', '=', hash), eb('previous_hash', '=', hash)]))
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** The key as it is then; null where there is none. What is not named in the change stays. */
  async update(id: string, change: Partial<Omit<StoredKey, 'id'>>): Promise<StoredKey | null> {
    return this.#db.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('api_keys')
        .selectAll()
        .where('id', '=', id)
        .$if(this.#kind === 'postgres', (query) => query.forNoKeyUpdate())
        .executeTakeFirst();
      if (row === undefined) return null;
      const { id: _, ...changed } = toRow({ ...fromRow(row), ...change });
      const written = await transaction
        .updateTable('api_keys')
        .set(changed)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(written);
    });
  }

  /** Deletes a key with what it has spent and its leases; false where there is none. */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Milliseconds since 1970 by key id; earlier than what is stored changes nothing. */
  async markUsed(times: ReadonlyMap<string, number>): Promise<void> {
    if (times.size === 0) return;
    // In one order everywhere: two servers that mark the same keys then never wait for each other in a circle.
    const sorted = [...times].sort(([one], [other]) => (one < other ? -1 : 1));
    await this.#db.transaction().execute(async (transaction) => {
      for (const [id, time] of sorted) {
        await transaction
          .updateTable('api_keys')
          .set({ last_used_at: time })
          .where('id', '=', id)
          .where(({ or, eb }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<', time)]))
          .execute();
      }
    });
  }
}

function toRow(key: StoredKey): ApiKeysTable {
  return {
    id: key.id,
    secret_hash: key.secretHash,
    previous_hash: key.previousHash,
    previous_valid_until: key.previousValidUntil,
    prefix: key.prefix,
    name: storableText(key.name),
    description: storableText(key.description),
    owner: storableText(key.owner),
    active: key.active ? 1 : 0,
    created_at: key.createdAt,
    created_by: storableText(key.createdBy),
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    rotated_at: key.rotatedAt,
    limits: JSON.stringify(key.limits),
    permissions: JSON.stringify(key.permissions),
    tags: JSON.stringify(key.tags.map(storableText)),
    spending_reset_at: key.spendingResetAt,
  };
}

function fromRow(row: ApiKeysTable): StoredKey {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    previousHash: row.previous_hash,
    previousValidUntil: row.previous_valid_until,
    prefix: row.prefix,
    name: row.name,
    description: row.description,
    owner: row.owner,
    tags: JSON.parse(row.tags),
    active: row.active === 1,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    rotatedAt: row.rotated_at,
    spendingResetAt: row.spending_reset_at,
    // A key that is older than one of the limits has the others.
    limits: { ...noKeyLimits, ...JSON.parse(row.limits) },
    permissions: { ...allKeyPermissions, ...JSON.parse(row.permissions) },
  };
}
