import type { RunCheckpoint } from '../checkpoints/run-checkpoint.ts';
import type { DescribeLimits } from './describe-changes.ts';
import { locateFile } from './locate-file.ts';
import { RunChanges } from './run-changes.ts';
import type { Usage } from './scan-thread-messages.ts';
import { ScanThreads } from './scan-threads.ts';
import { WatchedWorkspace } from './watched-workspace.ts';
import { WorkspaceScan } from './workspace-scan.ts';

export interface TrackedWorkspace {
  /** Its name in this server. */
  readonly id: string;
  /** Absolute, without links. */
  readonly root: string;
  /** Names at the top of it that are not of this workspace. */
  readonly hidden?: RegExp | undefined;
}

export interface ChangeTrackerOptions extends Partial<DescribeLimits> {
  /** A workspace with more files and directories is not looked at: only what tools tell of themselves is found. */
  readonly maxEntries?: number;
  /** Most milliseconds that one run's command holds up another's, and a look at the workspace any. */
  readonly patience?: number;
  /** Threads that look at workspaces. */
  readonly threads?: number;
}

/** Workspaces that are remembered while no run is in them. */
const mostIdle = 8;

/** Finds what runs change in their workspaces; see RunChanges. Holds the threads and what is known of each workspace. */
export class ChangeTracker implements AsyncDisposable {
  readonly #threads: ScanThreads;
  readonly #options: ChangeTrackerOptions;
  /** By root; the last used last. */
  readonly #workspaces = new Map<string, WatchedWorkspace>();

  constructor(options: ChangeTrackerOptions = {}) {
    this.#options = options;
    this.#threads = new ScanThreads(options.threads);
  }

  /** A run begins in a workspace. Costs nothing until a tool writes. */
  start({ id, root, hidden }: TrackedWorkspace, checkpoint?: RunCheckpoint): RunChanges {
    const { changes = 200, diffCharacters = 100_000, contentBytes = 256 * 1024 * 1024 } = this.#options;
    return new RunChanges({
      workspaceId: id,
      root,
      hidden,
      threads: this.#threads,
      workspace: this.#watched(root, hidden),
      limits: { changes, diffCharacters, contentBytes },
      patience: this.#patience,
      checkpoint,
    });
  }

  /** Whether a run is under way in the workspace at this root. */
  isBusy(root: string): boolean {
    return (this.#workspaces.get(root)?.runs ?? 0) > 0;
  }

  /** Does a write of the server's own, an upload for one, so that no run takes it for its command's work. `path`: in the workspace. */
  async writing<Result>(
    { root, hidden }: TrackedWorkspace,
    path: string,
    write: () => Promise<Result>,
  ): Promise<Result> {
    const located = await locateFile(root, path, hidden);
    if (located === undefined) return write();
    const claim = this.#watched(root, hidden).claim(located);
    try {
      return await write();
    } finally {
      const limits = { textBytes: 0, hashBytes: 0 };
      const read = this.#threads.ask(0, { op: 'read', root, paths: [located], limits });
      await read.then(
        ([state]) => claim.settle(state),
        () => claim.withdraw(),
      );
    }
  }

  /** Counts all files of a workspace, up to a bound. */
  usage({ root, hidden }: TrackedWorkspace, { maxFiles }: { readonly maxFiles: number }): Promise<Usage> {
    return this.#threads.ask(this.#threads.count - 1, { op: 'usage', root, hidden, maxFiles });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads[Symbol.asyncDispose]();
  }

  #watched(root: string, hidden: RegExp | undefined): WatchedWorkspace {
    const known = this.#workspaces.get(root);
    const { maxEntries = 200_000 } = this.#options;
    const workspace =
      known ??
      new WatchedWorkspace(new WorkspaceScan(this.#threads, { root, hidden, maxEntries }), this.#patience);
    this.#workspaces.delete(root);
    this.#workspaces.set(root, workspace);
    this.#forgetIdle();
    return workspace;
  }

  #forgetIdle(): void {
    const idle = [...this.#workspaces].slice(0, -1).filter(([, workspace]) => workspace.runs === 0);
    for (const [root, workspace] of idle.slice(0, Math.max(0, idle.length - mostIdle))) {
      this.#workspaces.delete(root);
      void workspace.forget();
    }
  }

  get #patience(): number {
    return this.#options.patience ?? 10_000;
  }
}
