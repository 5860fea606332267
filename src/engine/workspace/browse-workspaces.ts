import { randomUUID } from 'node:crypto';
import { lstat, readdir, realpath, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { sharedWorkspaceId } from '../../turn/index.ts';
import type { ChangeTracker } from './changes/change-tracker.ts';
import { mediaTypeOfName } from './files/media-type.ts';
import { openDirectoryInside } from './files/open-inside.ts';
import { removeEntry } from './files/remove-tree.ts';
import type { WorkspaceEntry, WorkspaceFile } from './files/workspace-file.ts';
import { asWorkspaceFileError } from './files/workspace-file-error.ts';
import { WorkspaceFiles } from './files/workspace-files.ts';
import { directoryOfPlace, hiddenInRoot, ownWorkspaceId, type WorkspacePlace } from './workspace-names.ts';
import { zipLimits } from './workspace-store.ts';

export type WorkspaceKind = 'shared' | 'key' | 'conversation' | 'named' | 'container';

/** A directory that agents work in, whoever's it is. */
export interface BrowsedWorkspace {
  /** Stable; opaque to those outside. */
  readonly id: string;
  readonly kind: WorkspaceKind;
  /** That of a named one. */
  readonly name: string | undefined;
  readonly files: number;
  readonly bytes: number;
  /** There is more than was counted. */
  readonly truncated: boolean;
  /** Null: not known. */
  readonly lastUsedAt: Date | null;
}

export interface BrowsedFile extends WorkspaceEntry {
  readonly name: string;
  readonly mediaType: string | null;
}

export interface WorkspaceBrowserOptions {
  /** Absolute: the directory that holds the workspaces, and is the shared one. */
  readonly root: string;
  readonly tracker: Pick<ChangeTracker, 'usage' | 'writing' | 'isBusy'>;
  /** When the workspace in this directory was used last, as far as that is known better than by its time. */
  readonly lastUsed?: (name: string) => Promise<Date | undefined>;
  /** Does the work while nobody is in the workspace of this name; false, and nothing is done, where somebody is. */
  readonly alone?: (name: string, work: () => Promise<void>) => Promise<boolean>;
}

/** Of one listing of workspaces, and of one directory in it. */
const mostWorkspaces = 1_000;
const mostEntries = 5_000;
/** Files of one workspace that are counted. */
const mostCounted = 20_000;
/** Workspaces that are counted at once. */
const lanes = 4;

const kinds: readonly (readonly [prefix: string, kind: WorkspaceKind])[] = [
  ['owner-', 'key'],
  ['conversation-', 'conversation'],
  ['directory-', 'named'],
  ['container-', 'container'],
];

/**
 * All workspaces of the server, for its operators. A workspace is known by the name of its directory, which tells its kind and
 * not its owner. As with WorkspaceFiles, nothing outside of a workspace is reached. Undefined is told of a workspace that is
 * not there; of files, the methods throw WorkspaceFileError.
 */
export class WorkspaceBrowser {
  readonly #options: WorkspaceBrowserOptions;

  constructor(options: WorkspaceBrowserOptions) {
    this.#options = options;
  }

  /** The id here of an owner's own workspace. */
  ownId(owner: string): string {
    return ownWorkspaceId(owner);
  }

  /** The id here of a workspace by its place. */
  idOf(place: WorkspacePlace): string {
    return directoryOfPlace(place) ?? sharedWorkspaceId;
  }

  /** Those that were used last first; at most a thousand. */
  async list(): Promise<BrowsedWorkspace[]> {
    const root = await this.#root();
    if (root === undefined) return [];
    const names = (await readdir(root)).filter((name) => kindOf(name) !== undefined);
    const found: { id: string; root: string; lastUsedAt: Date }[] = [];
    for (const id of [sharedWorkspaceId, ...names]) {
      const directory = await this.#find(id);
      if (directory === undefined) continue;
      const { mtime } = await stat(directory).catch(() => ({ mtime: new Date(0) }));
      found.push({ id, root: directory, lastUsedAt: (await this.#options.lastUsed?.(id)) ?? mtime });
    }
    found.sort((one, other) => other.lastUsedAt.getTime() - one.lastUsedAt.getTime());
    const told = found.slice(0, mostWorkspaces);
    const workspaces: BrowsedWorkspace[] = Array.from({ length: told.length });
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; ; index = next++) {
        const one = told[index];
        if (one === undefined) return;
        workspaces[index] = await this.#describe(one);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return workspaces;
  }

  /** What is in a directory of it: directories first, then by name. */
  async listFiles(
    id: string,
    directory: string,
  ): Promise<{ entries: BrowsedFile[]; truncated: boolean } | undefined> {
    const files = await this.#files(id);
    if (files === undefined) return undefined;
    const { entries, truncated } = await files.list(directory, { limit: mostEntries });
    const rank = ({ kind }: WorkspaceEntry): number => (kind === 'directory' ? 0 : 1);
    return { entries: entries.map(withName).sort((one, other) => rank(one) - rank(other)), truncated };
  }

  /** Opens a regular file; see WorkspaceFiles. */
  async open(id: string, file: string): Promise<WorkspaceFile | undefined> {
    return (await this.#files(id))?.open(file);
  }

  async archive(id: string): Promise<Readable | undefined> {
    return (await this.#files(id))?.zip('all', zipLimits);
  }

  /** Removes a file, or what is neither a file nor a directory. False where there is no such workspace. */
  async removeFile(id: string, file: string): Promise<boolean> {
    const root = await this.#find(id);
    const files = await this.#files(id);
    if (root === undefined || files === undefined) return false;
    const { kind } = await files.stat(file);
    if (kind === 'directory') throw asWorkspaceFileError(Object.assign(new Error(), { code: 'EISDIR' }));
    const tracked = { id, root, hidden: hiddenIn(id) };
    await this.#options.tracker.writing(tracked, file, () => files.remove(file));
    return true;
  }

  /** Removes a workspace with all that is in it: it vanishes at once, its files a little later. The shared one stays. */
  async remove(id: string): Promise<'removed' | 'not_found' | 'busy' | 'shared'> {
    if (id === sharedWorkspaceId) return 'shared';
    const { tracker, alone = (_, work) => work().then(() => true) } = this.#options;
    const root = await this.#root();
    const directory = await this.#find(id);
    if (root === undefined || directory === undefined) return 'not_found';
    if (tracker.isBusy(directory)) return 'busy';
    const removed = await alone(id, async () => {
      await using parent = await openDirectoryInside(root, []);
      const retired = `.removing-${randomUUID()}`;
      await rename(parent.path(id), parent.path(retired));
      await removeEntry(parent, retired);
    });
    return removed ? 'removed' : 'busy';
  }

  async #describe({
    id,
    root,
    lastUsedAt,
  }: {
    readonly id: string;
    readonly root: string;
    readonly lastUsedAt: Date;
  }): Promise<BrowsedWorkspace> {
    const usage = await this.#options.tracker.usage(
      { id, root, hidden: hiddenIn(id) },
      { maxFiles: mostCounted },
    );
    const { files, bytes, truncated } = usage;
    const kind = kindOf(id) ?? 'shared';
    const name = kind === 'named' ? id.slice('directory-'.length) : undefined;
    return { id, kind, name, files, bytes, truncated, lastUsedAt };
  }

  async #files(id: string): Promise<WorkspaceFiles | undefined> {
    const root = await this.#find(id);
    const hidden = hiddenIn(id);
    return root === undefined ? undefined : new WorkspaceFiles(root, hidden && { hidden });
  }

  /** The directory of a workspace, without links; undefined where there is none, or a link in its place. */
  async #find(id: string): Promise<string | undefined> {
    const root = await this.#root();
    if (root === undefined || id === sharedWorkspaceId) return root;
    if (kindOf(id) === undefined) return undefined;
    const directory = path.join(root, id);
    const stats = await lstat(directory).catch(() => undefined);
    return stats?.isDirectory() ? directory : undefined;
  }

  async #root(): Promise<string | undefined> {
    return realpath(this.#options.root).catch(() => undefined);
  }
}

/** Undefined for what is no workspace, and what is being removed. */
function kindOf(name: string): WorkspaceKind | undefined {
  if (!hiddenInRoot.test(name)) return undefined;
  return kinds.find(([prefix]) => name.startsWith(prefix))?.[1];
}

function hiddenIn(id: string): RegExp | undefined {
  return id === sharedWorkspaceId ? hiddenInRoot : undefined;
}

function withName(entry: WorkspaceEntry): BrowsedFile {
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  return { ...entry, name, mediaType: entry.kind === 'file' ? mediaTypeOfName(name) : null };
}
