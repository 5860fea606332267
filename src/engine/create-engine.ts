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
import { type ActiveSandbox, prepareConfinement, type SandboxChoice } from './claude/prepare-confinement.ts';
import type { EngineFacts } from './claude/probe-engine.ts';
import { refusalUnconfined } from './claude/refuse-unconfined.ts';
import { refusalAsRoot, sandboxVariables } from './claude/root-permissions.ts';
import { SessionNotes } from './claude/session-notes.ts';
import type {
  Engine,
  EngineSettings,
  EngineStatus,
  EngineWorkspaceBrowser,
  EngineWorkspaces,
} from './engine.ts';
import type { EngineLog } from './engine-log.ts';
import { EngineProbe } from './engine-probe.ts';
import { TurnPlacer } from './place-turn.ts';
import { ProcessPool } from './pool/process-pool.ts';
import type { ConversationWorkspaceStore, TranscriptStore } from './ports.ts';
import { TurnRunner } from './run-turn.ts';
import { treatAsks } from './treat-asks.ts';
import { type RolledBack, rollBack } from './workspace/checkpoints/roll-back.ts';
import { type OpenWorkspaces, openWorkspaces } from './workspace/open-workspaces.ts';
import { localOwner } from './workspace/workspaces.ts';

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

/** Starts the engine; it takes turns at once, and runs them when its self-test is done. */
export function createEngine(options: EngineOptions): Engine {
  return new ClaudeEngine(options);
}

class ClaudeEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #instance: string;
  readonly #sessionNotes: SessionNotes;
  #environment: ProcessEnvironment;
  #sandbox: ActiveSandbox = { state: 'unavailable', reason: 'The engine is starting.' };
  readonly #places: OpenWorkspaces;
  readonly #probe: EngineProbe;
  readonly #closing = new AbortController();
  readonly #started: Promise<Started>;
  #settings: EngineSettings;
  #pool: ProcessPool | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#settings = options;
    this.#instance = instanceOf(options.dataDir);
    this.#places = openWorkspaces({
      dataDir: options.dataDir,
      workspaceRoot: options.workspaceRoot,
      conversationWorkspaces: options.conversationWorkspaces,
      quota: () => this.#settings.workspaceQuota,
      maxFileBytes: options.maxFileBytes,
      commits: options.commitRuns ? { searchPath: options.environment['PATH'] ?? '' } : undefined,
      onRemoved: (root) => this.#pool?.endIn(root),
    });
    this.#probe = new EngineProbe({
      launch: async () =>
        this.#launchOf(modelProfile, await this.#places.workspaces.directoryFor(localOwner, modelProfile)),
      environment: () => this.#environment,
      instance: this.#instance,
      log: options.log,
      // Spares that were started without the credential would not find it.
      onCredentials: async () => this.#pool?.dropSpares(),
    });
    this.#sessionNotes = new SessionNotes(path.join(options.dataDir, 'engine', 'sessions'));
    this.#environment = {
      sessionNotes: this.#sessionNotes,
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

  get workspaces(): EngineWorkspaces {
    return this.#places.store;
  }

  get workspaceBrowser(): EngineWorkspaceBrowser {
    return this.#places.browser;
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
    const { checkpoints, tracker, workspaces } = this.#places;
    const hiddenIn = (workspaceId: string) => workspaces.hiddenIn({ owner: '', workspaceId });
    return rollBack(recordId, options, { checkpoints, tracker, hiddenIn });
  }

  removeOldCheckpoints(): Promise<number> {
    return this.#places.checkpoints.prune();
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
    return this.#probe.facts?.models ?? [];
  }

  status(): EngineStatus {
    const { maxProcesses, queueLimit } = this.#settings;
    const { state, facts, failure = this.#refusal() } = this.#probe;
    return {
      state: failure === undefined || state === 'closed' ? state : 'failed',
      ...(failure === undefined ? {} : { failure }),
      credentials: facts?.credentials ?? { state: 'unknown' },
      injection: facts === undefined ? 'untested' : facts.canInject ? 'proven' : 'unavailable',
      sandbox: this.#sandbox,
      pool: this.#pool?.status() ?? { maxProcesses, running: 0, idle: 0, spares: 0, queued: 0, queueLimit },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#probe.close();
    this.#closing.abort(new TurnError('shutting_down', 'The server is shutting down.'));
    const started = await this.#started.catch(() => undefined);
    await started?.runner.settled();
    await started?.pool.close();
    await this.#places.tracker[Symbol.asyncDispose]();
    const { confinement } = this.#environment;
    if (confinement !== undefined) await rm(confinement.tempRoot, { recursive: true, force: true });
  }

  async #start(): Promise<Started> {
    const { log } = this.#options;
    this.#warnOfRefusal();
    const orphans = await reapOrphans(this.#instance);
    if (orphans > 0) log.warn({ orphans }, 'Ended processes that an earlier server left behind');
    await this.#sessionNotes.removeLeft();
    const { skillPlugins, workspaces } = this.#places;
    await skillPlugins
      .prune()
      .catch((error: unknown) => log.warn({ err: error }, 'Old copies of skills could not be removed'));
    const directories = await Promise.all(
      [agentProfile, modelProfile].map(
        async (profile) => [profile, await workspaces.directoryFor(localOwner, profile)] as const,
      ),
    );
    await Promise.all([this.#probe.run(), this.#confine()]);
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
      skillPlugins,
      defaults: () => this.#defaults(),
      resolveModel: (model) => this.#resolveModel(model),
      refusal: (launch) => this.#refusalUnconfined(launch),
      canInject: () => (this.#options.allowInjection ?? true) && (this.#probe.facts?.canInject ?? false),
    });
    const report = (message: string, error: unknown): void => log.warn({ err: error }, message);
    const trace = (details: object): void => log.debug(details, 'engine message');
    return {
      pool,
      runner: new TurnRunner({
        ...this.#places,
        conversations: this.#options.conversationWorkspaces,
        treatAsks: (turn) => treatAsks(turn, this.#settings.approvals, this.#options.approver),
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

  /** An alias and the id behind it are the same to a process; so that they share it, turns go by the id. */
  #resolveModel(model: string): string {
    return this.#probe.facts?.models.find(({ id }) => id === model)?.resolvedId ?? model;
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
    if (this.#probe.facts?.credentials.state === 'present') this.#pool?.refill();
  }
}

interface Started {
  readonly pool: ProcessPool;
  readonly runner: TurnRunner;
}
