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

/** One workspace of an owner's. */
export interface WorkspacePlace {
  readonly owner: string;
  /** Its name in this server: as in `FilesChanged`. */
  readonly workspaceId: string;
}

/** The workspace of those who ask without a key: the root itself, in which those of others lie. */
const sharedId = 'shared';
/** Of the directories of others in it. */
const hiddenInRoot = /^(?:owner|container)-[0-9a-f]{24}$/;

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

  /** Undefined where the profile has none. */
  placeFor(owner: string, { workspace }: Pick<Profile, 'workspace'>): WorkspacePlace | undefined {
    if (workspace === 'none') return undefined;
    const isShared = workspace === 'shared' || owner === localOwner;
    return { owner, workspaceId: isShared ? sharedId : ownName(owner) };
  }

  /**
   * The directory of a place, which need not be there. An owner's own is found by that owner alone; any other name is
   * that of a container of the owner's.
   */
  rootOf({ owner, workspaceId }: WorkspacePlace): string {
    const { root } = this.#options;
    if (workspaceId === sharedId) return root;
    if (workspaceId === ownName(owner)) return path.join(root, workspaceId);
    return path.join(root, `container-${digest(JSON.stringify([owner, workspaceId]))}`);
  }

  /** Names at the top of a place that are not of it. */
  hiddenIn({ workspaceId }: WorkspacePlace): RegExp | undefined {
    return workspaceId === sharedId ? hiddenInRoot : undefined;
  }

  #pathFor(owner: string, profile: Profile): string {
    const place = this.placeFor(owner, profile);
    return place === undefined ? this.#options.emptyDir : this.rootOf(place);
  }
}

function ownName(owner: string): string {
  return `owner-${digest(owner)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
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
