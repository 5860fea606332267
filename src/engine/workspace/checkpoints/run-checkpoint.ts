import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileState } from '../changes/file-state.ts';
import { locateInside } from '../changes/locate-file.ts';
import { openDirectoryInside } from '../files/open-inside.ts';
import { splitPath } from '../files/path-names.ts';
import { asWorkspaceFileError } from '../files/workspace-file-error.ts';
import { WorkspaceFiles } from '../files/workspace-files.ts';
import { type KeptFile, type Manifest, unknownContent } from './manifest.ts';

export interface CheckpointedRun {
  /** What the run is called in records; the turns of one request share it. */
  readonly recordId: string;
  readonly turnId: string;
  readonly workspaceId: string;
  /** Absolute, without links. */
  readonly root: string;
  /** Names at the top of it that are not of this workspace. */
  readonly hidden?: RegExp | undefined;
}

/** Bytes, of one file and of all that one run changes. */
export interface CheckpointLimits {
  readonly file: number;
  readonly run: number;
}

/** What the run's own account says of a file at its end; undefined: it says nothing. */
export type StateAtEnd = (path: string) => { readonly after: FileState | undefined } | undefined;

/**
 * Keeps a copy of each file that a run's file tools write, as it was before the first of them did. Claude Code's own
 * checkpoints end with the process that wrote them (see the decision on rolling back). Nothing here throws.
 */
export class RunCheckpoint {
  readonly #run: CheckpointedRun;
  readonly #directory: string;
  readonly #limits: CheckpointLimits;
  readonly #files: WorkspaceFiles;
  readonly #kept = new Map<string, Promise<KeptFile | undefined>>();
  #bytes = 0;
  #copies = 0;

  /** `directory`: for this run alone; it is made on demand. */
  constructor(run: CheckpointedRun, directory: string, limits: CheckpointLimits) {
    this.#run = run;
    this.#directory = directory;
    this.#limits = limits;
    this.#files = new WorkspaceFiles(run.root, run.hidden && { hidden: run.hidden });
  }

  /** Before a file tool writes a file, which it names in its own way. */
  async keep(named: string): Promise<void> {
    const located = await locateInside(this.#run.root, named, this.#run.hidden).catch(() => undefined);
    if (located === undefined) return;
    const keeping = this.#kept.get(located) ?? this.#keep(located).catch(() => undefined);
    this.#kept.set(located, keeping);
    await keeping;
  }

  /** The run is over. Where it changed nothing, nothing is left here. */
  async end(stateAtEnd: StateAtEnd): Promise<void> {
    const kept = (await Promise.all(this.#kept.values())).filter((file) => file !== undefined);
    this.#kept.clear();
    if (kept.length === 0) return;
    try {
      const files = await Promise.all(
        kept.map(async (file) => ({ ...file, after: await this.#after(file.path, stateAtEnd) })),
      );
      const changed = files.filter(({ before, after }) => after !== contentOf(before));
      if (changed.length === 0) throw new Error('nothing was changed');
      const { recordId, turnId, workspaceId, root } = this.#run;
      const facts = { recordId, turnId, workspaceId, root, endedAt: Date.now(), rolledBackAt: null };
      await this.#write({ ...facts, files: changed });
    } catch {
      await rm(this.#directory, { recursive: true, force: true }).catch(() => {});
    }
  }

  async #keep(located: string): Promise<KeptFile | undefined> {
    const names = splitPath(located);
    const facts = { path: located, keptAt: Date.now(), after: null };
    const directories = await this.#directoriesThere(names.slice(0, -1));
    try {
      return { ...facts, directories, before: await this.#copy(located) };
    } catch (error) {
      const { problem } = asWorkspaceFileError(error);
      if (problem === 'wrong_kind') return undefined;
      return { ...facts, directories, before: problem === 'not_found' ? 'none' : 'unkept' };
    }
  }

  async #copy(located: string): Promise<KeptFile['before']> {
    const file = await this.#files.open(located);
    if (file.size > this.#limits.file || this.#bytes + file.size > this.#limits.run) {
      await file[Symbol.asyncDispose]();
      return 'unkept';
    }
    this.#bytes += file.size;
    const copy = String(this.#copies++);
    const hash = createHash('sha256');
    const digest = new Transform({
      transform(chunk, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const target = createWriteStream(path.join(this.#directory, copy), { mode: 0o600 });
    await pipeline(file.stream(), digest, target);
    return { copy, sha256: hash.digest('hex'), executable: file.executable };
  }

  async #directoriesThere(names: readonly string[]): Promise<number> {
    for (let count = names.length; count > 0; count--) {
      try {
        await using _ = await openDirectoryInside(this.#run.root, names.slice(0, count));
        return count;
      } catch {
        // The one above it may be there.
      }
    }
    return 0;
  }

  async #after(located: string, stateAtEnd: StateAtEnd): Promise<string | null> {
    const told = stateAtEnd(located);
    if (told !== undefined && told.after === undefined) return null;
    return told?.after?.content?.sha256 ?? digestOf(this.#files, located);
  }

  async #write(manifest: Manifest): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await writeFile(path.join(this.#directory, manifestName), JSON.stringify(manifest), { mode: 0o600 });
  }
}

export const manifestName = 'manifest.json';

/** The digest of what a file holds now; null where there is none; see `unknownContent`. */
export async function digestOf(files: WorkspaceFiles, located: string): Promise<string | null> {
  try {
    await using file = await files.open(located);
    return await file.sha256();
  } catch (error) {
    return asWorkspaceFileError(error).problem === 'not_found' && !(await isThere(files, located))
      ? null
      : unknownContent;
  }
}

/** The digest of what was before; null where there was no file. */
export function contentOf(before: KeptFile['before']): string | null | undefined {
  return before === 'none' ? null : before === 'unkept' ? undefined : before.sha256;
}

/** Links, FIFOs and the like cannot be opened and are there all the same. */
async function isThere(files: WorkspaceFiles, located: string): Promise<boolean> {
  return files.stat(located).then(
    () => true,
    () => false,
  );
}
