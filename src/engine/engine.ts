import type { Effort, PermissionMode, Turn, TurnEvent } from '../turn/index.ts';
import type { WorkspaceStore } from './workspace/workspace-store.ts';

/** Claude Code behind one function. Disposing of it ends every process that it started. */
export interface Engine extends AsyncDisposable {
  /**
   * Runs one turn. The events end with exactly one `done` or `error`; the iterable itself does not throw.
   * Aborting the signal, or leaving the loop early, stops the run; a TurnError as the signal's reason is then its error.
   */
  runTurn(turn: Turn, options: { readonly signal: AbortSignal }): AsyncIterable<TurnEvent>;
  /** Changes settings for what begins from now on; turns that run are not touched. Idle processes beyond the bounds are ended. */
  configure(change: Partial<EngineSettings>): void;
  /** The files of workspaces, for others than their agents. */
  readonly workspaces: EngineWorkspaces;
  /** Resolves when the start is over, whether it succeeded or not: see `status`. */
  started(): Promise<void>;
  /** The models that the engine offers; empty until it has started. */
  models(): readonly EngineModel[];
  status(): EngineStatus;
}

/** See WorkspaceStore. */
export type EngineWorkspaces = Pick<
  WorkspaceStore,
  'placeOf' | 'open' | 'write' | 'remove' | 'archive' | 'removeWorkspace'
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
