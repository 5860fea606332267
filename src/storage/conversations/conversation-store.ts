import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { JsonObject } from '../../turn/index.ts';
import { type ItemList, type ItemPage, pageItems } from '../items/page-items.ts';
import { deleteOrphans, type StoredItem, storeItems } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { linkToConversation, lockConversation, withoutPresent } from './link-to-conversation.ts';

export interface StoredConversation {
  readonly id: string;
  readonly owner: string;
  readonly metadata: JsonObject;
  readonly createdAt: number;
}

/** SQLite holds up the whole process for as long as a transaction's statements take. */
const conversationsPerBatch = 20;

/** Conversations with their items, in the order in which they were added. Each is found by its owner alone. */
export class ConversationStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely' | 'kind'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#kind = database.kind;
    this.#now = now;
  }

  /** Stores a conversation with its first items; of items with the same id it has the first. */
  async create(
    owner: string,
    conversation: Omit<StoredConversation, 'owner'>,
    items: readonly StoredItem[],
  ): Promise<void> {
    const { id, metadata, createdAt } = conversation;
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('conversations')
        .values({
          id,
          owner,
          created_at: createdAt,
          updated_at: this.#now(),
          next_position: 0,
          metadata: JSON.stringify(metadata),
        })
        .execute();
      await this.#add(transaction, { id, owner, position: 0 }, items);
    });
  }

  async get(owner: string, id: string): Promise<StoredConversation | null> {
    const row = await this.#db
      .selectFrom('conversations')
      .select(['id', 'owner', 'created_at', 'metadata'])
      .where('id', '=', id)
      .where('owner', '=', owner)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      id: row.id,
      owner: row.owner,
      metadata: JSON.parse(row.metadata),
      createdAt: row.created_at,
    };
  }

  /** Replaces the metadata; null where the owner has no such conversation. */
  async updateMetadata(owner: string, id: string, metadata: JsonObject): Promise<StoredConversation | null> {
    const row = await this.#db
      .updateTable('conversations')
      .set({ metadata: JSON.stringify(metadata), updated_at: this.#now() })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .returning(['id', 'owner', 'created_at'])
      .executeTakeFirst();
    if (row === undefined) return null;
    return { id: row.id, owner: row.owner, metadata, createdAt: row.created_at };
  }

  /** Deletes a conversation and those of its items that no response holds; false where the owner has none. */
  async delete(owner: string, id: string): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      if ((await lockConversation(transaction, owner, id, this.#now())) === undefined) return false;
      await this.#remove(transaction, [id]);
      return true;
    });
  }

  /**
   * Adds items in order, all or none; one whose id the conversation has already stays as it is. False where the
   * owner has no such conversation.
   */
  async append(owner: string, id: string, items: readonly StoredItem[]): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const position = await lockConversation(transaction, owner, id, this.#now());
      if (position === undefined) return false;
      await this.#add(transaction, { id, owner, position }, items);
      return true;
    });
  }

  async #add(
    transaction: Transaction<Schema>,
    conversation: { readonly id: string; readonly owner: string; readonly position: number },
    items: readonly StoredItem[],
  ): Promise<void> {
    // Asked before they are stored: a body that no list holds would never be deleted.
    const missing = await withoutPresent(transaction, conversation.id, items);
    const refs = await storeItems(transaction, this.#kind, conversation.owner, missing, this.#now());
    await linkToConversation(transaction, conversation, refs);
  }

  /**
   * One page of the items; null where the owner has no such conversation.
   * @throws {StorageError} `unknown_item` where it has no item of the cursor's id.
   */
  async items(owner: string, id: string, page: ItemPage): Promise<ItemList | null> {
    if ((await this.get(owner, id)) === null) return null;
    const links = this.#links(owner, id);
    return pageItems(
      {
        positionsOf: async (ids) => {
          const rows = await links
            .select(['link.item_id', 'link.position'])
            .where('link.item_id', 'in', ids)
            .execute();
          return new Map(rows.map((row) => [row.item_id, row.position]));
        },
        read: ({ above, below, direction, limit }) =>
          this.#bodies(owner, id)
            .$if(above !== undefined, (query) => query.where('link.position', '>', above ?? 0))
            .$if(below !== undefined, (query) => query.where('link.position', '<', below ?? 0))
            .orderBy('link.position', direction)
            .limit(limit)
            .execute(),
      },
      page,
    );
  }

  /** All items, oldest first; null where the owner has no such conversation. */
  async history(owner: string, id: string): Promise<StoredItem[] | null> {
    const rows = await this.#db
      .selectFrom('conversations')
      .leftJoin('conversation_items as link', 'link.conversation_id', 'conversations.id')
      .leftJoin('items', (join) =>
        join
          .onRef('items.owner', '=', 'link.owner')
          .onRef('items.id', '=', 'link.item_id')
          .onRef('items.digest', '=', 'link.digest'),
      )
      .select(['items.id', 'items.body'])
      .where('conversations.id', '=', id)
      .where('conversations.owner', '=', owner)
      .orderBy('link.position')
      .execute();
    if (rows.length === 0) return null;
    const items: StoredItem[] = [];
    for (const { id: itemId, body } of rows) {
      if (itemId !== null && body !== null) items.push({ id: itemId, body: JSON.parse(body) });
    }
    return items;
  }

  async getItem(owner: string, id: string, itemId: string): Promise<StoredItem | null> {
    const row = await this.#bodies(owner, id).where('link.item_id', '=', itemId).executeTakeFirst();
    return row === undefined ? null : { id: row.id, body: JSON.parse(row.body) };
  }

  /** Takes an item out of a conversation; false where the owner has no such conversation or it no such item. */
  async deleteItem(owner: string, id: string, itemId: string): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      if ((await lockConversation(transaction, owner, id, this.#now())) === undefined) return false;
      const { numDeletedRows } = await transaction
        .deleteFrom('conversation_items')
        .where('conversation_id', '=', id)
        .where('item_id', '=', itemId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await deleteOrphans(transaction, this.#kind, [{ owner, itemId }]);
      return true;
    });
  }

  /** Deletes, in batches, conversations that nobody changed or added to since the time. Returns how many. */
  async deleteIdleSince(time: number): Promise<number> {
    for (let deleted = 0; ; ) {
      const count = await this.#db.transaction().execute(async (transaction) => {
        const idle = await transaction
          .selectFrom('conversations')
          .select('id')
          .where('updated_at', '<', time)
          .orderBy('updated_at')
          .orderBy('id')
          .limit(conversationsPerBatch)
          // One that somebody adds to is not idle.
          .$if(this.#kind === 'postgres', (query) => query.forUpdate().skipLocked())
          .execute();
        const ids = idle.map(({ id }) => id);
        if (ids.length > 0) await this.#remove(transaction, ids);
        return ids.length;
      });
      if (count === 0) return deleted;
      deleted += count;
      // SQLite answers at once: without this nobody else would have a turn.
      await nextTurn();
    }
  }

  async #remove(transaction: Transaction<Schema>, ids: readonly string[]): Promise<void> {
    const links = await transaction
      .selectFrom('conversation_items')
      .select(['owner', 'item_id as itemId'])
      .where('conversation_id', 'in', ids)
      .execute();
    await transaction.deleteFrom('conversations').where('id', 'in', ids).execute();
    await deleteOrphans(transaction, this.#kind, links);
  }

  #links(owner: string, id: string) {
    return this.#db
      .selectFrom('conversation_items as link')
      .where('link.conversation_id', '=', id)
      .where('link.owner', '=', owner);
  }

  #bodies(owner: string, id: string) {
    return this.#links(owner, id)
      .innerJoin('items', (join) =>
        join
          .onRef('items.owner', '=', 'link.owner')
          .onRef('items.id', '=', 'link.item_id')
          .onRef('items.digest', '=', 'link.digest'),
      )
      .select(['items.id', 'items.body']);
  }
}
