import type { Transaction } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { changeSubject, readVersion } from './change-version.ts';

/** A value that was set from the console, as the text that an environment variable would have. */
export interface StoredSetting {
  readonly name: string;
  readonly value: string;
  readonly changedAt: number;
  readonly changedBy: string;
}

export interface StoredSettingChange {
  readonly id: number;
  readonly name: string;
  /** Null: it was not set. */
  readonly before: string | null;
  readonly after: string | null;
  readonly at: number;
  readonly by: string;
}

/** Live settings for all servers, and how they came to be. */
export class DatabaseSettingsStore {
  readonly #database: Pick<Database, 'kysely' | 'kind'>;

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#database = database;
  }

  /** By name. */
  async list(): Promise<StoredSetting[]> {
    const rows = await this.#database.kysely.selectFrom('settings').selectAll().orderBy('name').execute();
    return rows.map((row) => ({
      name: row.name,
      value: row.value,
      changedAt: row.changed_at,
      changedBy: row.changed_by,
    }));
  }

  /**
   * Sets, or by null removes, all or none. What has that value already is left as it is and not noted.
   * @param at milliseconds since 1970.
   */
  async change(changes: Readonly<Record<string, string | null>>, by: string, at: number): Promise<void> {
    const note = { changed_at: at, changed_by: storableText(by) };
    await changeSubject(this.#database, 'settings', async (transaction) => {
      const stored = await transaction.selectFrom('settings').select(['name', 'value']).execute();
      const values = new Map(stored.map((row) => [row.name, row.value]));
      let changed = false;
      for (const [name, value] of Object.entries(changes)) {
        const before = values.get(name) ?? null;
        const after = value === null ? null : storableText(value);
        if (after === before) continue;
        changed = true;
        await write(transaction, name, after, note);
        await transaction
          .insertInto('settings_history')
          .values({ name, value_before: before, value_after: after, ...note })
          .execute();
      }
      return changed;
    });
  }

  /** Newest first. */
  async history(limit: number): Promise<StoredSettingChange[]> {
    const rows = await this.#database.kysely
      .selectFrom('settings_history')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      before: row.value_before,
      after: row.value_after,
      at: row.changed_at,
      by: row.changed_by,
    }));
  }

  /** Goes up with every change, by whichever server. */
  version(): Promise<number> {
    return readVersion(this.#database.kysely, 'settings');
  }
}

async function write(
  transaction: Transaction<Schema>,
  name: string,
  value: string | null,
  note: { readonly changed_at: number; readonly changed_by: string },
): Promise<void> {
  if (value === null) {
    await transaction.deleteFrom('settings').where('name', '=', name).execute();
    return;
  }
  await transaction
    .insertInto('settings')
    .values({ name, value, ...note })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, ...note }))
    .execute();
}
