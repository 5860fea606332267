import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zipFiles } from '../../engine/index.ts';
import type { Turn } from '../../turn/index.ts';
import type { OpenWorkspaceFile, WorkspaceAccess, WorkspacePlace } from '../files/workspace-access.ts';

/** Workspaces in memory. Each owner has one, called `workspace`, besides those that were made for containers. */
export class MemoryWorkspaces implements WorkspaceAccess {
  /** `owner workspaceId` of those in which somebody is at work. */
  readonly busy = new Set<string>();
  readonly #workspaces = new Map<string, Map<string, Buffer>>();

  /** Its files by path, to look into and to change; made on demand. */
  of({ owner, workspaceId }: WorkspacePlace): Map<string, Buffer> {
    const name = `${owner} ${workspaceId}`;
    const files = this.#workspaces.get(name) ?? new Map<string, Buffer>();
    this.#workspaces.set(name, files);
    return files;
  }

  has({ owner, workspaceId }: WorkspacePlace): boolean {
    return this.#workspaces.has(`${owner} ${workspaceId}`);
  }

  async placeOf({ owner, profile, workspaceId = 'workspace' }: Turn): Promise<WorkspacePlace | undefined> {
    return profile.workspace === 'none' ? undefined : { owner, workspaceId };
  }

  async open(place: WorkspacePlace, path: string): Promise<OpenWorkspaceFile | undefined> {
    const content = this.of(place).get(path);
    if (content === undefined) return undefined;
    return {
      size: content.length,
      stream: () => Readable.from([content]),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async write(
    place: WorkspacePlace,
    path: string,
    content: AsyncIterable<Uint8Array>,
    { replace }: { readonly replace: boolean },
  ): Promise<boolean> {
    const files = this.of(place);
    // As a file system does where a directory stands there.
    const isTaken = [...files.keys()].some((other) => other.startsWith(`${path}/`));
    if (isTaken || path.split('/').includes('..') || (files.has(path) && !replace)) return false;
    files.set(path, await buffer(content));
    return true;
  }

  async remove(place: WorkspacePlace, path: string): Promise<void> {
    this.of(place).delete(path);
  }

  async archive(place: WorkspacePlace): Promise<Readable | undefined> {
    if (!this.has(place)) return undefined;
    const files = this.of(place);
    return zipFiles(
      [...files.keys()].map((path) => ({ path })),
      async (path) => ({
        modifiedAt: new Date(0),
        executable: false,
        stream: () => Readable.from([files.get(path) ?? Buffer.alloc(0)]),
      }),
    );
  }

  async removeWorkspace(place: WorkspacePlace): Promise<boolean> {
    const name = `${place.owner} ${place.workspaceId}`;
    if (this.busy.has(name)) return false;
    this.#workspaces.delete(name);
    return true;
  }
}
