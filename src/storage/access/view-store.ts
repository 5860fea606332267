import { type Kysely, sql, type Transaction } from 'kysely';
import type { ViewPage } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

export interface StoredView {
  readonly id: string;
  readonly userId: string;
  readonly page: ViewPage;
  readonly name: string;
  /** The query of the page's address. */
  readonly search: string;
  readonly shared: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A view as one of the users sees it. */
export interface SeenView extends StoredView {
  /** The name of the user whose it is. */
  readonly owner: string;
  /** The page opens with it for the user who sees it. */
  readonly isDefault: boolean;
}

/** Views of the console's pages. They go with their user. What somebody shares is shared while they are an admin. */
export class DatabaseViewStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /** Those of the user, then those that others share; in no order. */
  async list(userId: string): Promise<SeenView[]> {
    const [own, shared] = await Promise.all([
      this.#seen(userId).where('saved_views.user_id', '=', userId).execute(),
      this.#seen(userId)
        .where('saved_views.shared', '=', 1)
        .where('webui_users.role', '=', 'admin')
        .where('saved_views.user_id', '!=', userId)
        .execute(),
    ]);
    return [...own, ...shared].map(fromRow);
  }

  /** Null where there is none that the user sees. */
  async get(userId: string, id: string): Promise<SeenView | null> {
    const row = await this.#seen(userId).where('saved_views.id', '=', id).executeTakeFirst();
    if (row === undefined) return null;
    const view = fromRow(row);
    return view.userId === userId || view.shared ? view : null;
  }

  /** `too_many`: the user has `most` of this page already. */
  create(view: StoredView, most: number): Promise<'created' | 'name_taken' | 'too_many'> {
    return this.#oneByOne(view.userId, async (transaction) => {
      const others = await transaction
        .selectFrom('saved_views')
        .select('name')
        .where('user_id', '=', view.userId)
        .where('page', '=', view.page)
        .execute();
      const name = storableText(view.name);
      if (others.some((other) => other.name === name)) return 'name_taken';
      if (others.length >= most) return 'too_many';
      await transaction
        .insertInto('saved_views')
        .values({
          id: view.id,
          user_id: view.userId,
          page: view.page,
          name,
          search: storableText(view.search),
          shared: view.shared ? 1 : 0,
          created_at: view.createdAt,
          updated_at: view.updatedAt,
        })
        .execute();
      return 'created';
    });
  }

  /** What is not named in the change stays. */
  update(
    { id, userId, page }: Pick<StoredView, 'id' | 'userId' | 'page'>,
    {
      name,
      search,
      shared,
      updatedAt,
    }: Partial<Pick<StoredView, 'name' | 'search' | 'shared' | 'updatedAt'>>,
  ): Promise<'updated' | 'name_taken' | 'gone'> {
    return this.#oneByOne(userId, async (transaction) => {
      if (name !== undefined) {
        const other = await transaction
          .selectFrom('saved_views')
          .select('id')
          .where('user_id', '=', userId)
          .where('page', '=', page)
          .where('name', '=', storableText(name))
          .where('id', '!=', id)
          .executeTakeFirst();
        if (other !== undefined) return 'name_taken';
      }
      const { numUpdatedRows } = await transaction
        .updateTable('saved_views')
        .set({
          // A change of nothing still says whether the view is there.
          id,
          ...(name !== undefined && { name: storableText(name) }),
          ...(search !== undefined && { search: storableText(search) }),
          ...(shared !== undefined && { shared: shared ? 1 : 0 }),
          ...(updatedAt !== undefined && { updated_at: updatedAt }),
        })
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n ? 'updated' : 'gone';
    });
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('saved_views')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** From now on its page opens with this view for the user, or no longer does. Nothing happens where it is gone. */
  async setDefault(userId: string, viewId: string, isDefault: boolean): Promise<void> {
    if (!isDefault) {
      await this.#db
        .deleteFrom('default_views')
        .where('view_id', '=', viewId)
        .where('user_id', '=', userId)
        .execute();
      return;
    }
    await this.#db
      .insertInto('default_views')
      .columns(['user_id', 'page', 'view_id'])
      .expression(({ selectFrom }) =>
        selectFrom('saved_views')
          .select([sql<string>`cast(${userId} as text)`.as('user_id'), 'page', 'id'])
          .where('id', '=', viewId),
      )
      .onConflict((conflict) => conflict.columns(['user_id', 'page']).doUpdateSet({ view_id: viewId }))
      .execute();
  }

  #seen(userId: string) {
    return this.#db
      .selectFrom('saved_views')
      .innerJoin('webui_users', 'webui_users.id', 'saved_views.user_id')
      .leftJoin('default_views', (join) =>
        join
          .onRef('default_views.page', '=', 'saved_views.page')
          .onRef('default_views.view_id', '=', 'saved_views.id')
          .on('default_views.user_id', '=', userId),
      )
      .selectAll('saved_views')
      .select(['webui_users.username', 'webui_users.role', 'default_views.view_id as default_id']);
  }

  /** Of changes by the same user, one at a time: those that count and compare see what the others did. */
  #oneByOne<Result>(
    userId: string,
    change: (transaction: Transaction<Schema>) => Promise<Result>,
  ): Promise<Result> {
    return this.#db.transaction().execute(async (transaction) => {
      if (this.#kind === 'postgres')
        await transaction
          .selectFrom('webui_users')
          .select('id')
          .where('id', '=', userId)
          .forNoKeyUpdate()
          .execute();
      return change(transaction);
    });
  }
}

interface SeenRow {
  readonly id: string;
  readonly user_id: string;
  readonly page: ViewPage;
  readonly name: string;
  readonly search: string;
  readonly shared: 0 | 1;
  readonly created_at: number;
  readonly updated_at: number;
  readonly username: string;
  readonly role: 'admin' | 'viewer';
  readonly default_id: string | null;
}

function fromRow(row: SeenRow): SeenView {
  return {
    id: row.id,
    userId: row.user_id,
    page: row.page,
    name: row.name,
    search: row.search,
    shared: row.shared === 1 && row.role === 'admin',
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    owner: row.username,
    isDefault: row.default_id !== null,
  };
}
