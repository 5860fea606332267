import { PendingApprovals } from '../access/index.ts';
import { type Config, LiveSettings, readConfig, type StartEnvironment, version } from '../config/index.ts';
import type { Engine, EngineStatus, TranscriptStore } from '../engine/index.ts';
import {
  type AnswerTiming,
  createFileServices,
  createKeyAuthenticator,
  createResponseServices,
  createSeal,
  createServer,
  currentModels,
  currentSession,
  keepFiles,
  LiveClients,
  placeFiles,
  RunningRequests,
  RunsUnderWay,
  readServerSecret,
  trackConnections,
  usualTiming,
} from '../http/index.ts';
import { createLogger, createTracing, type Logger, showInput } from '../observability/index.ts';
import {
  ConversationOverview,
  ConversationStore,
  ConversationWorkspaces,
  DatabaseSettingsStore,
  DatabaseTranscriptStore,
  listStoredWorkspaces,
  openDatabase,
  openRunQueue,
  RecordStore,
  ResponseStore,
} from '../storage/index.ts';
import { ConversationAdministrator } from './administer-conversations.ts';
import { SettingsAdministrator } from './administer-settings.ts';
import { WorkspaceAdministrator } from './administer-workspaces.ts';
import { originOf } from './base-url.ts';
import { buildAccess } from './build-access.ts';
import { buildConsole } from './build-console.ts';
import { buildRecording } from './build-recording.ts';
import { buildShares } from './build-shares.ts';
import { type Close, closeInOrder } from './close-in-order.ts';
import { examineParts } from './doctor/examine-parts.ts';
import { engineSettings } from './engine-settings.ts';
import { keepHouse } from './keep-house.ts';
import { knownNames } from './known-names.ts';
import { OpenedParts } from './opened-parts.ts';
import { publishChanges } from './publish-changes.ts';
import { accessSettings, fileDelivery } from './server-settings.ts';
import { startEngine } from './start-engine.ts';
import { originalUpgrade } from './upgrade-original.ts';

/** The whole server. Disposing of it closes it in an orderly way. */
export interface App extends AsyncDisposable {
  readonly logger: Logger;
  /** As it is now. */
  readonly config: Config;
  engineStatus(): EngineStatus;
  /** Resolves when the engine's start is over, whether it succeeded or not. */
  engineStarted(): Promise<void>;
  /** Resolves to where the server is found, such as `http://127.0.0.1:3000`. */
  listen(): Promise<string>;
  readonly close: Close;
}

export interface AppOverrides {
  /** In place of Claude Code. */
  readonly engine?: Engine;
  readonly timing?: Partial<AnswerTiming>;
  readonly logOutput?: NodeJS.WritableStream;
}

/**
 * Builds everything from the environment. Whatever was opened before a failure is closed again.
 * @throws ConfigError or StorageError.
 */
