import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type InsideDirectory, openDirectoryInside } from '../files/open-inside.ts';
import { removeEntry } from '../files/remove-tree.ts';
import { asWorkspaceFileError } from '../files/workspace-file-error.ts';
import type { WorkspacePlace } from '../workspace-names.ts';
import type { WorkspaceUses } from './workspace-uses.ts';

export interface WorkspaceRetirementOptions {
  /** Absolute: the directory that holds the workspaces. */
  readonly root: string;
  /** Absolute; in the server's own data, where no agent comes. */
  readonly marksDir: string;
  /** Names of directories that are removed when they are not used; all others are left alone. */
  readonly pattern: RegExp;
  readonly uses: WorkspaceUses;
}

/** What is being removed has such a name meanwhile; nobody's workspace shows it. */
const retiredName = /^\.removing-/;

/**
 * Removes workspaces that nobody used for long. When one was used last is the time of a file in the server's data: what lies
 * in a workspace has times that its agent can set, and a directory's own time does not tell of work deeper in it. The file
 * says whose workspace it is, which the directory's name does not.
 */
export class WorkspaceRetirement {
  readonly #options: WorkspaceRetirementOptions;

  constructor(options: WorkspaceRetirementOptions) {
    this.#options = options;
  }

  /** The workspace of this name is used now. */
  async used(name: string, place: WorkspacePlace | undefined): Promise<void> {
    const mark = path.join(this.#options.marksDir, name);
    const now = new Date();
    try {
      await utimes(mark, now, now);
    } catch {
      await mkdir(this.#options.marksDir, { recursive: true });
      await writeFile(mark, place === undefined ? '' : JSON.stringify(place));
    }
  }

  /** Undefined where that is not known. */
  async lastUsed(name: string): Promise<Date | undefined> {
    try {
      return (await stat(path.join(this.#options.marksDir, name))).mtime;
    } catch (error) {
      if (asWorkspaceFileError(error).problem !== 'not_found') throw error;
      return undefined;
    }
  }

  /** The workspace is there no more. */
  async forget(name: string): Promise<void> {
    await rm(path.join(this.#options.marksDir, name), { force: true });
  }

  /** Removes a workspace with all that is in it. It vanishes at once, before its files are removed. False where it is in use. */
  async remove(name: string): Promise<boolean> {
    await using directory = await this.#open();
    if (directory === undefined) return true;
    // Awaited here: the directory is held open until then.
    return await this.#options.uses.alone(name, async () => {
      const retired = `.removing-${randomUUID()}`;
      try {
        await rename(directory.path(name), directory.path(retired));
      } catch (error) {
        if (asWorkspaceFileError(error).problem !== 'not_found') throw error;
      }
      await this.forget(name);
      await removeEntry(directory, retired);
    });
  }

  /**
   * Removes the workspaces that were last used before the given time, but for those in use. One that has no mark, from before
   * there were any, gets one: its time begins now. Also removes what a removal left that was broken off.
   * @returns the names of those that were removed
   */
  async removeUnused(before: Date): Promise<string[]> {
    const { pattern, uses } = this.#options;
    await using directory = await this.#open();
    if (directory === undefined) return [];
    const entries = await readdir(directory.path(), { withFileTypes: true });
    const removed: string[] = [];
    for (const entry of entries) {
      if (retiredName.test(entry.name)) await removeEntry(directory, entry.name);
      if (!entry.isDirectory() || !pattern.test(entry.name) || uses.isBusy(entry.name)) continue;
      const usedAt = await this.lastUsed(entry.name);
      if (usedAt === undefined) await this.used(entry.name, undefined);
      if (usedAt === undefined || usedAt >= before) continue;
      if (await this.remove(entry.name)) removed.push(entry.name);
    }
    return removed;
  }

  /** Undefined where there is no workspace yet. */
  async #open(): Promise<InsideDirectory | undefined> {
    const root = await realpath(this.#options.root).catch(() => undefined);
    return root === undefined ? undefined : openDirectoryInside(root, []);
  }
}
