import type { Kysely } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

/** A workspace of which the database knows whose it is. */
export interface StoredWorkspace {
  readonly owner: string;
  readonly workspaceId: string;
  /** That of its container, where it has one. */
  readonly name?: string | undefined;
}

/** Most of each kind: of conversations those used last, of containers those made last. */
const most = 5_000;
/** Most marks that are looked at: each turn of a conversation leaves some. */
const mostMarks = 50_000;

/** Containers, and the workspaces of conversations, whoever's they are. */
export async function listStoredWorkspaces({ kysely }: Pick<Database, 'kysely'>): Promise<StoredWorkspace[]> {
  const [containers, conversations] = await Promise.all([findContainers(kysely), findConversations(kysely)]);
  return [...conversations, ...containers];
}

async function findContainers(db: Kysely<Schema>): Promise<StoredWorkspace[]> {
  const rows = await db
    .selectFrom('containers')
    .select(['owner', 'workspace_id', 'name'])
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({ owner: row.owner, workspaceId: row.workspace_id, name: row.name }));
}

async function findConversations(db: Kysely<Schema>): Promise<StoredWorkspace[]> {
  const rows = await db
    .selectFrom(({ selectFrom }) =>
      selectFrom('conversation_workspaces')
        .select(['owner', 'workspace_id', 'updated_at'])
        .orderBy('updated_at', 'desc')
        .limit(mostMarks)
        .as('mark'),
    )
    .select(['owner', 'workspace_id'])
    .groupBy(['owner', 'workspace_id'])
    .orderBy(({ fn }) => fn.max('updated_at'), 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({ owner: row.owner, workspaceId: row.workspace_id }));
}
