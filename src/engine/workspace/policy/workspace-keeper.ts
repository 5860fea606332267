import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Turn, TurnError } from '../../../turn/index.ts';
import type { ConversationWorkspaceStore } from '../../ports.ts';
import type { ChangeTracker, TrackedWorkspace } from '../changes/change-tracker.ts';
import { directoryOfPlace, othersInRoot, type WorkspacePlace } from '../workspace-names.ts';
import type { Workspaces } from '../workspaces.ts';
import { checkQuota, type WorkspaceQuota } from './check-quota.ts';
import { RunHistory } from './commit-run.ts';
import { WorkspaceRetirement } from './retire-workspaces.ts';
import { UsageBook } from './usage-book.ts';
import { WorkspaceUses } from './workspace-uses.ts';

export interface WorkspaceKeeperOptions {
  readonly workspaces: Workspaces;
  readonly tracker: Pick<ChangeTracker, 'usage'>;
  readonly conversations: Pick<ConversationWorkspaceStore, 'deleteIdleSince'>;
  /** Absolute; in the server's own data, where no agent comes. */
  readonly stateDir: string;
  /** As it is now. */
  readonly quota: () => WorkspaceQuota;
  /** Told of a workspace that is there no more; absolute, without links. */
  readonly onRemoved: (root: string) => void;
  /** Each run that changes its workspace is a commit; `searchPath`: where to find git. Absent: none is. */
  readonly commits?: { readonly searchPath: string } | undefined;
}

/** Somebody at work in a workspace, whose directory is there. Disposing of it ends it. */
export interface WorkspaceStay extends Disposable {
  readonly workspace: TrackedWorkspace;
}

/** Of the one that is the root. */
const sharedName = 'shared';
/** Directories that go when they are not used. Named ones are the operator's; containers have an expiry of their own. */
const retired = /^(?:owner|conversation)-[0-9a-f]{24}$/;
/** More than is worth counting. */
const mostFiles = 5_000_000;

/** Keeps order in workspaces: who is at work where, how much one may take, what was done there, and when one goes. */
export class WorkspaceKeeper {
  readonly #options: WorkspaceKeeperOptions;
  readonly #uses = new WorkspaceUses();
  readonly #usage: UsageBook;
  readonly #retirement: WorkspaceRetirement;
  /** Those that are at work. */
  readonly #histories = new Map<string, { readonly history: RunHistory; commits: number }>();

  constructor(options: WorkspaceKeeperOptions) {
    this.#options = options;
    const { workspaces, stateDir, tracker, quota } = options;
    this.#usage = new UsageBook((workspace) =>
      tracker.usage(workspace, { maxFiles: quota().maxFiles ?? mostFiles }),
    );
    this.#retirement = new WorkspaceRetirement({
      root: workspaces.root,
      marksDir: path.join(stateDir, 'used'),
      pattern: retired,
      uses: this.#uses,
    });
  }

  /**
   * Somebody begins to work in a workspace; it is made on demand. `room`: so many bytes are to come in, or 0 for an
   * unknown number; absent: nothing is.
   * @throws TurnError `workspace_full`
   */
  async enter(place: WorkspacePlace, room?: number): Promise<WorkspaceStay> {
    const { workspaces } = this.#options;
    const name = nameOf(place);
    const use = await this.#uses.enter(name);
    try {
      await this.#retirement.used(name, place);
      const root = await workspaces.prepare(place);
      const workspace = { id: place.workspaceId, root, hidden: workspaces.hiddenIn(place) };
      if (room !== undefined) await this.#takeRoom(workspace, room);
      return {
        workspace,
        [Symbol.dispose]: () => {
          use[Symbol.dispose]();
          if (room !== undefined) this.#usage.changed(workspace);
        },
      };
    } catch (error) {
      use[Symbol.dispose]();
      throw error;
    }
  }

  /** Somebody who did not enter changed something there. */
  changed(workspace: TrackedWorkspace): void {
    this.#usage.changed(workspace);
  }

  isBusy(place: WorkspacePlace): boolean {
    return this.#uses.isBusy(nameOf(place));
  }

  /** Notes what a run did, where that is wanted: a commit of how its workspace stands now. The workspace stays until then. */
  noteRun(place: WorkspacePlace, workspace: TrackedWorkspace, turn: Turn): Promise<void> {
    const name = nameOf(place);
    const noted = this.#commit(name, workspace, turn);
    this.#uses.follow(name, noted);
    return noted;
  }

  async #commit(name: string, { root }: TrackedWorkspace, turn: Turn): Promise<void> {
    const { commits } = this.#options;
    if (commits === undefined) return;
    const known = this.#histories.get(name) ?? { history: this.#historyOf(name, root, commits), commits: 0 };
    this.#histories.set(name, known);
    known.commits++;
    try {
      await known.history.commit(describeRun(turn));
    } finally {
      known.commits--;
      if (known.commits === 0) this.#histories.delete(name);
    }
  }

  /** When the workspace in this directory was used last; undefined where that is not known. */
  lastUsed(name: string): Promise<Date | undefined> {
    return this.#retirement.lastUsed(name);
  }

  /** Has a workspace be removed by others while nobody is in it, and forgets it; false, and nothing is done, where somebody is. */
  async takeAway(name: string, remove: () => Promise<void>): Promise<boolean> {
    return this.#uses.alone(name, async () => {
      await remove();
      await this.#retirement.forget(name);
      await this.#forget(name);
    });
  }

  /** Removes a workspace with all that is in it and its history. False where somebody is at work in it, or it is the shared one. */
  async remove(place: WorkspacePlace): Promise<boolean> {
    const name = nameOf(place);
    if (name === sharedName || !(await this.#retirement.remove(name))) return false;
    await this.#forget(name);
    return true;
  }

  /** Removes workspaces that nobody used since, but for the shared one, named ones and containers. Returns how many. */
  async removeUnused(before: Date): Promise<number> {
    const names = await this.#retirement.removeUnused(before);
    for (const name of names) await this.#forget(name);
    await this.#options.conversations.deleteIdleSince(before);
    return names.length;
  }

  async #takeRoom(workspace: TrackedWorkspace, room: number): Promise<void> {
    const quota = this.#options.quota();
    if (quota.maxBytes === undefined && quota.maxFiles === undefined) return;
    const problem = checkQuota(await this.#usage.usageOf(workspace), quota, room);
    if (problem !== undefined) throw new TurnError('workspace_full', problem);
    if (room > 0) this.#usage.add(workspace, room);
  }

  async #forget(name: string): Promise<void> {
    const { workspaces, onRemoved } = this.#options;
    const root = await realpath(workspaces.root).catch(() => workspaces.root);
    const directory = path.join(root, name);
    this.#usage.forget(directory);
    onRemoved(directory);
    await rm(this.#gitDirOf(name), { recursive: true, force: true });
  }

  #historyOf(name: string, root: string, { searchPath }: { readonly searchPath: string }): RunHistory {
    const hidden = name === sharedName ? othersInRoot.map((pattern) => `${pattern}/`) : [];
    return new RunHistory({ root, gitDir: this.#gitDirOf(name), hidden, searchPath });
  }

  #gitDirOf(name: string): string {
    return path.join(this.#options.stateDir, 'history', `${name}.git`);
  }
}

function nameOf(place: WorkspacePlace): string {
  return directoryOfPlace(place) ?? sharedName;
}

function describeRun({ id, owner, model, profile }: Turn): string {
  return `Run ${id}\n\nOwner: ${owner}\nModel: ${model}\nProfile: ${profile.name}`;
}
