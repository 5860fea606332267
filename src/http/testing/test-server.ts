import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { AccessError, type ApiKeys, Governor } from '../../access/index.ts';
import { MemoryRateLimiter } from '../../access/testing/memory-rate-limiter.ts';
import {
  MemoryKeyStore,
  MemoryRunLeaseStore,
  MemorySpendingStore,
} from '../../access/testing/memory-stores.ts';
import { LiveChannels } from '../../observability/index.ts';
import type { AgentItems, ProfileSet } from '../../openai/index.ts';
import { ConversationStore, openDatabase, openRunQueue, ResponseStore } from '../../storage/index.ts';
import { agentProfile, modelProfile, TurnError } from '../../turn/index.ts';
import type { Authenticator } from '../authenticator.ts';
import type { BackgroundTiming } from '../background/background-services.ts';
import { currentSession } from '../console/current-session.ts';
import { currentModels } from '../current-models.ts';
import { createFileServices } from '../files/create-file-services.ts';
import type { FileServices } from '../files/file-services.ts';
import { keepFiles } from '../files/keep-files.ts';
import { placeFiles } from '../files/place-files.ts';
import { createKeyAuthenticator } from '../key-authenticator.ts';
import { LiveClients } from '../live-socket/live-clients.ts';
import {
  createResponseServices,
  type RunningResponseServices,
} from '../responses/create-response-services.ts';
import { RunsUnderWay } from '../retries/runs-under-way.ts';
import { RunningRequests } from '../running-requests.ts';
import { createSeal } from '../seal.ts';
import { type AccessSettings, createServer, type ServerDeps, type ServerSettings } from '../server.ts';
import type { SideRequestSetting } from '../side-requests.ts';
import { createFakeConsole } from './console-fakes.ts';
import { MemoryWorkspaces } from './memory-workspaces.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly running: RunningRequests;
  readonly services: RunningResponseServices;
  readonly files: TestFiles;
  /** The parsed lines of the log. */
  readonly log: Record<string, unknown>[];
  /** Starts to listen on a free port. */
  listen(): Promise<string>;
}

export interface TestFiles extends FileServices {
  readonly workspaces: MemoryWorkspaces;
  /** Where contents lie. */
  readonly directory: string;
}

export interface TestServerOptions {
  readonly engine: ScriptedEngine;
  readonly settings?: Partial<Omit<ServerSettings, 'access'> & AccessSettings>;
  readonly timing?: Partial<ServerDeps['timing']>;
  readonly pingDatabase?: () => Promise<void>;
  readonly isShuttingDown?: () => boolean;
  /** Without it no key is right. */
  readonly authenticator?: Authenticator;
  /** Without it there are no keys. */
  readonly governor?: Governor;
  readonly profiles?: ProfileSet;
  /** Of the database; its file is removed with the server unless it is given. */
  readonly databaseUrl?: string;
  readonly backgroundWorkers?: number;
  readonly leaseMs?: number;
  readonly backgroundTiming?: Partial<BackgroundTiming>;
  readonly agentItems?: AgentItems;
  /** Absent: the engine's. */
  readonly smallModel?: string;
  readonly sideRequests?: () => SideRequestSetting;
  readonly connectionLimitMs?: number;
  readonly fileMaxBytes?: number;
  /** Without it no repeated request joins a run. */
  readonly retryGraceMs?: () => number;
}

