import { mkdir, realpath, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Turn } from '../../turn/index.ts';
import type { ChangeTracker } from './changes/change-tracker.ts';
import type { WorkspaceFile } from './files/workspace-file.ts';
import { WorkspaceFileError } from './files/workspace-file-error.ts';
import { WorkspaceFiles } from './files/workspace-files.ts';
import type { WorkspacePlace, Workspaces } from './workspaces.ts';

/** Of one archive. */
const zipLimits = { maxFiles: 20_000, maxBytes: 4 * 1024 ** 3 };

/** The files of workspaces for others than their agents. Whatever a path says, nothing outside of a workspace is touched. */
export class WorkspaceStore {
  readonly #workspaces: Workspaces;
  readonly #tracker: ChangeTracker;

  constructor(workspaces: Workspaces, tracker: ChangeTracker) {
    this.#workspaces = workspaces;
    this.#tracker = tracker;
  }

  /** Where the turn's agent works; undefined where it has no workspace. */
  async placeOf({ owner, profile }: Pick<Turn, 'owner' | 'profile'>): Promise<WorkspacePlace | undefined> {
    return this.#workspaces.placeFor(owner, profile);
  }

  /** Undefined where there is no such file, or it is none that may be read. */
  open(place: WorkspacePlace, path: string): Promise<WorkspaceFile | undefined> {
    return this.#ifThere(place, (files) => files.open(path));
  }

  /**
   * Writes a file with the directories on its way, whole or not at all; the workspace is made on demand. False where
   * something stands there already that may not be replaced, or the path leads nowhere that may be written.
   */
  async write(
    place: WorkspacePlace,
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly replace: boolean },
  ): Promise<boolean> {
    await mkdir(this.#workspaces.rootOf(place), { recursive: true });
    const written = await this.#ifThere(place, (files, root) => {
      const hidden = this.#workspaces.hiddenIn(place);
      const tracked = { id: place.workspaceId, root, ...(hidden && { hidden }) };
      return this.#tracker.writing(tracked, path, () => files.write(path, content, options));
    });
    return written ?? false;
  }

  /** Nothing where there is no such file. */
  async remove(place: WorkspacePlace, path: string): Promise<void> {
    await this.#ifThere(place, (files) => files.remove(path));
  }

  /** All files of the workspace as a zip archive; undefined where there is no such workspace, or it is too large. */
  archive(place: WorkspacePlace): Promise<Readable | undefined> {
    return this.#ifThere(place, (files) => files.zip('all', zipLimits));
  }

  /** Removes a workspace with all that is in it, but for the shared one. */
  async removeWorkspace(place: WorkspacePlace): Promise<void> {
    if (this.#workspaces.hiddenIn(place) !== undefined) return;
    await rm(this.#workspaces.rootOf(place), { recursive: true, force: true });
  }

  async #ifThere<Result>(
    place: WorkspacePlace,
    use: (files: WorkspaceFiles, root: string) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      const root = await realpath(this.#workspaces.rootOf(place)).catch(() => undefined);
      if (root === undefined) return undefined;
      const hidden = this.#workspaces.hiddenIn(place);
      return await use(new WorkspaceFiles(root, hidden && { hidden }), root);
    } catch (error) {
      if (error instanceof WorkspaceFileError && error.problem !== 'failed') return undefined;
      throw error;
    }
  }
}
