import {
  type Options,
  type Query,
  query,
  type SDKMessage,
  type SDKUserMessage,
} from '@anthropic-ai/claude-agent-sdk';
import type { RunChanges } from '../workspace/changes/run-changes.ts';
import { changeHooks } from '../workspace/changes/tool-hooks.ts';
import { asksFirst, launchOptions, type ProcessEnvironment, sessionOptions } from './build-options.ts';
import { ClientTools } from './client-tools.ts';
import { isConfined } from './confine-agent.ts';
import { type EngineTotals, UsageCounter } from './count-usage.ts';
import { isPaidPerUse } from './credential-kind.ts';
import type { Launch, SessionSetup } from './launch.ts';
import { CallLimit } from './limit-calls.ts';
import type { InputMessage } from './map-messages.ts';
import { MessageQueue } from './message-queue.ts';
import { PermissionDesk } from './permission-desk.ts';
import type { TranscriptRecorder } from './record-transcript.ts';
import { RemoteTools } from './remote-tools.ts';
import { spareFits } from './spare-process.ts';
import { type OwnedProcess, spawnProcess } from './spawn-process.ts';

export interface LiveProcessOptions {
  readonly owner: string;
  readonly launch: Launch;
  readonly session: SessionSetup;
  readonly environment: ProcessEnvironment;
  readonly recorder: TranscriptRecorder;
  /** A waiting process for this launch; used if the SDK still asks for the same command line. */
  readonly spare: OwnedProcess | undefined;
  /** Marks the process as this server's. */
  readonly instance: string;
  /** More environment variables; a process with these takes no spare. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A Claude Code process that holds one conversation of one owner. Reading it is up to one turn at a time. */
export class LiveProcess {
  readonly owner: string;
  /** Where it works. */
  readonly cwd: string;
  /** The sandbox of its commands leaves things there where it is killed. */
  readonly isSandboxed: boolean;
  readonly tools: ClientTools;
  readonly remote: RemoteTools;
  /** Answers what Claude Code asks before a call. */
  readonly permissions: PermissionDesk;
  readonly limit = new CallLimit();
  readonly usage = new UsageCounter();
  /** Built-in tools that run, name by call id. */
  readonly runningTools = new Map<string, string>();
  /** What the turn that is under way does to its workspace. */
  changes: RunChanges | undefined;
  /** Calls of client tools that wait for the client's next request. */
  parkedCalls: readonly string[] = [];
  readonly recorder: TranscriptRecorder;
  readonly #input = new MessageQueue<SDKUserMessage>();
  readonly #query: Query;
  readonly #tellsUsage: boolean;
  /** The message that was asked for last and has not come. */
  #coming: Promise<SDKMessage | undefined> | undefined;
  /** Undefined until a resumed conversation is loaded: only then is its process spawned. */
  #owned: OwnedProcess | undefined;
  #ended = false;
  #exit: () => void = () => {};
  /** Resolves when the process is gone. */
  readonly exited = new Promise<void>((resolve) => {
    this.#exit = resolve;
  });

