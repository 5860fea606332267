import path from 'node:path';
import {
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
import { type EngineFacts, probeEngine } from './claude/probe-engine.ts';
import { refusalAsRoot, sandboxVariables } from './claude/root-permissions.ts';
import type { Engine, EngineSettings, EngineStatus, EngineWorkspaces } from './engine.ts';
import { TurnPlacer } from './place-turn.ts';
import { ProcessPool } from './pool/process-pool.ts';
import type { TranscriptStore } from './ports.ts';
import { TurnRunner } from './run-turn.ts';
import { ChangeTracker } from './workspace/changes/change-tracker.ts';
import { SkillPlugins } from './workspace/skill-plugins.ts';
import { WorkspaceStore } from './workspace/workspace-store.ts';
import { localOwner, Workspaces } from './workspace/workspaces.ts';

export interface EngineOptions extends EngineSettings {
  /** The allow-listed environment of the agent's processes. */
  readonly environment: Readonly<Record<string, string>>;
  /** A Claude credential stands in that environment. */
  readonly credentialInEnvironment: boolean;
  readonly transcripts: TranscriptStore;
  readonly log: EngineLog;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly workspaceRoot: string;
  /** False: histories only go through transcripts, as where the self-test fails. */
  readonly allowInjection?: boolean;
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
  readonly #environment: ProcessEnvironment;
  readonly workspaces: EngineWorkspaces;
  readonly #workspaces: Workspaces;
  readonly #tracker = new ChangeTracker();
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
    });
    this.workspaces = new WorkspaceStore(this.#workspaces, this.#tracker);
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
  }

  async #start(): Promise<Started> {
    const { log } = this.#options;
    this.#warnOfRefusal();
    const orphans = await reapOrphans(this.#instance);
    if (orphans > 0) log.warn({ orphans }, 'Ended processes that an earlier server left behind');
    await this.#skillPlugins
      .prune()
      .catch((error: unknown) => log.warn({ err: error }, 'Old copies of skills could not be removed'));
    await this.#probe();
    const directories = await Promise.all(
      [agentProfile, modelProfile].map(
        async (profile) => [profile, await this.#workspaces.directoryFor(localOwner, profile)] as const,
      ),
    );
    const { transcripts } = this.#options;
    const shared = { transcripts, environment: this.#environment, instance: this.#instance };
    const pool = new ProcessPool({
      ...this.#settings,
      ...shared,
      // Those who asked for the answer of Claude Code without more, as an agent and as a chat model.
      expected: () =>
        this.#refusal() === undefined
          ? directories.map(([profile, cwd]) => this.#launchOf(profile, cwd))
          : [],
    });
    this.#pool = pool;
    this.#refill();
    const placer = new TurnPlacer({
      ...shared,
      pool,
      workspaces: this.#workspaces,
      skillPlugins: this.#skillPlugins,
      defaults: () => this.#defaults(),
      resolveModel: (model) => this.#resolveModel(model),
      canInject: () => (this.#options.allowInjection ?? true) && (this.#facts?.canInject ?? false),
    });
    const parts = { workspaces: this.#workspaces, tracker: this.#tracker };
    const report = (message: string, error: unknown): void => log.warn({ err: error }, message);
    const trace = (details: object): void => log.debug(details, 'engine message');
    return { pool, runner: new TurnRunner({ ...parts, pool, placer, transcripts, report, trace }) };
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
