import { type Kysely, sql } from 'kysely';
import { addCountedId } from './add-counted-id.ts';

/**
 * Files that clients uploaded, and containers with the files that runs left in them. Contents lie outside of the
 * database, by their hash. The counted id is where a row stands in lists. The owner stands in the foreign key, so
 * that no file can hang on somebody else's container.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createFiles(db);
  await createContainers(db);
  await createContainerFiles(db);
}

async function createFiles(db: Kysely<unknown>): Promise<void> {
  await addCountedId(db, db.schema.createTable('files'))
    .addColumn('file_id', 'text', (column) => column.notNull().unique())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('filename', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('files_by_owner').on('files').columns(['owner', 'id']).execute();
  await db.schema.createIndex('files_by_purpose').on('files').columns(['owner', 'purpose', 'id']).execute();
  await db.schema.createIndex('files_by_creation').on('files').column('created_at').execute();
  await db.schema.createIndex('files_by_expiry').on('files').column('expires_at').execute();
  await db.schema.createIndex('files_by_content').on('files').column('sha256').execute();
}

async function createContainers(db: Kysely<unknown>): Promise<void> {
  await addCountedId(db, db.schema.createTable('containers'))
    .addColumn('container_id', 'text', (column) => column.notNull().unique())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('workspace_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_active_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_after_minutes', 'integer')
    .addColumn('name', 'text', (column) => column.notNull())
    .addUniqueConstraint('containers_workspace', ['owner', 'workspace_id'])
    .addUniqueConstraint('containers_id_owner', ['container_id', 'owner'])
    .execute();
  await db.schema.createIndex('containers_by_owner').on('containers').columns(['owner', 'id']).execute();
  await db.schema
    .createIndex('containers_by_name')
    .on('containers')
    .columns(['owner', 'name', 'id'])
    .execute();
  await db.schema
    .createIndex('containers_that_expire')
    .on('containers')
    .columns(['last_active_at', 'expires_after_minutes'])
    .where(sql`expires_after_minutes`, 'is not', null)
    .execute();
}

async function createContainerFiles(db: Kysely<unknown>): Promise<void> {
  await addCountedId(db, db.schema.createTable('container_files'))
    .addColumn('file_id', 'text', (column) => column.notNull().unique())
    .addColumn('container_id', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('superseded_at', 'bigint')
    .addColumn('run_id', 'text')
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addForeignKeyConstraint(
      'container_files_container',
      ['container_id', 'owner'],
      'containers',
      ['container_id', 'owner'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('container_files');
  await index('container_files_by_container').columns(['container_id', 'owner']).execute();
  await index('container_files_in_list')
    .columns(['container_id', 'owner', 'id'])
    .where(sql`superseded_at`, 'is', null)
    .execute();
  await index('container_files_by_path')
    .columns(['container_id', 'owner', 'path'])
    .where(sql`superseded_at`, 'is', null)
    .execute();
  await index('container_files_by_run').columns(['container_id', 'owner', 'run_id', 'id']).execute();
  await index('container_files_by_creation').column('created_at').execute();
  await index('container_files_by_content').column('sha256').execute();
}
