import type { Readable } from 'node:stream';
import type { Turn } from '../../turn/index.ts';

/** One workspace of an owner's. */
export interface WorkspacePlace {
  readonly owner: string;
  /** As in `FilesChanged`. */
  readonly workspaceId: string;
}

/** A regular file that is held open. Disposing of it closes it; so does the end of its stream. */
export interface OpenWorkspaceFile extends AsyncDisposable {
  /** Bytes. */
  readonly size: number;
  /** To be called once. */
  stream(): Readable;
}

/** What is done here to the files of workspaces. Whatever a path says, nothing outside of the workspace is touched. */
export interface WorkspaceAccess {
  /** Where the turn's agent works; undefined where it has no workspace. A turn that is given the place's id works there. */
  placeOf(turn: Turn): Promise<WorkspacePlace | undefined>;
  /** Undefined where there is no such file, or it is none that may be read. */
  open(place: WorkspacePlace, path: string): Promise<OpenWorkspaceFile | undefined>;
  /**
   * Writes a file of so many bytes with the directories on its way, whole or not at all; the workspace is made on demand.
   * False where something stands there already that may not be replaced, or the path leads nowhere that may be written.
   * Rejects with a TurnError `workspace_full` where there is no room for it.
   */
  write(
    place: WorkspacePlace,
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly replace: boolean; readonly bytes: number },
  ): Promise<boolean>;
  /** Nothing where there is no such file. */
  remove(place: WorkspacePlace, path: string): Promise<void>;
  /** All files of the workspace as a zip archive; undefined where there is no such workspace. */
  archive(place: WorkspacePlace): Promise<Readable | undefined>;
  /** Removes a workspace that was made for a container; false, and nothing is done, while somebody is at work in it. */
  removeWorkspace(place: WorkspacePlace): Promise<boolean>;
}
