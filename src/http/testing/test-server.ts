import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import type { AgentItems } from '../../openai/index.ts';
import { ConversationStore, openDatabase, openRunQueue, ResponseStore } from '../../storage/index.ts';
import { agentProfile, modelProfile, TurnError } from '../../turn/index.ts';
import type { Authenticator } from '../authenticator.ts';
import type { BackgroundTiming } from '../background/background-services.ts';
import { currentModels } from '../current-models.ts';
import { createKeylessAuthenticator } from '../keyless-authenticator.ts';
import {
  createResponseServices,
  type RunningResponseServices,
} from '../responses/create-response-services.ts';
import { RunningRequests } from '../running-requests.ts';
import { createSeal } from '../seal.ts';
import { createServer, type ServerDeps, type ServerSettings } from '../server.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly running: RunningRequests;
  readonly services: RunningResponseServices;
  /** The parsed lines of the log. */
  readonly log: Record<string, unknown>[];
  /** Starts to listen on a free port. */
  listen(): Promise<string>;
}

export interface TestServerOptions {
  readonly engine: ScriptedEngine;
  readonly settings?: Partial<ServerSettings>;
  readonly timing?: Partial<ServerDeps['timing']>;
  readonly pingDatabase?: () => Promise<void>;
  readonly isShuttingDown?: () => boolean;
  readonly authenticator?: Authenticator;
  /** Of the database; its file is removed with the server unless it is given. */
  readonly databaseUrl?: string;
  readonly backgroundWorkers?: number;
  readonly leaseMs?: number;
  readonly backgroundTiming?: Partial<BackgroundTiming>;
  readonly agentItems?: AgentItems;
  readonly connectionLimitMs?: number;
}

/** The real server around a scripted engine. */
export async function createTestServer(options: TestServerOptions): Promise<TestServer> {
  const { engine } = options;
  const settings: ServerSettings = {
    host: '127.0.0.1',
    corsOrigins: '*',
    apiKeyRequired: false,
    bodyLimitBytes: 1024 * 1024,
    ...options.settings,
  };
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const running = new RunningRequests();
  const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-http-'));
  const url = options.databaseUrl ?? path.join(directory, 'test.sqlite');
  const database = await openDatabase(url);
  const queue = await openRunQueue({ kind: database.kind, url, onError: (error) => logger.error(error) });
  const services = createResponseServices({
    engine,
    models: currentModels(engine, { aliases: {} }, ['agent', 'model']),
    profiles: { agent: agentProfile, model: modelProfile },
    responses: new ResponseStore(database),
    conversations: new ConversationStore(database),
    seal: createSeal('the secret of the tests'),
    agentItems: options.agentItems ?? 'on-request',
    logger,
    queue,
    backgroundWorkers: options.backgroundWorkers ?? 4,
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    ...(options.backgroundTiming && { backgroundTiming: options.backgroundTiming }),
  });
  await services.background.start();
  const app = await createServer({
    authenticator:
      options.authenticator ?? createKeylessAuthenticator({ keyRequired: settings.apiKeyRequired }),
    ...services,
    ...(options.connectionLimitMs !== undefined && { connectionLimitMs: options.connectionLimitMs }),
    showToolActivity: true,
    // Far beyond any test; those about time set their own.
    timing: {
      statusLimitMs: 60_000,
      keepAliveMs: 60_000,
      stalledReaderMs: 60_000,
      heartbeatMs: 60_000,
      ...options.timing,
    },
    running,
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
