import type { Kysely, Transaction } from 'kysely';
import { type ItemPage, pageRows } from '../items/page-items.ts';
import { chunksOf } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { ContainerFilesTable } from '../schema/files.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { makeContainer, type StoredContainer, touchContainer } from './container-store.ts';
import { removeInBatches } from './remove-in-batches.ts';

/** One state of a file in a container. Its content stays as it was, whatever becomes of the file. */
export interface StoredContainerFile {
  readonly id: string;
  readonly containerId: string;
  readonly owner: string;
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** Hexadecimal; names the content in the blob store. */
  readonly sha256: string;
  /** The turn that made it; null for what a client put there. */
  readonly runId: string | null;
  readonly source: 'assistant' | 'user';
  readonly createdAt: number;
  /** Its path has other content by now, or none. */
  readonly superseded: boolean;
}

export type NewContainerFile = Omit<
  StoredContainerFile,
  'containerId' | 'owner' | 'createdAt' | 'superseded'
>;

/** What changed in the workspace of a container. */
export interface ContainerChanges {
  readonly container: Pick<StoredContainer, 'id' | 'owner' | 'workspaceId' | 'name'>;
  readonly files: readonly NewContainerFile[];
  /** Paths at which there is nothing any more, or something that was not kept. */
  readonly gone: readonly string[];
}

export interface ContainerFileList {
  readonly files: readonly StoredContainerFile[];
  readonly hasMore: boolean;
}

/** Files of containers without their contents. Each is found by its owner alone. */
export class ContainerFileStore {
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#now = now;
  }

  /**
   * Notes what changed, all or nothing; what stood at the same paths before is superseded. Where there are files, the
   * container is made with the given id unless the owner has one of this workspace. Returns the container's id.
   */
  async record({ container, files, gone }: ContainerChanges): Promise<string | undefined> {
    const now = this.#now();
    const { owner, workspaceId } = container;
    return this.#db.transaction().execute(async (transaction) => {
      const containerId =
        files.length > 0
          ? await makeContainer(transaction, {
              ...container,
              createdAt: now,
              lastActiveAt: now,
              expiresAfterMinutes: null,
            })
          : await touchContainer(transaction, owner, workspaceId, now);
      if (containerId === undefined) return undefined;
      const paths = [...gone, ...files.map(({ path }) => path)].map(storableText);
      await supersede(transaction, { containerId, owner, paths, now });
      const rows = files.map((file) => toRow({ ...file, containerId, owner, createdAt: now }));
      for (const chunk of chunksOf(rows)) {
        await transaction.insertInto('container_files').values(chunk).execute();
      }
      return containerId;
    });
  }

  /** By its id alone, in whichever of the owner's containers it is. */
  async get(owner: string, id: string): Promise<StoredContainerFile | null> {
    const row = await this.#db
      .selectFrom('container_files')
      .selectAll()
      .where('file_id', '=', id)
      .where('owner', '=', owner)
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  }

  /**
   * What is in the container, as far as is known, in the order in which it came there.
   * @throws {StorageError} `unknown_item` where the container never had a file of the cursor's id.
   */
  async list(owner: string, containerId: string, page: ItemPage): Promise<ContainerFileList> {
    const ofContainer = this.#ofContainer(owner, containerId);
    const { rows, hasMore } = await pageRows(
      {
        positionsOf: async (ids) => {
          const known = await ofContainer.select(['file_id', 'id']).where('file_id', 'in', ids).execute();
          return new Map(known.map((row) => [row.file_id, row.id]));
        },
        read: ({ above, below, direction, limit }) =>
          ofContainer
            .selectAll()
            .where('superseded_at', 'is', null)
            .$if(above !== undefined, (query) => query.where('id', '>', above ?? 0))
            .$if(below !== undefined, (query) => query.where('id', '<', below ?? 0))
            .orderBy('id', direction)
            .limit(limit)
            .execute(),
      },
      page,
    );
    return { files: rows.map(fromRow), hasMore };
  }

  /** What a run left in the container, superseded since or not. */
  async ofRun(owner: string, containerId: string, runId: string): Promise<StoredContainerFile[]> {
    const rows = await this.#ofContainer(owner, containerId)
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute();
    return rows.map(fromRow);
  }

  /** False where the owner has no such file. */
  async delete(owner: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('container_files')
      .where('file_id', '=', id)
      .where('owner', '=', owner)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Deletes, in batches, those kept before the time. Returns how many. */
  async removeOlderThan(time: number): Promise<number> {
    return removeInBatches(this.#db, 'container_files', (query) => query.where('created_at', '<', time));
  }

  #ofContainer(owner: string, containerId: string) {
    return this.#db
      .selectFrom('container_files')
      .where('container_id', '=', containerId)
      .where('owner', '=', owner);
  }
}

async function supersede(
  transaction: Transaction<Schema>,
  where: {
    readonly containerId: string;
    readonly owner: string;
    readonly paths: readonly string[];
    readonly now: number;
  },
): Promise<void> {
  for (const paths of chunksOf([...new Set(where.paths)])) {
    await transaction
      .updateTable('container_files')
      .set({ superseded_at: where.now })
      .where('container_id', '=', where.containerId)
      .where('owner', '=', where.owner)
      .where('path', 'in', paths)
      .where('superseded_at', 'is', null)
      .execute();
  }
}

function toRow(file: Omit<StoredContainerFile, 'superseded'>): Omit<ContainerFilesTable, 'id'> {
  return {
    file_id: file.id,
    container_id: file.containerId,
    owner: file.owner,
    source: file.source,
    bytes: file.bytes,
    sha256: file.sha256,
    created_at: file.createdAt,
    superseded_at: null,
    run_id: file.runId,
    media_type: storableText(file.mediaType),
    path: storableText(file.path),
  };
}

function fromRow(row: Omit<ContainerFilesTable, 'id'>): StoredContainerFile {
  return {
    id: row.file_id,
    containerId: row.container_id,
    owner: row.owner,
    path: row.path,
    bytes: row.bytes,
    mediaType: row.media_type,
    sha256: row.sha256,
    runId: row.run_id,
    source: row.source,
    createdAt: row.created_at,
    superseded: row.superseded_at !== null,
  };
}
