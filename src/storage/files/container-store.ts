import { type Kysely, sql, type Transaction } from 'kysely';
import { type ItemPage, pageRows } from '../items/page-items.ts';
import type { Database } from '../open-database.ts';
import type { ContainersTable } from '../schema/files.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

/** A workspace as one owner sees it. Times are milliseconds since 1970. */
export interface StoredContainer {
  readonly id: string;
  readonly owner: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly createdAt: number;
  /** When a file in it last changed. */
  readonly lastActiveAt: number;
  /** After it was last active; null: never. */
  readonly expiresAfterMinutes: number | null;
}

export interface ContainerList {
  readonly containers: readonly StoredContainer[];
  readonly hasMore: boolean;
}

/**
 * Containers, one for each workspace that an owner has files in. Each is found by its owner alone, and not once it has
 * expired.
 */
export class ContainerStore {
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#now = now;
  }

  /** False where the owner has a container of this workspace already. */
  async create(container: StoredContainer): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('containers')
      .values(toRow(container))
      .onConflict((conflict) => conflict.columns(['owner', 'workspace_id']).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** The id of the container of a workspace, which is made on demand, and becomes active. */
  ofWorkspace(container: Pick<StoredContainer, 'id' | 'owner' | 'workspaceId' | 'name'>): Promise<string> {
    const now = this.#now();
    const times = { createdAt: now, lastActiveAt: now, expiresAfterMinutes: null };
    return makeContainer(this.#db, { ...container, ...times });
  }

  async get(owner: string, id: string): Promise<StoredContainer | null> {
    const row = await this.#ofOwner(owner).selectAll().where('container_id', '=', id).executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /**
   * In the order in which they came to be.
   * @throws {StorageError} `unknown_item` where the owner has no container of the cursor's id.
   */
  async list(owner: string, page: ItemPage & { readonly name?: string | undefined }): Promise<ContainerList> {
    const { name } = page;
    const { rows, hasMore } = await pageRows(
      {
        positionsOf: async (ids) => {
          const known = await this.#db
            .selectFrom('containers')
            .select(['container_id', 'id'])
            .where('owner', '=', owner)
            .where('container_id', 'in', ids)
            .execute();
          return new Map(known.map((row) => [row.container_id, row.id]));
        },
        read: ({ above, below, direction, limit }) =>
          this.#ofOwner(owner)
            .selectAll()
            .$if(name !== undefined, (query) => query.where('name', '=', name ?? ''))
            .$if(above !== undefined, (query) => query.where('id', '>', above ?? 0))
            .$if(below !== undefined, (query) => query.where('id', '<', below ?? 0))
            .orderBy('id', direction)
            .limit(limit)
            .execute(),
      },
      page,
    );
    return { containers: rows.map(fromRow), hasMore };
  }

  /** Deletes a container with what is known of its files; false where the owner has none. */
  async delete(owner: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('containers')
      .where('container_id', '=', id)
      .where('owner', '=', owner)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** At most so many of those that have expired, whoever's they are. */
  async expired(limit: number): Promise<StoredContainer[]> {
    const rows = await this.#db
      .selectFrom('containers')
      .selectAll()
      .where('expires_after_minutes', 'is not', null)
      .where(expiry, '<=', this.#now())
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  }

  #ofOwner(owner: string) {
    return this.#db
      .selectFrom('containers')
      .where('owner', '=', owner)
      .where(({ or, eb }) => or([eb('expires_after_minutes', 'is', null), eb(expiry, '>', this.#now())]));
  }
}

/** In milliseconds since 1970. */
const expiry = sql<number>`last_active_at + expires_after_minutes * 60000`;

/**
 * Makes the container of a workspace; where the owner has one already, that only becomes active. In a transaction it is kept
 * from being deleted until that ends. Returns its id.
 */
export async function makeContainer(
  transaction: Kysely<Schema>,
  container: StoredContainer,
): Promise<string> {
  const { container_id: id } = await transaction
    .insertInto('containers')
    .values(toRow(container))
    .onConflict((conflict) =>
      conflict.columns(['owner', 'workspace_id']).doUpdateSet({ last_active_at: container.lastActiveAt }),
    )
    .returning('container_id')
    .executeTakeFirstOrThrow();
  return id;
}

/** As `makeContainer`, but undefined where the owner has none of this workspace. */
export async function touchContainer(
  transaction: Transaction<Schema>,
  owner: string,
  workspaceId: string,
  now: number,
): Promise<string | undefined> {
  const touched = await transaction
    .updateTable('containers')
    .set({ last_active_at: now })
    .where('owner', '=', owner)
    .where('workspace_id', '=', workspaceId)
    .returning('container_id')
    .executeTakeFirst();
  return touched?.container_id;
}

function toRow(container: StoredContainer): Omit<ContainersTable, 'id'> {
  return {
    container_id: container.id,
    owner: container.owner,
    workspace_id: container.workspaceId,
    created_at: container.createdAt,
    last_active_at: container.lastActiveAt,
    expires_after_minutes: container.expiresAfterMinutes,
    name: storableText(container.name),
  };
}

function fromRow(row: Omit<ContainersTable, 'id'>): StoredContainer {
  return {
    id: row.container_id,
    owner: row.owner,
    workspaceId: row.workspace_id,
    name: row.name,
    createdAt: row.created_at,
    lastActiveAt: row.last_active_at,
    expiresAfterMinutes: row.expires_after_minutes,
  };
}
