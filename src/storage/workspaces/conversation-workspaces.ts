import type { Kysely } from 'kysely';
import { chunksOf } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

/** Which workspace conversations have that have one of their own; implements the engine's port. */
export class ConversationWorkspaces {
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#now = now;
  }

  /** The workspace of the first of these marks that has one; null where none has. */
  async find(owner: string, marks: readonly string[]): Promise<string | null> {
    for (const wanted of chunksOf(marks)) {
      const rows = await this.#db
        .selectFrom('conversation_workspaces')
        .select(['mark', 'workspace_id'])
        .where('owner', '=', owner)
        .where('mark', 'in', wanted)
        .execute();
      const found = new Map(rows.map((row) => [row.mark, row.workspace_id]));
      const best = wanted.find((mark) => found.has(mark));
      if (best !== undefined) return found.get(best) ?? null;
    }
    return null;
  }

  /** Remembers the workspace of these marks; a later one for the same mark replaces it. */
  async save(owner: string, marks: readonly string[], workspaceId: string): Promise<void> {
    if (marks.length === 0) return;
    const known = { updated_at: this.#now(), workspace_id: workspaceId };
    await this.#db
      .insertInto('conversation_workspaces')
      .values([...new Set(marks)].map((mark) => ({ owner, mark, ...known })))
      .onConflict((conflict) => conflict.columns(['owner', 'mark']).doUpdateSet(known))
      .execute();
  }

  /** Forgets marks that were not saved since the given time. Returns how many. */
  async deleteIdleSince(time: Date): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('conversation_workspaces')
      .where('updated_at', '<', time.getTime())
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}
