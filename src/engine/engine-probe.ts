import type { ProcessEnvironment } from './claude/build-options.ts';
import type { Launch } from './claude/launch.ts';
import { type EngineFacts, probeEngine } from './claude/probe-engine.ts';
import type { EngineStatus } from './engine.ts';
import type { EngineLog } from './engine-log.ts';

export interface EngineProbeOptions {
  /** How a chat model is started now. */
  readonly launch: () => Promise<Launch>;
  readonly environment: () => ProcessEnvironment;
  readonly instance: string;
  readonly log: EngineLog;
  /** Credentials are there that were not there before. */
  readonly onCredentials: () => Promise<void>;
}

/** How often a start that failed, or a missing credential, is looked at again. */
const againMs = 30_000;

/** What Claude Code says of itself, asked without a model; asked again until it starts and finds its credentials. */
export class EngineProbe {
  readonly #options: EngineProbeOptions;
  #state: EngineStatus['state'] = 'starting';
  #facts: EngineFacts | undefined;
  #failure: string | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: EngineProbeOptions) {
    this.#options = options;
  }

  get state(): EngineStatus['state'] {
    return this.#state;
  }

  /** Of the last start that succeeded. */
  get facts(): EngineFacts | undefined {
    return this.#facts;
  }

  /** Why the last start failed. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Never throws: a turn on an engine that failed its probe says best what is wrong. */
  async run(): Promise<void> {
    const { launch, environment, instance, log, onCredentials } = this.#options;
    const before = this.#facts?.credentials.state;
    try {
      // It runs no tool; so it starts whatever the mode may be.
      const dontAsk: Launch = { ...(await launch()), permissionMode: 'dontAsk' };
      const facts = await probeEngine({ launch: dontAsk, environment: environment(), instance });
      this.#facts = facts;
      this.#failure = undefined;
      if (this.#state !== 'closed') this.#state = 'ready';
      const { credentials, canInject, models } = facts;
      log.info({ credentials, canInject, models: models.length }, 'Claude Code is ready');
      if (credentials.state !== 'present') this.#runLater();
      else if (before !== 'present') await onCredentials();
    } catch (error) {
      if (this.#state === 'closed') return;
      this.#state = 'failed';
      this.#failure = error instanceof Error ? error.message : String(error);
      log.warn({ err: error }, 'Claude Code could not be started');
      this.#runLater();
    }
  }

  /** It is not asked again. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#again);
  }

  #runLater(): void {
    if (this.#state === 'closed') return;
    this.#again = setTimeout(() => void this.run(), againMs);
    this.#again.unref();
  }
}
