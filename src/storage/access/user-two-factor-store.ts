import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

export interface StoredTwoFactor {
  /** Sealed. */
  readonly secret: string;
  readonly since: number;
  /** Codes of this time step and of earlier ones are used up. */
  readonly lastStep: number;
  readonly recoveryCodesLeft: number;
}

/** Who signs in with a code, too. What is used up is so for all servers at once. */
export class DatabaseTwoFactorStore {
  readonly #db: Kysely<Schema>;

  constructor({ kysely }: Pick<Database, 'kysely'>) {
    this.#db = kysely;
  }

  /** Null where it is off. */
  async find(userId: string): Promise<StoredTwoFactor | null> {
    const row = await this.#db
      .selectFrom('webui_users')
      .select(['totp_secret as secret', 'totp_since as since', 'totp_last_step as lastStep'])
      .where('id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { secret, since, lastStep } = row;
    if (secret === null || since === null || lastStep === null) return null;
    return { secret, since, lastStep, recoveryCodesLeft: await this.#countCodes(userId) };
  }

  /** False where it is on already, or there is no such user. */
  async turnOn(
    userId: string,
    {
      secret,
      since,
      lastStep,
      recoveryHashes,
    }: Omit<StoredTwoFactor, 'recoveryCodesLeft'> & { readonly recoveryHashes: readonly string[] },
  ): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('webui_users')
        .set({ totp_secret: secret, totp_since: since, totp_last_step: lastStep })
        .where('id', '=', userId)
        .where('totp_since', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await replaceCodes(transaction, userId, recoveryHashes);
      return true;
    });
  }

  /** Recovery codes go with it. False where it was off. */
  async turnOff(userId: string): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('webui_users')
        .set({ totp_secret: null, totp_since: null, totp_last_step: null })
        .where('id', '=', userId)
        .where('totp_since', 'is not', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await replaceCodes(transaction, userId, []);
      return true;
    });
  }

  /** Uses a time step up. False where it, or a later one, was used before, or `since` is not that of now. */
  async takeStep(userId: string, since: number, step: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('webui_users')
      .set({ totp_last_step: step })
      .where('id', '=', userId)
      .where('totp_since', '=', since)
      .where('totp_last_step', '<', step)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Uses a recovery code up. Resolves to how many are left; null where there is no such code. */
  async takeRecoveryCode(userId: string, hash: string): Promise<number | null> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('webui_recovery_codes')
      .where('user_id', '=', userId)
      .where('code_hash', '=', hash)
      .executeTakeFirst();
    return numDeletedRows > 0n ? this.#countCodes(userId) : null;
  }

  /** False where `since` is not that of now: then nothing changes. */
  async replaceRecoveryCodes(userId: string, since: number, hashes: readonly string[]): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      // Changes nothing, and has others wait who turn it off or replace the codes, too.
      const { numUpdatedRows } = await transaction
        .updateTable('webui_users')
        .set({ totp_since: since })
        .where('id', '=', userId)
        .where('totp_since', '=', since)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await replaceCodes(transaction, userId, hashes);
      return true;
    });
  }

  async #countCodes(userId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('webui_recovery_codes')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}

async function replaceCodes(
  transaction: Transaction<Schema>,
  userId: string,
  hashes: readonly string[],
): Promise<void> {
  await transaction.deleteFrom('webui_recovery_codes').where('user_id', '=', userId).execute();
  if (hashes.length === 0) return;
  const rows = hashes.map((hash) => ({ user_id: userId, code_hash: hash }));
  await transaction.insertInto('webui_recovery_codes').values(rows).execute();
}