/** The real server around a scripted engine. */
export async function createTestServer(options: TestServerOptions): Promise<TestServer> {
  const { engine } = options;
  const access: AccessSettings = { corsOrigins: '*', apiKeyRequired: false, ...options.settings };
  const settings: ServerSettings = {
    host: '127.0.0.1',
    loopback: true,
    bodyLimitBytes: 1024 * 1024,
    trustProxy: false,
    ...options.settings,
    access: () => access,
  };
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const running = new RunningRequests();
  const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-http-'));
  const url = options.databaseUrl ?? path.join(directory, 'test.sqlite');
  const database = await openDatabase(url);
  const queue = await openRunQueue({ kind: database.kind, url, onError: (error) => logger.error(error) });
  const governor = options.governor ?? keylessGovernor();
  const names = { aliases: {}, small: options.smallModel };
  const profiles = options.profiles ?? { agent: agentProfile, model: modelProfile };
  const workspaces = new MemoryWorkspaces();
  const fileServices = createFileServices({
    database,
    dataDir: directory,
    secret: 'the secret of the tests',
    workspaces,
    maxBytes: () => options.fileMaxBytes ?? 1024 * 1024,
    logger,
  });
  const files: TestFiles = { ...fileServices, workspaces, directory: path.join(directory, 'files') };
  const services = createResponseServices({
    engine: governor.govern(keepFiles(placeFiles(engine, files), files)),
    governor,
    models: currentModels(
      engine,
      () => names,
      async () => profiles,
    ),
    profiles: async () => profiles,
    responses: new ResponseStore(database),
    conversations: new ConversationStore(database),
    files,
    seal: createSeal('the secret of the tests'),
    agentItems: () => options.agentItems ?? 'on-request',
    sideRequests: options.sideRequests ?? (() => 'small'),
    logger,
    queue,
    backgroundWorkers: () => options.backgroundWorkers ?? 4,
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    ...(options.backgroundTiming && { backgroundTiming: options.backgroundTiming }),
  });
  await services.background.start();
  const app = await createServer({
    authenticator:
      options.authenticator ??
      createKeyAuthenticator({ keys: noKeys, keyRequired: () => access.apiKeyRequired }),
    ...services,
    files,
    ...(options.connectionLimitMs !== undefined && { connectionLimitMs: options.connectionLimitMs }),
    fileDelivery: () => ({ mode: 'inline', inlineMaxBytes: 64 * 1024, inlineTotalMaxBytes: 256 * 1024 }),
    showToolActivity: () => true,
    // Far beyond any test; those about time set their own.
    timing: {
      statusLimitMs: 60_000,
      keepAliveMs: 60_000,
      stalledReaderMs: 60_000,
      heartbeatMs: 60_000,
      ...options.timing,
    },
    running,
    retries: new RunsUnderWay({ graceMs: options.retryGraceMs ?? (() => 0) }),
    ...consoleParts(logger),
    approvals: {
      list: () => [],
      answer: async (id, { decision }) => ({ id, runId: 'req_1', outcome: decision, by: 'a test' }),
    },
    approvalsByKeys: () => true,
    health: {
      engine,
      pingDatabase: options.pingDatabase ?? (async () => {}),
      isShuttingDown: options.isShuttingDown ?? (() => false),
      version: '1.2.3',
    },
    settings,
  });
  return {
    app,
    running,
    services,
    files,
    log,
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    async [Symbol.asyncDispose]() {
      running.abortAll(new Error('The test is over.'));
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
      await running.idle();
      services.background.abortAll(new TurnError('cancelled', 'The test is over.'));
      await services[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const noKeys: Pick<ApiKeys, 'authenticate'> = {
  authenticate: async () => {
    throw new AccessError('invalid_key', 'Incorrect API key provided.');
  },
};

function keylessGovernor(): Governor {
  return new Governor({
    keys: new MemoryKeyStore(),
    spending: new MemorySpendingStore(),
    leases: new MemoryRunLeaseStore(),
    limiter: new MemoryRateLimiter(Date.now),
    onProblem: () => {},
  });
}

/** A console whose services are in memory, and figures that nobody fills. */
function consoleParts(
  logger: Logger,
): Pick<ServerDeps, 'console' | 'liveClients' | 'metrics' | 'metricsAccess'> {
  const console = createFakeConsole();
  return {
    console,
    liveClients: new LiveClients({
      feed: new LiveChannels(),
      authenticate: (request, options) => currentSession(console.sessions, request, options),
      logger,
    }),
    metrics: { read: async () => ({ contentType: 'text/plain', body: '' }) },
    metricsAccess: () => 'loopback',
  };
}
