import { realpath } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ChangeTracker, TrackedWorkspace } from './changes/change-tracker.ts';
import type { WorkspaceFile } from './files/workspace-file.ts';
import { WorkspaceFileError } from './files/workspace-file-error.ts';
import { WorkspaceFiles } from './files/workspace-files.ts';
import type { WorkspaceKeeper } from './policy/workspace-keeper.ts';
import type { WorkspacePlace } from './workspace-names.ts';
import type { PlacedBy, Workspaces } from './workspaces.ts';

/** Of one archive. */
export const zipLimits = { maxFiles: 20_000, maxBytes: 4 * 1024 ** 3 };

/** The files of workspaces for others than their agents. Whatever a path says, nothing outside of a workspace is touched. */
export class WorkspaceStore {
  readonly #workspaces: Workspaces;
  readonly #tracker: ChangeTracker;
  readonly #keeper: WorkspaceKeeper;

  constructor(workspaces: Workspaces, tracker: ChangeTracker, keeper: WorkspaceKeeper) {
    this.#workspaces = workspaces;
    this.#tracker = tracker;
    this.#keeper = keeper;
  }

  /** Where the turn's agent works; undefined where it has no workspace. A turn that is given the place's id works there. */
  placeOf(turn: PlacedBy): Promise<WorkspacePlace | undefined> {
    return this.#workspaces.placeOf(turn);
  }

  /** Undefined where there is no such file, or it is none that may be read. */
  open(place: WorkspacePlace, path: string): Promise<WorkspaceFile | undefined> {
    return this.#ifThere(place, (files) => files.open(path));
  }

  /**
   * Writes a file of so many bytes with the directories on its way, whole or not at all; the workspace is made on demand.
   * False where something stands there already that may not be replaced, or the path leads nowhere that may be written.
   * @throws TurnError `workspace_full`
   */
  async write(
    place: WorkspacePlace,
    path: string,
    content: AsyncIterable<Uint8Array>,
    { bytes, ...options }: { readonly replace: boolean; readonly bytes: number },
  ): Promise<boolean> {
    using _stay = await this.#keeper.enter(place, bytes);
    const written = await this.#ifThere(place, (files, workspace) =>
      this.#tracker.writing(workspace, path, () => files.write(path, content, options)),
    );
    return written ?? false;
  }

  /** Nothing where there is no such file. */
  async remove(place: WorkspacePlace, path: string): Promise<void> {
    await this.#ifThere(place, async (files, workspace) => {
      await files.remove(path);
      this.#keeper.changed(workspace);
    });
  }

  /** All files of the workspace as a zip archive; undefined where there is no such workspace, or it is too large. */
  archive(place: WorkspacePlace): Promise<Readable | undefined> {
    return this.#ifThere(place, (files) => files.zip('all', zipLimits));
  }

  /** Removes a workspace with all that is in it. False for the shared one, and where somebody is at work in it. */
  removeWorkspace(place: WorkspacePlace): Promise<boolean> {
    return this.#keeper.remove(place);
  }

  /** A run or an upload is at work there. */
  isBusy(place: WorkspacePlace): boolean {
    return this.#keeper.isBusy(place);
  }

  /**
   * Removes workspaces of keys and conversations that nobody used since, with their history; none that somebody is at
   * work in. Returns how many.
   */
  removeUnused(before: Date): Promise<number> {
    return this.#keeper.removeUnused(before);
  }

  async #ifThere<Result>(
    place: WorkspacePlace,
    use: (files: WorkspaceFiles, workspace: TrackedWorkspace) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      const root = await realpath(this.#workspaces.rootOf(place)).catch(() => undefined);
      if (root === undefined) return undefined;
      const hidden = this.#workspaces.hiddenIn(place);
      return await use(new WorkspaceFiles(root, hidden && { hidden }), {
        id: place.workspaceId,
        root,
        hidden,
      });
    } catch (error) {
      if (error instanceof WorkspaceFileError && error.problem !== 'failed') return undefined;
      throw error;
    }
  }
}
