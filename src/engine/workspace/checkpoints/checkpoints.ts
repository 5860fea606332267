import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, manifest } from './manifest.ts';
import {
  type CheckpointedRun,
  type CheckpointLimits,
  manifestName,
  RunCheckpoint,
} from './run-checkpoint.ts';

export interface CheckpointOptions extends Partial<CheckpointLimits> {
  /** How long copies are kept, in milliseconds. */
  readonly keepMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A run whose files were kept. */
export interface StoredCheckpoint {
  readonly manifest: Manifest;
  /** Where its copies lie. */
  readonly directory: string;
}

const mebibyte = 1024 * 1024;
const keptMs = 7 * 24 * 60 * 60 * 1000;

/** What is kept of runs on this server, to put their files back: `<directory>/<request>/<turn>/`. */
export class Checkpoints {
  readonly #directory: string;
  readonly #limits: CheckpointLimits;
  readonly #keepMs: number;
  readonly #now: () => number;

  /** `directory`: absolute, out of reach of agents; it is made on demand. */
  constructor(directory: string, options: CheckpointOptions = {}) {
    const { file = 64 * mebibyte, run = 512 * mebibyte, now = Date.now } = options;
    this.#directory = directory;
    this.#limits = { file, run };
    this.#keepMs = options.keepMs ?? keptMs;
    this.#now = now;
  }

  begin(run: CheckpointedRun): RunCheckpoint {
    const directory = path.join(this.#of(run.recordId), digest(run.turnId));
    return new RunCheckpoint(run, directory, this.#limits);
  }

  /** Of the turns of a request; those that are under way, or changed nothing, are not among them. */
  async find(recordId: string): Promise<StoredCheckpoint[]> {
    const place = this.#of(recordId);
    const found = await Promise.all(
      (await namesIn(place)).map(async (name) => {
        const directory = path.join(place, name);
        const stored = await readManifest(directory);
        return stored === undefined ? [] : [{ manifest: stored, directory }];
      }),
    );
    return found.flat();
  }

  async markRolledBack({ manifest: before, directory }: StoredCheckpoint): Promise<void> {
    const draft = path.join(directory, `${manifestName}.part`);
    await writeFile(draft, JSON.stringify({ ...before, rolledBackAt: this.#now() }), { mode: 0o600 });
    await rename(draft, path.join(directory, manifestName));
  }

  /** Removes what is older than it is kept for. Returns of how many requests. */
  async prune(): Promise<number> {
    const oldest = this.#now() - this.#keepMs;
    let removed = 0;
    for (const name of await namesIn(this.#directory)) {
      const place = path.join(this.#directory, name);
      const { mtimeMs } = await stat(place).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs >= oldest) continue;
      await rm(place, { recursive: true, force: true });
      removed++;
    }
    return removed;
  }

  #of(recordId: string): string {
    return path.join(this.#directory, digest(recordId));
  }
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return manifest.parse(JSON.parse(await readFile(path.join(directory, manifestName), 'utf8')));
  } catch {
    return undefined;
  }
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
