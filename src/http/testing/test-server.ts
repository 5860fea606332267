import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { currentModels } from '../current-models.ts';
import { createKeylessAuthenticator } from '../keyless-authenticator.ts';
import { RunningRequests } from '../running-requests.ts';
import { createServer, type ServerDeps, type ServerSettings } from '../server.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly running: RunningRequests;
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
  const running = new RunningRequests();
  const app = await createServer({
    authenticator: createKeylessAuthenticator({ keyRequired: settings.apiKeyRequired }),
    engine,
    models: currentModels(engine, { aliases: {} }, ['agent', 'model']),
    profiles: { agent: agentProfile, model: modelProfile },
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
    logger: pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) }),
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
    log,
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    async [Symbol.asyncDispose]() {
      running.abortAll(new Error('The test is over.'));
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
    },
  };
}
