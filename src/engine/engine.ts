import type { Effort, PermissionMode, Turn, TurnEvent } from '../turn/index.ts';
import type { ActiveSandbox } from './claude/prepare-confinement.ts';
import type { WorkspaceBrowser } from './workspace/browse-workspaces.ts';
import type { RolledBack } from './workspace/checkpoints/roll-back.ts';
import type { WorkspaceQuota } from './workspace/policy/check-quota.ts';
import type { WorkspaceStore } from './workspace/workspace-store.ts';

/** Claude Code behind one function. Disposing of it ends every process that it started. */
export interface Engine extends AsyncDisposable {
  /**
   * Runs one turn. The events end with exactly one `done` or `error`; the iterable itself does not throw.
   * Aborting the signal, or leaving the loop early, stops the run; a TurnError as the signal's reason is then its error.
   */
  runTurn(turn: Turn, options: { readonly signal: AbortSignal }): AsyncIterable<TurnEvent>;
  /**
   * Puts back what the file tools of the runs that answered a request changed in their workspace; see `rollBack`.
   * `dryRun`: only tells what would be done.
   */
  rollBack(recordId: string, options: { readonly dryRun: boolean }): Promise<RolledBack | null>;
  /** Removes what was kept for putting files back longer ago than it is kept for. Returns of how many requests. */
  removeOldCheckpoints(): Promise<number>;
  /** Changes settings for what begins from now on; turns that run are not touched. Idle processes beyond the bounds are ended. */
  configure(change: Partial<EngineSettings>): void;
  /** The files of workspaces, for others than their agents. */
  readonly workspaces: EngineWorkspaces;
  /** All workspaces, whoever's they are: for the server's operators. */
  readonly workspaceBrowser: EngineWorkspaceBrowser;
  /** Resolves when the start is over, whether it succeeded or not: see `status`. */
  started(): Promise<void>;
  /** The models that the engine offers; empty until it has started. */
  models(): readonly EngineModel[];
  status(): EngineStatus;
}

/** See WorkspaceStore. */
export type EngineWorkspaces = Pick<
  WorkspaceStore,
  'placeOf' | 'open' | 'write' | 'remove' | 'archive' | 'removeWorkspace' | 'isBusy' | 'removeUnused'
>;

/** See WorkspaceBrowser. */
export type EngineWorkspaceBrowser = Pick<
  WorkspaceBrowser,
  'ownId' | 'idOf' | 'list' | 'listFiles' | 'open' | 'archive' | 'removeFile' | 'remove'
>;

/** What may change while the engine runs. */
export interface EngineSettings {
  readonly maxProcesses: number;
  readonly warmSpares: number;
  readonly idleTtlSeconds: number;
  /** Most turns that wait for a process. */
  readonly queueLimit: number;
  readonly requestTimeoutSeconds: number;
  /** The model that spares are started for. */
  readonly defaultModel: string;
  /** The model for Claude Code's own small tasks; absent: its own choice. */
  readonly smallModel?: string | undefined;
  /** Where a profile has none of its own. */
  readonly permissionMode: PermissionMode;
  /** What one workspace may take. */
  readonly workspaceQuota: WorkspaceQuota;
  /** Who is asked about calls that the mode does not let pass; `client`: where its dialect has no way, the console. */
  readonly approvals: 'client' | 'console' | 'deny';
}

export interface EngineModel {
  /** What a turn may name: an alias such as `sonnet`, or a full model id. */
  readonly id: string;
  /** The full model id behind an alias. */
  readonly resolvedId: string;
  readonly displayName: string;
  readonly description: string;
  readonly efforts: readonly Effort[];
  /** The model decides itself when to think; such models refuse sampling parameters. */
  readonly adaptiveThinking: boolean;
}

export interface EngineStatus {
  readonly state: 'starting' | 'ready' | 'failed' | 'closed';
  /** Why it is `failed`. */
  readonly failure?: string;
  readonly credentials: CredentialStatus;
  /** Whether a conversation can be given to a warm process over its input (proven at start, without a model). */
  readonly injection: 'proven' | 'unavailable' | 'untested';
  readonly sandbox: ActiveSandbox;
  readonly pool: PoolStatus;
}

export interface CredentialStatus {
  readonly state: 'present' | 'missing' | 'unknown';
  /** Where Claude Code found it, for instance `ANTHROPIC_API_KEY`; never the credential itself. */
  readonly source?: string;
}

export interface PoolStatus {
  /** Most processes at once. */
  readonly maxProcesses: number;
  readonly running: number;
  /** Processes that keep a conversation between requests. */
  readonly idle: number;
  readonly spares: number;
  /** Turns that wait for a process. */
  readonly queued: number;
  readonly queueLimit: number;
}