export async function createApp(start: StartEnvironment, overrides: AppOverrides = {}): Promise<App> {
  const opened = new OpenedParts();
  try {
    return await buildApp(start, overrides, opened);
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function buildApp(start: StartEnvironment, overrides: AppOverrides, opened: OpenedParts): Promise<App> {
  const atStart = readConfig(start.variables, start.system);
  const log = opened.add(
    await createLogger({
      level: atStart.log.level,
      environment: atStart.environment,
      logDirectory: atStart.paths.logs,
      ...(overrides.logOutput && { output: overrides.logOutput }),
    }),
  );
  const { logger } = log;
  const onProblem = (message: string, error: unknown): void => logger.warn({ err: error }, message);
  const { databaseUrl, sessionSecret, webuiDefaultPassword, budgetWebhookSecret } = atStart.secrets;
  const secret = sessionSecret ?? (await readServerSecret(atStart.paths.data));
  const tell = (line: string): void => logger.info(line);
  const database = opened.add(
    await openDatabase(databaseUrl, {
      upgrade: originalUpgrade({ start, config: atStart, secret, tell }),
      onConnectionLost: (error) => onProblem('a database connection was lost', error),
    }),
  );
  const settings = opened.add(
    await LiveSettings.open({
      start,
      store: new DatabaseSettingsStore(database),
      onProblem: (error, message) => onProblem(message, error),
    }),
  );
  const config = (): Config => settings.config;
  log.setLevel(config().log.level);
  const access = opened.add(
    buildAccess({
      database,
      secret,
      sessionIdleMs: atStart.access.sessionIdleMs,
      twoFactorRequired: () => config().access.twoFactorRequired,
      budgetWebhook: {
        url: () => config().alerts.budgetWebhookUrl,
        ...(budgetWebhookSecret !== undefined && { secret: budgetWebhookSecret }),
      },
      onProblem,
    }),
  );
  await access.users.ensureFirstUser({ password: webuiDefaultPassword });

  const transcripts: TranscriptStore = new DatabaseTranscriptStore(database);
  const conversationWorkspaces = new ConversationWorkspaces(database);
  const responses = new ResponseStore(database);
  const conversations = new ConversationStore(database);
  const records = new RecordStore(database);
  const shares = buildShares({ database, secret, access, records, config });
  const tracing = opened.add(await createTracing(start.variables, version, logger));
  const approvals = new PendingApprovals({
    audit: access.audit,
    timeoutMs: () => config().engine.approvalTimeoutMs,
    findRun: (id) => recording.runs.list().find((run) => run.id === id) ?? null,
    showInput,
    onProblem,
  });
  const engine = opened.add(
    overrides.engine ??
      startEngine(config(), start, { transcripts, conversationWorkspaces, log: logger, approver: approvals }),
  );
  settings.onChange((changed) => {
    log.setLevel(changed.log.level);
    engine.configure(engineSettings(changed));
  });

  const files = createFileServices({
    database,
    dataDir: atStart.paths.data,
    secret,
    workspaces: engine.workspaces,
    maxBytes: () => config().files.maxBytes,
    logger,
  });
  opened.add(
    keepHouse({ engine, transcripts, responses, conversations, files, access, shares, config, logger }),
  );
  const profiles = () => access.profiles.current();
  const models = currentModels(engine, () => config().models, profiles);
  let liveClients: LiveClients | undefined;
  const recording = buildRecording(
    {
      store: records,
      engine,
      budgetAlerts: access.budgetAlerts,
      known: await knownNames(engine, access.profiles),
      tracing,
      config,
      liveClients: () => liveClients?.size ?? 0,
      logger,
      version,
    },
    opened,
  );
  publishChanges(recording.feed, { access, approvals, settings, log });
  const administrator = new SettingsAdministrator(settings, access.audit);
  const consoleServices = buildConsole({
    access,
    settings: administrator,
    records,
    recording,
    approvals,
    shares,
    workspaces: new WorkspaceAdministrator({
      browser: engine.workspaceBrowser,
      keys: () => access.keys.list(),
      stored: () => listStoredWorkspaces(database),
      audit: access.audit,
    }),
    conversations: new ConversationAdministrator({
      overview: new ConversationOverview(database),
      conversations,
      responses,
      keys: () => access.keys.list(),
      audit: access.audit,
    }),
    rollBack: (...input) => engine.rollBack(...input),
    log,
    onSessionsEnded: () => void liveClients?.recheck(),
    checks: () =>
      examineParts({
        config: config(),
        engineStatus: () => engine.status(),
        database: {
          ping: () => database.ping(),
          keys: () => access.keys.list(),
          users: () => access.users.list(),
        },
      }),
  });
  liveClients = new LiveClients({
    feed: recording.feed,
    authenticate: (request, options) => currentSession(access.signIn, request, options),
    logger,
  });
  settings.onChange((_config, names) => {
    if (names.includes('TWO_FACTOR_REQUIRED')) void liveClients.recheck();
  });
  const queue = opened.add(
    await openRunQueue({
      kind: atStart.database.kind,
      url: databaseUrl,
      onError: (error) => onProblem('the queue of background runs had an error', error),
    }),
  );
  const responseServices = opened.add(
    createResponseServices({
      engine: access.governor.govern(placeFiles(keepFiles(engine, files), files)),
      files,
      governor: access.governor,
      recorder: recording.recorder,
      models,
      profiles,
      responses,
      conversations,
      seal: createSeal(secret),
      agentItems: () => config().responses.agentItems,
      sideRequests: () => config().sideRequests,
      logger,
      queue,
      backgroundWorkers: () => config().responses.backgroundWorkers,
    }),
  );
  const { background } = responseServices;

  const running = new RunningRequests();
  const retries = new RunsUnderWay({ graceMs: () => config().server.retryGraceMs });
  let shuttingDown = false;
  const isShuttingDown = (): boolean => shuttingDown;
  const { server: listening } = atStart;
  const server = await createServer({
    authenticator: createKeyAuthenticator({
      keys: access.keys,
      keyRequired: () => config().access.apiKeyRequired,
    }),
    ...responseServices,
    fileDelivery: () => fileDelivery(config()),
    showToolActivity: () => config().showToolActivity,
    timing: { ...usualTiming, ...overrides.timing },
    running,
    retries,
    health: { engine, pingDatabase: () => database.ping(), isShuttingDown, version },
    console: consoleServices,
    approvals,
    approvalsByKeys: () => config().engine.approvalsByKeys,
    liveClients,
    metrics: recording.metrics,
    metricsAccess: () => config().metricsAccess,
    settings: {
      host: listening.host,
      loopback: listening.loopback,
      bodyLimitBytes: listening.bodyLimitBytes,
      trustProxy: listening.trustProxy,
      access: accessSettings(settings),
    },
  });
  const close = closeInOrder({
    server,
    connections: trackConnections(server, isShuttingDown),
    running,
    background,
    opened,
    logger,
    onBegin: () => {
      shuttingDown = true;
      retries.close();
    },
    graceMs: () => config().server.shutdownTimeoutMs,
  });

  return {
    logger,
    get config() {
      return config();
    },
    engineStatus: () => engine.status(),
    engineStarted: () => engine.started(),
    async listen() {
      await server.listen({ host: listening.host, port: listening.port });
      await background.start();
      return originOf(listening.host, server.server.address());
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}
