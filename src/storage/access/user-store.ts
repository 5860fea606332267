import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Role } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { WebuiUsersTable } from '../schema/access.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';

export interface StoredUser {
  readonly id: string;
  /** As it is shown; no two differ in capitals alone. */
  readonly username: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly active: boolean;
  readonly mustChangePassword: boolean;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
  /** When two-factor sign-in was turned on, by its own store; null: it is off. */
  readonly twoFactorSince: number | null;
}

/** Who may sign in to the console. Once there is an active admin, there always is one. */
export class DatabaseUserStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /** With two-factor sign-in off. False where the name is taken. */
  async create(user: StoredUser): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('webui_users')
      .values(toRow(user))
      .onConflict((conflict) => conflict.column('username_lower').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** By name. */
  async list(): Promise<StoredUser[]> {
    const rows = await this.#db.selectFrom('webui_users').selectAll().orderBy('username_lower').execute();
    return rows.map(fromRow);
  }

  async get(id: string): Promise<StoredUser | null> {
    const row = await this.#db.selectFrom('webui_users').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /** In any capitals. */
  async findByName(username: string): Promise<StoredUser | null> {
    const row = await this.#db
      .selectFrom('webui_users')
      .selectAll()
      .where('username_lower', '=', lowered(username))
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /**
   * The user as it is then; null where there is none; `last_admin` where no active admin would be left, and then
   * nothing changes. What is not named in the change stays.
   */
  async update(
    id: string,
    change: Partial<Omit<StoredUser, 'id' | 'createdAt' | 'twoFactorSince'>>,
  ): Promise<StoredUser | 'last_admin' | null> {
    return this.#db.transaction().execute(async (transaction) => {
      const others = await this.#lockOtherAdmins(transaction, id);
      const row = await transaction
        .selectFrom('webui_users')
        .selectAll()
        .where('id', '=', id)
        .$if(this.#kind === 'postgres', (query) => query.forUpdate())
        .executeTakeFirst();
      if (row === undefined) return null;
      const before = fromRow(row);
      const after = { ...before, ...change };
      if (isActiveAdmin(before) && !isActiveAdmin(after) && others === 0) return 'last_admin';
      const { id: _, ...changed } = toRow(after);
      const written = await transaction
        .updateTable('webui_users')
        .set(changed)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(written);
    });
  }

  /** Removes a user with all sessions; false where there is none; `last_admin` where no active admin would be left. */
  async remove(id: string): Promise<boolean | 'last_admin'> {
    return this.#db.transaction().execute(async (transaction) => {
      const others = await this.#lockOtherAdmins(transaction, id);
      const row = await transaction
        .selectFrom('webui_users')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return false;
      if (isActiveAdmin(fromRow(row)) && others === 0) return 'last_admin';
      await transaction.deleteFrom('webui_users').where('id', '=', id).execute();
      return true;
    });
  }

  /**
   * How many active admins there are besides this user. All of them, this user too, stay so until the transaction
   * ends: of two that would each leave the other as the last, the second sees what the first did.
   */
  async #lockOtherAdmins(transaction: Transaction<Schema>, id: string): Promise<number> {
    const admins = await transaction
      .selectFrom('webui_users')
      .select('id')
      .where('role', '=', 'admin')
      .where('active', '=', 1)
      .orderBy('id')
      .$if(this.#kind === 'postgres', (query) => query.forUpdate())
      .execute();
    return admins.filter((admin) => admin.id !== id).length;
  }
}

function isActiveAdmin(user: StoredUser): boolean {
  return user.role === 'admin' && user.active;
}

function lowered(username: string): string {
  return storableText(username).toLowerCase();
}

/** Without what two-factor sign-in has there. */
function toRow(user: StoredUser): Insertable<WebuiUsersTable> {
  return {
    id: user.id,
    username: storableText(user.username),
    username_lower: lowered(user.username),
    password_hash: user.passwordHash,
    role: user.role,
    active: user.active ? 1 : 0,
    must_change_password: user.mustChangePassword ? 1 : 0,
    created_at: user.createdAt,
    last_sign_in_at: user.lastSignInAt,
  };
}

function fromRow(row: WebuiUsersTable): StoredUser {
  return {
    id: row.id,
    username: row.username,
    passwordHash: row.password_hash,
    role: row.role,
    active: row.active === 1,
    mustChangePassword: row.must_change_password === 1,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    twoFactorSince: row.totp_since,
  };
}
