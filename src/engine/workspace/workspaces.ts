import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { directoryWorkspaceId, type Profile, sharedWorkspaceId, type Turn } from '../../turn/index.ts';
import type { ConversationWorkspaceStore } from '../ports.ts';
import { findConversationWorkspace } from './conversation-workspace.ts';
import { directoryOfPlace, hiddenInRoot, ownWorkspaceId, type WorkspacePlace } from './workspace-names.ts';

const run = promisify(execFile);

/** The owner of requests that name nobody: somebody at this machine. */
export const localOwner = 'local';

export interface WorkspaceOptions {
  /** Absolute. */
  readonly root: string;
  /** An empty directory for profiles that have no workspace. */
  readonly emptyDir: string;
  readonly conversations: ConversationWorkspaceStore;
}

/** What says where a turn's agent works. */
export type PlacedBy = Pick<
  Turn,
  'id' | 'owner' | 'profile' | 'workspaceId' | 'partOf' | 'after' | 'messages'
>;

/** Directories that are known to be no part of a repository around them; further ones are looked at again. */
const mostShielded = 1_000;

/** Finds, and makes on demand, the directory that a turn's agent works in. */
export class Workspaces {
  readonly #options: WorkspaceOptions;
  readonly #shielded = new Set<string>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** Absolute. */
  get root(): string {
    return this.#options.root;
  }

  /** Where a turn's agent works; undefined where it has no workspace. */
  async placeOf(turn: PlacedBy): Promise<WorkspacePlace | undefined> {
    const { owner, profile, workspaceId } = turn;
    if (profile.workspace === 'none') return undefined;
    if (workspaceId !== undefined) return { owner, workspaceId };
    if (profile.workspace !== 'conversation') return placeFor(owner, profile.workspace);
    return { owner, workspaceId: await findConversationWorkspace(turn, this.#options.conversations) };
  }

  /** For those who have one whatever the conversation: see `prepare`. */
  directoryFor(owner: string, { workspace }: Pick<Profile, 'workspace'>): Promise<string> {
    const isNone = workspace === 'none' || workspace === 'conversation';
    return this.prepare(isNone ? undefined : placeFor(owner, workspace));
  }

  /** Makes the directory of a place, unless it is there, or an empty one. Returns its absolute path, symbolic links resolved. */
  async prepare(place: WorkspacePlace | undefined): Promise<string> {
    const directory = place === undefined ? this.#options.emptyDir : this.rootOf(place);
    const made = await mkdir(directory, { recursive: true });
    const real = await realpath(directory);
    if (place === undefined || (made === undefined && this.#shielded.has(real))) return real;
    await shieldFromOuterRepository(real);
    if (this.#shielded.size >= mostShielded) this.#shielded.clear();
    this.#shielded.add(real);
    return real;
  }

  /** The directory of a place, which need not be there. */
  rootOf(place: WorkspacePlace): string {
    return path.join(this.#options.root, directoryOfPlace(place) ?? '');
  }

  /** Names at the top of a place that are not of it. */
  hiddenIn({ workspaceId }: WorkspacePlace): RegExp | undefined {
    return workspaceId === sharedWorkspaceId ? hiddenInRoot : undefined;
  }
}

/** The local owner has the root itself, to share; others a directory each. */
function placeFor(
  owner: string,
  workspace: Exclude<Profile['workspace'], 'none' | 'conversation'>,
): WorkspacePlace {
  if (workspace === 'shared') return { owner, workspaceId: sharedWorkspaceId };
  if (workspace === 'owner') {
    return { owner, workspaceId: owner === localOwner ? sharedWorkspaceId : ownWorkspaceId(owner) };
  }
  return { owner, workspaceId: directoryWorkspaceId(workspace.slice('directory:'.length)) };
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