  constructor(options: LiveProcessOptions) {
    const { launch, session, environment, recorder, spare, instance, variables = {} } = options;
    this.owner = options.owner;
    this.cwd = launch.cwd;
    this.recorder = recorder;
    this.tools = new ClientTools(session.tools);
    this.remote = new RemoteTools(session.mcpServers, session.operatorServers);
    this.permissions = new PermissionDesk({
      remote: this.remote,
      changes: () => this.changes,
      interrupt: () => void this.#query.interrupt().catch(() => {}),
    });
    this.#tellsUsage = isPaidPerUse(environment.variables);
    this.isSandboxed = environment.confinement?.sandbox === true && isConfined(launch);
    const base = launchOptions(launch, environment);
    const sdkOptions: Options = {
      ...base,
      ...sessionOptions(session),
      env: { ...base.env, ...variables },
      ...(this.remote.isEmpty
        ? { mcpServers: this.tools.servers() }
        : this.remote.asks
          ? { canUseTool: this.permissions.decide }
          : {}),
      ...(asksFirst(launch) ? { canUseTool: this.permissions.decide } : {}),
      ...this.#hooks(launch),
      sessionStore: recorder.sessionStore(),
      sessionStoreFlush: 'eager',
      ...(recorder.resumes ? { resume: recorder.sessionId } : {}),
      spawnClaudeCodeProcess: (asked) => {
        const owned =
          spare !== undefined && spareFits(spare, asked)
            ? spare
            : spawnProcess(asked, instance, environment.sessionNotes);
        this.#own(owned);
        return owned.child;
      },
    };
    this.#query = query({ prompt: this.#input, options: sdkOptions });
    if (spare !== undefined && this.#owned !== spare) void spare.end();
  }

  get query(): Query {
    return this.#query;
  }

  send(message: InputMessage): void {
    // Claude Code takes assistant messages on its input, too; the SDK's type does not say so.
    this.#input.push(message as SDKUserMessage);
  }

  /**
   * The next message, or undefined once the process has ended. Throws what the SDK throws. Who asks again before it has
   * come is told of the same one, so that waiting for it can be given up.
   */
  async next(): Promise<SDKMessage | undefined> {
    this.#coming ??= this.#query.next().then(({ value, done }) => (done === true ? undefined : value));
    const coming = this.#coming;
    try {
      return await coming;
    } finally {
      if (this.#coming === coming) this.#coming = undefined;
    }
  }

  /** What the process took in its life, by model; undefined where it does not tell. Never throws. */
  async totals(): Promise<EngineTotals | undefined> {
    if (!this.#tellsUsage) return undefined;
    try {
      const ask = this.#query.usage_EXPERIMENTAL_MAY_CHANGE_DO_NOT_RELY_ON_THIS_API_YET;
      return (await ask.call(this.#query, { skipBehaviors: true })).session.model_usage;
    } catch {
      return undefined;
    }
  }

  /**
   * Stops what the process does; it is of no use afterwards. Returns what it took in its life, the answer that was cut
   * off included; undefined where it ends without telling.
   */
  async stop(): Promise<EngineTotals | undefined> {
    this.#query.interrupt().catch(() => {});
    try {
      for (;;) {
        const message = await this.next();
        if (message === undefined) return undefined;
        if (message.type === 'result') return message.modelUsage;
      }
    } catch {
      return undefined;
    }
  }

  /**
   * Connects the MCP servers of the client and of the operator, if there are any.
   * @throws TurnError where one cannot be used: see RemoteTools.
   */
  async connectServers(): Promise<void> {
    if (this.remote.isEmpty) return;
    await this.#query.setMcpServers({ ...this.tools.servers(), ...this.remote.configs() });
    const { allow, deny } = this.remote.connected(await this.#query.mcpServerStatus());
    // Only now are the tools known that the engine has to ask about.
    if (this.remote.asks)
      await this.#query.setMcpServers({ ...this.tools.servers(), ...this.remote.configs() });
    await this.#query.applyFlagSettings({ permissions: { allow, deny } });
  }

  /** Gives the process messages of the past; the model is not asked. Throws if the process does not take them. */
  async inject(messages: readonly InputMessage[]): Promise<void> {
    for (const message of messages) {
      this.send(message);
      if (message.type === 'user') await this.#taken();
    }
  }

  stderrTail(): string {
    return this.#owned?.stderrTail() ?? '';
  }

  /** Ends the process and all that it started. Safe to call again. */
  async end(options?: { readonly atOnce?: boolean }): Promise<void> {
    this.#ended = true;
    this.#input.close();
    const ended = this.#owned?.end(options);
    this.#query.close();
    await ended;
    this.#exit();
  }

  /** Those of a chat without tools would take it out of the lean mode. */
  #hooks({ builtInTools, hooks }: Launch): Pick<Options, 'hooks'> {
    const limit = hooks === undefined ? [] : [this.limit.hook(this.tools)];
    if (builtInTools === 'none') return limit.length === 0 ? {} : { hooks: { PreToolUse: limit } };
    const around = changeHooks(
      () => this.changes,
      (name) => this.tools.has(name),
    );
    return { hooks: { ...around, PreToolUse: [...limit, ...around.PreToolUse] } };
  }

  #own(owned: OwnedProcess): void {
    this.#owned = owned;
    void owned.exited.then(this.#exit);
    if (this.#ended) void owned.end();
  }

  /** Each message that asks nothing is answered by an empty result of its own. */
  async #taken(): Promise<void> {
    for (;;) {
      const message = await this.next();
      if (message === undefined)
        throw new Error(`Claude Code ended while it was given the history. ${this.stderrTail()}`);
      if (message.type === 'result') {
        if (message.is_error) throw new Error('Claude Code did not take the history');
        return;
      }
    }
  }
}
