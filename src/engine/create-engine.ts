import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type Approver,
  agentProfile,
  modelProfile,
  noUsage,
  type Profile,
  type Turn,
  TurnError,
  type TurnEvent,
} from '../turn/index.ts';
import { asTurnError, unlessAborted } from './abort-turn.ts';
import type { ProcessEnvironment } from './claude/build-options.ts';
import { hasKeyOrCloud } from './claude/credential-kind.ts';
import { instanceOf, reapOrphans } from './claude/end-processes.ts';
import type { Launch } from './claude/launch.ts';
import type { AskTreatment } from './claude/permission-desk.ts';
import { type ActiveSandbox, prepareConfinement, type SandboxChoice } from './claude/prepare-confinement.ts';
import { type EngineFacts, probeEngine } from './claude/probe-engine.ts';
import { refusalUnconfined } from './claude/refuse-unconfined.ts';
import { refusalAsRoot, sandboxVariables } from './claude/root-permissions.ts';
import type {
  Engine,
  EngineSettings,
  EngineStatus,
  EngineWorkspaceBrowser,
  EngineWorkspaces,
} from './engine.ts';
import { TurnPlacer } from './place-turn.ts';
import { ProcessPool } from './pool/process-pool.ts';
import type { ConversationWorkspaceStore, TranscriptStore } from './ports.ts';
import { TurnRunner } from './run-turn.ts';
import { treatAsks } from './treat-asks.ts';
import { WorkspaceBrowser } from './workspace/browse-workspaces.ts';
import { ChangeTracker } from './workspace/changes/change-tracker.ts';
import { Checkpoints } from './workspace/checkpoints/checkpoints.ts';
import { type RolledBack, rollBack } from './workspace/checkpoints/roll-back.ts';
import { WorkspaceKeeper } from './workspace/policy/workspace-keeper.ts';
import { SkillPlugins } from './workspace/skill-plugins.ts';
import { WorkspaceStore } from './workspace/workspace-store.ts';
import { localOwner, Workspaces } from './workspace/workspaces.ts';

export interface EngineOptions extends EngineSettings {
  /** The allow-listed environment of the agent's processes. */
  readonly environment: Readonly<Record<string, string>>;
  /** A Claude credential stands in that environment. */
  readonly credentialInEnvironment: boolean;
  readonly transcripts: TranscriptStore;
  readonly conversationWorkspaces: ConversationWorkspaceStore;
  /** Each run that changed something is a commit in a history of its workspace, in the data directory; absent: none is. */
  readonly commitRuns?: boolean;
  /** Most bytes of a file of which a run's changes tell the content; absent: 256 MiB. */
  readonly maxFileBytes?: number;
  readonly log: EngineLog;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly workspaceRoot: string;
  /** False: histories only go through transcripts, as where the self-test fails. */
  readonly allowInjection?: boolean;
  /** Asks somebody at this server; absent: nobody is there. */
  readonly approver?: Approver;
  /** Absent: `auto`. */
  readonly sandbox?: SandboxChoice;
  /** Absolute; beside the data directory and the user's credentials, what no agent may read or change. */
  readonly protectedPaths?: readonly string[];
  /** Those of the server and its database: no command of an agent reaches them, on whatever host. */
  readonly protectedPorts?: readonly number[];
}

export interface EngineLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** How often a start that failed, or a missing credential, is looked at again. */
const probeAgainMilliseconds = 30_000;

/** Starts the engine; it takes turns at once, and runs them when its self-test is done. */
export function createEngine(options: EngineOptions): Engine {
  return new ClaudeEngine(options);
}

class ClaudeEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #instance: string;
  #environment: ProcessEnvironment;
  #sandbox: ActiveSandbox = { state: 'unavailable', reason: 'The engine is starting.' };
  readonly workspaces: EngineWorkspaces;
  readonly workspaceBrowser: EngineWorkspaceBrowser;
  readonly #workspaces: Workspaces;
  readonly #tracker: ChangeTracker;
  readonly #keeper: WorkspaceKeeper;
  readonly #checkpoints: Checkpoints;
  readonly #skillPlugins: SkillPlugins;
  readonly #closing = new AbortController();
  readonly #started: Promise<Started>;
  #settings: EngineSettings;
  #state: 'starting' | 'ready' | 'failed' | 'closed' = 'starting';
  #failure: string | undefined;
  #facts: EngineFacts | undefined;
  #pool: ProcessPool | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#settings = options;
    this.#instance = instanceOf(options.dataDir);
    this.#workspaces = new Workspaces({
      root: options.workspaceRoot,
      emptyDir: path.join(options.dataDir, 'engine', 'empty'),
      conversations: options.conversationWorkspaces,
    });
    const { maxFileBytes } = options;
    this.#tracker = new ChangeTracker(maxFileBytes === undefined ? {} : { contentBytes: maxFileBytes });
    this.#keeper = new WorkspaceKeeper({
      workspaces: this.#workspaces,
      tracker: this.#tracker,
      conversations: options.conversationWorkspaces,
      stateDir: path.join(options.dataDir, 'engine', 'workspaces'),
      quota: () => this.#settings.workspaceQuota,
      onRemoved: (root) => this.#pool?.endIn(root),
      commits: options.commitRuns ? { searchPath: options.environment['PATH'] ?? '' } : undefined,
    });
    this.workspaces = new WorkspaceStore(this.#workspaces, this.#tracker, this.#keeper);
    this.workspaceBrowser = new WorkspaceBrowser({
      root: options.workspaceRoot,
      tracker: this.#tracker,
      lastUsed: (name) => this.#keeper.lastUsed(name),
      alone: (name, work) => this.#keeper.takeAway(name, work),
    });
    this.#checkpoints = new Checkpoints(path.join(options.dataDir, 'engine', 'checkpoints'));
    this.#skillPlugins = new SkillPlugins(path.join(options.dataDir, 'engine', 'skills'));
    this.#environment = {
      leanChat: hasKeyOrCloud(options.environment),
      variables: {
        // The machine's own login lives in the user's directory; without need of it, ours stays apart.
        ...(options.credentialInEnvironment
          ? { CLAUDE_CONFIG_DIR: path.join(options.dataDir, 'engine', 'claude') }
          : {}),
        ...options.environment,
        ...sandboxVariables({ variables: options.environment, permissionMode: options.permissionMode }),
      },
    };
    this.#started = this.#start();
    // Each turn is told of a failure; see `runTurn`.
    this.#started.catch(() => {});
  }

  async *runTurn(turn: Turn, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<TurnEvent, void> {
    const seconds = this.#settings.requestTimeoutSeconds;
    const timeout = new AbortController();
    const timer = setTimeout(() => {
      const message = `The run took longer than the ${seconds} s that this server allows (REQUEST_TIMEOUT_SECONDS).`;
      timeout.abort(new TurnError('timeout', message, { agentActed: true }));
    }, seconds * 1000);
    try {
      const ends = AbortSignal.any([signal, timeout.signal, this.#closing.signal]);
      const { runner } = await unlessAborted(this.#started, ends);
      yield* runner.run(turn, ends);
    } catch (error) {
      yield { type: 'error', error: asTurnError(error, signal), usage: noUsage };
    } finally {
      clearTimeout(timer);
    }
  }

  rollBack(recordId: string, options: { readonly dryRun: boolean }): Promise<RolledBack | null> {
    return rollBack(recordId, options, {
      checkpoints: this.#checkpoints,
      tracker: this.#tracker,
      hiddenIn: (workspaceId) => this.#workspaces.hiddenIn({ owner: '', workspaceId }),
    });
  }

  removeOldCheckpoints(): Promise<number> {
    return this.#checkpoints.prune();
  }

  configure(change: Partial<EngineSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.#warnOfRefusal();
    this.#pool?.configure(this.#settings);
    this.#refill();
  }

  async started(): Promise<void> {
    await this.#started.catch(() => {});
  }

  models(): EngineFacts['models'] {
    return this.#facts?.models ?? [];
  }

  status(): EngineStatus {
    const { maxProcesses, queueLimit } = this.#settings;
    const failure = this.#failure ?? this.#refusal();
    return {
      state: failure === undefined || this.#state === 'closed' ? this.#state : 'failed',
      ...(failure === undefined ? {} : { failure }),
      credentials: this.#facts?.credentials ?? { state: 'unknown' },
      injection: this.#facts === undefined ? 'untested' : this.#facts.canInject ? 'proven' : 'unavailable',
      sandbox: this.#sandbox,
      pool: this.#pool?.status() ?? { maxProcesses, running: 0, idle: 0, spares: 0, queued: 0, queueLimit },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#again);
    this.#closing.abort(new TurnError('shutting_down', 'The server is shutting down.'));
    const started = await this.#started.catch(() => undefined);
    await started?.runner.settled();
    await started?.pool.close();
    await this.#tracker[Symbol.asyncDispose]();
    const { confinement } = this.#environment;
    if (confinement !== undefined) await rm(confinement.tempRoot, { recursive: true, force: true });
  }

  async #start(): Promise<Started> {
    const { log } = this.#options;
    this.#warnOfRefusal();
    const orphans = await reapOrphans(this.#instance);
    if (orphans > 0) log.warn({ orphans }, 'Ended processes that an earlier server left behind');
    await this.#skillPlugins
      .prune()
      .catch((error: unknown) => log.warn({ err: error }, 'Old copies of skills could not be removed'));
    const directories = await Promise.all(
      [agentProfile, modelProfile].map(
        async (profile) => [profile, await this.#workspaces.directoryFor(localOwner, profile)] as const,
      ),
    );
    await Promise.all([this.#probe(), this.#confine()]);
    const { transcripts } = this.#options;
    const shared = { transcripts, environment: this.#environment, instance: this.#instance };
    const pool = new ProcessPool({
      ...this.#settings,
      ...shared,
      // Those who asked for the answer of Claude Code without more, as an agent and as a chat model.
      expected: () =>
        this.#refusal() === undefined
          ? directories
              .map(([profile, cwd]) => this.#launchOf(profile, cwd))
              .filter((launch) => this.#refusalUnconfined(launch) === undefined)
          : [],
    });
    this.#pool = pool;
    this.#refill();
    const placer = new TurnPlacer({
      ...shared,
      pool,
      skillPlugins: this.#skillPlugins,
      defaults: () => this.#defaults(),
      resolveModel: (model) => this.#resolveModel(model),
      refusal: (launch) => this.#refusalUnconfined(launch),
      canInject: () => (this.#options.allowInjection ?? true) && (this.#facts?.canInject ?? false),
    });
    const parts = {
      workspaces: this.#workspaces,
      keeper: this.#keeper,
      conversations: this.#options.conversationWorkspaces,
      tracker: this.#tracker,
      checkpoints: this.#checkpoints,
    };
    const report = (message: string, error: unknown): void => log.warn({ err: error }, message);
    const trace = (details: object): void => log.debug(details, 'engine message');
    return {
      pool,
      runner: new TurnRunner({
        treatAsks: (turn) => this.#treatAsks(turn),
        ...parts,
        pool,
        placer,
        transcripts,
        report,
        trace,
      }),
    };
  }

  /** From here on, each process of an agent is held to its workspace, as far as this machine can. */
  async #confine(): Promise<void> {
    const {
      log,
      dataDir,
      sandbox: choice = 'auto',
      protectedPaths = [],
      protectedPorts = [],
    } = this.#options;
    const { workspaceRoot } = this.#options;
    const { variables } = this.#environment;
    const places = { dataDir, workspaceRoot, protectedPaths, protectedPorts };
    const prepared = await prepareConfinement({ choice, instance: this.#instance, variables, ...places });
    const { sandbox, confinement } = prepared;
    this.#sandbox = sandbox;
    if (confinement !== undefined) this.#environment = { ...this.#environment, confinement };
    if (sandbox.state === 'active') return;
    const { reason, hint } = sandbox;
    const message =
      choice === 'required'
        ? 'No agent runs: SANDBOX=required, and there is no sandbox'
        : 'Agents run commands without a sandbox';
    log.warn({ reason, hint }, message);
  }

  /** Never throws: a turn on an engine that failed its probe says best what is wrong. */
  async #probe(): Promise<void> {
    const before = this.#facts?.credentials.state;
    try {
      const cwd = await this.#workspaces.directoryFor(localOwner, modelProfile);
      // It runs no tool; so it starts whatever the mode may be.
      const launch: Launch = { ...this.#launchOf(modelProfile, cwd), permissionMode: 'dontAsk' };
      const facts = await probeEngine({ launch, environment: this.#environment, instance: this.#instance });
      this.#facts = facts;
      this.#failure = undefined;
      if (this.#state !== 'closed') this.#state = 'ready';
      const { credentials, canInject, models } = facts;
      this.#options.log.info({ credentials, canInject, models: models.length }, 'Claude Code is ready');
      if (credentials.state !== 'present') this.#probeLater();
      // Spares that were started without the credential would not find it.
      else if (before !== 'present') await this.#pool?.dropSpares();
    } catch (error) {
      if (this.#state === 'closed') return;
      this.#state = 'failed';
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#options.log.warn({ err: error }, 'Claude Code could not be started');
      this.#probeLater();
    }
  }

  #probeLater(): void {
    if (this.#state === 'closed') return;
    this.#again = setTimeout(() => {
      void this.#probe();
    }, probeAgainMilliseconds);
    this.#again.unref();
  }

  /** An alias and the id behind it are the same to a process; so that they share it, turns go by the id. */
  #resolveModel(model: string): string {
    return this.#facts?.models.find(({ id }) => id === model)?.resolvedId ?? model;
  }

  #treatAsks(turn: Turn): AskTreatment {
    return treatAsks(turn, this.#settings.approvals, this.#options.approver);
  }

  #launchOf(profile: Profile, cwd: string): Launch {
    const { permissionMode, smallModel } = this.#defaults();
    return {
      model: this.#resolveModel(this.#settings.defaultModel),
      cwd,
      builtInTools: profile.builtInTools,
      permissionMode,
      ...(smallModel === undefined ? {} : { smallModel }),
      thinking: true,
    };
  }

  #defaults(): Pick<EngineSettings, 'permissionMode' | 'smallModel'> {
    const { permissionMode, smallModel } = this.#settings;
    // A variable of the user's own is Claude Code's own choice.
    const isChosen = this.#environment.variables['ANTHROPIC_SMALL_FAST_MODEL'] !== undefined;
    return { permissionMode, smallModel: isChosen ? undefined : smallModel };
  }

  #refusal(): string | undefined {
    const { permissionMode } = this.#settings;
    return refusalAsRoot({ variables: this.#environment.variables, permissionMode });
  }

  #refusalUnconfined(launch: Launch): string | undefined {
    return refusalUnconfined(launch, this.#options.sandbox ?? 'auto', this.#sandbox);
  }

  #warnOfRefusal(): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) this.#options.log.warn({}, refusal);
  }

  #refill(): void {
    if (this.#facts?.credentials.state === 'present') this.#pool?.refill();
  }
}

interface Started {
  readonly pool: ProcessPool;
  readonly runner: TurnRunner;
}
