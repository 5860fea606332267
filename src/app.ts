import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Config, engineEnvironment, hasCredentialInEnvironment } from './config/index.ts';
import { createEngine, type Engine, type EngineStatus, type TranscriptStore } from './engine/index.ts';
import {
  type AnswerTiming,
  createKeylessAuthenticator,
  createResponseServices,
  createSeal,
  createServer,
  currentModels,
  RunningRequests,
  readServerSecret,
  trackConnections,
  usualTiming,
} from './http/index.ts';
import { createLogger, type Logger } from './observability/index.ts';
import type { ProfileSet } from './openai/index.ts';
import {
  ConversationStore,
  DatabaseTranscriptStore,
  openDatabase,
  openRunQueue,
  ResponseStore,
} from './storage/index.ts';
import { agentProfile, modelProfile, TurnError } from './turn/index.ts';

/** The whole server. Disposing of it closes it in an orderly way. */
export interface App extends AsyncDisposable {
  readonly logger: Logger;
  engineStatus(): EngineStatus;
  /** Resolves when the engine's start is over, whether it succeeded or not. */
  engineStarted(): Promise<void>;
  /** Resolves to the address for clients, such as `http://127.0.0.1:3000/v1`. */
  listen(): Promise<string>;
  /**
   * Stops accepting; lets running requests finish for so long (by default SHUTDOWN_TIMEOUT_SECONDS, and no longer
   * once `hurry` aborts), then stops them; ends every child process; closes the database and the log.
   */
  close(options?: { readonly graceMs?: number; readonly hurry?: AbortSignal }): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment that Claude Code's variables come from, or an engine in place of Claude Code. */
export type AppParts = AppOverrides & ({ readonly environment: Environment } | { readonly engine: Engine });

interface AppOverrides {
  readonly timing?: Partial<AnswerTiming>;
  readonly logOutput?: NodeJS.WritableStream;
}

export const { version }: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

const profiles: ProfileSet = { agent: agentProfile, model: modelProfile };

/** How long stopped requests have to send their last words, and connections to close. */
const lastWordsMs = 5_000;
const farewellMs = 1_000;
const forgetEveryMs = 60 * 60 * 1000;

/** Builds everything from the configuration. Whatever was opened before a failure is closed again. */
export async function createApp(config: Config, parts: AppParts): Promise<App> {
  const opened: AsyncDisposable[] = [];
  const disposeOpened = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const part of opened.splice(0).reverse()) {
      try {
        await part[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Parts of the server could not be closed.');
  };
  try {
    return await buildApp(config, parts, opened, disposeOpened);
  } catch (error) {
    await disposeOpened();
    throw error;
  }
}

async function buildApp(
  config: Config,
  parts: AppParts,
  opened: AsyncDisposable[],
  disposeOpened: () => Promise<void>,
): Promise<App> {
  const open = <Part extends AsyncDisposable>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const log = open(
    await createLogger({
      level: config.log.level,
      environment: config.environment,
      logDirectory: config.paths.logs,
      ...(parts.logOutput && { output: parts.logOutput }),
    }),
  );
  const { logger } = log;
  const database = open(
    await openDatabase(config.secrets.databaseUrl, {
      onConnectionLost: (error) => logger.warn({ err: error }, 'a database connection was lost'),
    }),
  );
  const transcripts: TranscriptStore = new DatabaseTranscriptStore(database);
  const responses = new ResponseStore(database);
  const conversations = new ConversationStore(database);
  open(forgetOldThings({ transcripts, responses, conversations }, config, logger));
  const engine = open(
    'engine' in parts ? parts.engine : startEngine(config, parts.environment, transcripts, logger),
  );

  const models = currentModels(engine, config.models, Object.keys(profiles));
  const queue = open(
    await openRunQueue({
      kind: config.database.kind,
      url: config.secrets.databaseUrl,
      onError: (error) => logger.warn({ err: error }, 'the queue of background runs had an error'),
    }),
  );
  const responseServices = open(
    createResponseServices({
      engine,
      models,
      profiles,
      responses,
      conversations,
      seal: createSeal(config.secrets.sessionSecret ?? (await readServerSecret(config.paths.data))),
      agentItems: config.responses.agentItems,
      logger,
      queue,
      backgroundWorkers: config.responses.backgroundWorkers,
    }),
  );
  const { background } = responseServices;

  const running = new RunningRequests();
  let shuttingDown = false;
  const isShuttingDown = (): boolean => shuttingDown;
  const { server: settings, access } = config;
  if (access.apiKeyRequired) {
    logger.warn(
      'OPENAI_API_KEY_REQUIRED=true, but this version cannot make API keys yet: every request on /v1 is refused',
    );
  }
  const server = await createServer({
    authenticator: createKeylessAuthenticator({ keyRequired: access.apiKeyRequired }),
    ...responseServices,
    showToolActivity: config.showToolActivity,
    timing: { ...usualTiming, ...parts.timing },
    running,
    health: { engine, pingDatabase: () => database.ping(), isShuttingDown, version },
    settings: {
      host: settings.host,
      corsOrigins: settings.corsOrigins,
      apiKeyRequired: access.apiKeyRequired,
      bodyLimitBytes: settings.bodyLimitBytes,
    },
  });
  const connections = trackConnections(server, isShuttingDown);

  const close: App['close'] = async ({ graceMs = settings.shutdownTimeoutMs, hurry } = {}) => {
    shuttingDown = true;
    const closed = server.close().then(undefined, (error: unknown) => {
      logger.error({ err: error }, 'the HTTP server could not be closed in an orderly way');
    });
    background.stopClaiming();
    const idle = (): Promise<unknown> => Promise.all([running.idle(), background.idle()]);
    await within(idle(), graceMs, hurry);
    const reason = new TurnError('shutting_down', 'The server is shutting down.');
    running.abortAll(reason);
    background.abortAll(reason);
    await within(idle(), lastWordsMs);
    await within(closed, farewellMs);
    connections.destroyAll();
    await closed;
    await disposeOpened();
  };
  let closing: Promise<void> | undefined;
  const closeOnce: App['close'] = (options) => {
    closing ??= close(options);
    return closing;
  };

  return {
    logger,
    engineStatus: () => engine.status(),
    engineStarted: () => engine.started(),
    async listen() {
      await server.listen({ host: settings.host, port: settings.port });
      await background.start();
      return baseUrl(settings.host, server.server.address());
    },
    close: closeOnce,
    [Symbol.asyncDispose]: () => closeOnce(),
  };
}

function startEngine(
  config: Config,
  environment: Environment,
  transcripts: TranscriptStore,
  logger: Logger,
): Engine {
  const { permissionMode, maxProcesses, warmSpares, idleTtlMs, queueLimit } = config.engine;
  return createEngine({
    environment: engineEnvironment(environment),
    credentialInEnvironment: hasCredentialInEnvironment(environment) !== undefined,
    transcripts,
    log: logger,
    dataDir: config.paths.data,
    workspaceRoot: config.paths.workspaces,
    permissionMode,
    maxProcesses,
    warmSpares,
    idleTtlSeconds: idleTtlMs / 1000,
    queueLimit,
    requestTimeoutSeconds: config.server.requestTimeoutMs / 1000,
    defaultModel: config.models.default ?? 'default',
    ...(config.models.small !== undefined && { smallModel: config.models.small }),
  });
}

/** Forgets what has not been used for long, at once and every hour. Disposing of it waits for a run in progress. */
function forgetOldThings(
  stores: {
    readonly transcripts: TranscriptStore;
    readonly responses: ResponseStore;
    readonly conversations: ConversationStore;
  },
  config: Config,
  logger: Logger,
): AsyncDisposable {
  const { transcripts, responses, conversations } = stores;
  const forget = async (what: string, removing: () => Promise<number>): Promise<void> => {
    try {
      const count = await removing();
      if (count > 0) logger.info({ count }, `forgot ${what}`);
    } catch (error) {
      logger.error({ err: error }, `${what} could not be forgotten`);
    }
  };
  const forgetAll = async (): Promise<void> => {
    const { retentionMs: transcriptMs } = config.transcripts;
    if (transcriptMs !== undefined) {
      const time = new Date(Date.now() - transcriptMs);
      await forget('idle conversations', () => transcripts.deleteSessionsIdleSince(time));
    }
    const { retentionMs: responseMs } = config.responses;
    if (responseMs !== undefined) {
      const time = Date.now() - responseMs;
      await forget('old responses', () => responses.deleteOlderThan(time));
      await forget('idle conversations of the API', () => conversations.deleteIdleSince(time));
    }
  };
  let forgetting = forgetAll();
  const timer = setInterval(() => {
    forgetting = forgetting.then(forgetAll);
  }, forgetEveryMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await forgetting;
    },
  };
}

/** Where clients on this machine find the API; a wildcard address is told as loopback. */
function baseUrl(host: string, address: AddressInfo | string | null): string {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const port = typeof address === 'object' ? address?.port : undefined;
  const name = local.includes(':') ? `[${local}]` : local;
  return `http://${name}${port === undefined ? '' : `:${port}`}/v1`;
}

/** Resolves when the work does, after so long, or when told to hurry, whichever comes first. */
async function within(work: Promise<unknown>, limitMs: number, hurry?: AbortSignal): Promise<void> {
  let release = (): void => {};
  const limit = new Promise<void>((resolve) => {
    release = resolve;
  });
  const timer = setTimeout(release, limitMs);
  if (hurry?.aborted) release();
  hurry?.addEventListener('abort', release, { once: true });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener('abort', release);
  }
}
