import type { ProfileSpec } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import { storableText } from '../storable-text.ts';
import { changeSubject, readVersion } from './change-version.ts';

export interface StoredProfile {
  readonly name: string;
  /** As it was given; its secrets are sealed before. */
  readonly spec: ProfileSpec;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** Profiles that were made or changed here; not those that come with the server. */
export class DatabaseProfileStore {
  readonly #database: Pick<Database, 'kysely' | 'kind'>;

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#database = database;
  }

  /** By name. */
  async list(): Promise<StoredProfile[]> {
    const rows = await this.#database.kysely.selectFrom('profiles').selectAll().orderBy('name').execute();
    return rows.map((row) => ({
      name: row.name,
      spec: JSON.parse(row.spec),
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
    }));
  }

  /** Makes or replaces a profile. */
  async put({ name, spec, updatedAt, updatedBy }: StoredProfile): Promise<void> {
    const values = {
      spec: JSON.stringify(spec),
      updated_at: updatedAt,
      updated_by: storableText(updatedBy),
    };
    await changeSubject(this.#database, 'profiles', async (transaction) => {
      await transaction
        .insertInto('profiles')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
      return true;
    });
  }

  /** False where there is none. */
  remove(name: string): Promise<boolean> {
    return changeSubject(this.#database, 'profiles', async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('profiles')
        .where('name', '=', name)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    });
  }

  /** Goes up with every change, by whichever server. */
  version(): Promise<number> {
    return readVersion(this.#database.kysely, 'profiles');
  }
}
