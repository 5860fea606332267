import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Profile } from '../../turn/index.ts';

const run = promisify(execFile);

/** The owner of requests that name nobody: somebody at this machine. */
export const localOwner = 'local';

export interface WorkspaceOptions {
  /** Absolute. */
  readonly root: string;
  /** An empty directory for profiles that have no workspace. */
  readonly emptyDir: string;
}

/** Finds, and makes on demand, the directory that a turn's agent works in. */
export class Workspaces {
  readonly #options: WorkspaceOptions;
  readonly #ready = new Map<string, Promise<string>>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** The absolute path, symbolic links resolved. The local owner has the root itself, to share; others a directory each. */
  directoryFor(owner: string, profile: Profile): Promise<string> {
    const directory = this.#pathFor(owner, profile);
    let ready = this.#ready.get(directory);
    if (ready === undefined) {
      ready = prepare(directory, profile);
      ready.catch(() => this.#ready.delete(directory));
      this.#ready.set(directory, ready);
    }
    return ready;
  }

  #pathFor(owner: string, profile: Profile): string {
    if (profile.workspace === 'none') return this.#options.emptyDir;
    if (profile.workspace === 'shared' || owner === localOwner) return this.#options.root;
    const name = createHash('sha256').update(owner).digest('hex').slice(0, 24);
    return path.join(this.#options.root, `owner-${name}`);
  }
}

async function prepare(directory: string, profile: Profile): Promise<string> {
  await mkdir(directory, { recursive: true });
  const real = await realpath(directory);
  if (profile.workspace !== 'none') await shieldFromOuterRepository(real);
  return real;
}

/**
 * Claude Code tells the model the state of the git repository around its directory. A workspace inside another
 * checkout (`public/` in a clone of this project, for one) becomes a repository of its own, so that the outer
 * one stays private.
 */
async function shieldFromOuterRepository(directory: string): Promise<void> {
  const outer = await run('git', ['-C', directory, 'rev-parse', '--show-toplevel']).catch(() => undefined);
  if (outer === undefined || outer.stdout.trim() === directory) return;
  await run('git', ['init', '--quiet', directory]);
}
