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

/** Most of each kind; those used last. */
const most = 5_000;

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
    .selectFrom('conversation_workspaces')
    .select(['owner', 'workspace_id'])
    .orderBy('updated_at', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({ owner: row.owner, workspaceId: row.workspace_id }));
}
