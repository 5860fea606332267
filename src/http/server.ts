import websocket from '@fastify/websocket';
import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from 'pino';
import { TurnError } from '../turn/index.ts';
import { allowBrowsers } from './cors.ts';
import { createLocalAccess, guardLocalAccess } from './guard-local-access.ts';
import { isHealthPath } from './health-path.ts';
import type { HealthSources } from './health-report.ts';
import { parseJsonBodies } from './parse-json-body.ts';
import { refuseWrongMethods } from './refuse-wrong-methods.ts';
import { replyErrors } from './reply-errors.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests } from './request-record.ts';
import { addResponseHeaders } from './response-headers.ts';
import { registerHealth } from './routes/health.ts';
import { registerRoot } from './routes/root.ts';
import { type ChatCompletionsDeps, registerChatCompletions } from './routes/v1/chat-completions.ts';
import { registerCompletions } from './routes/v1/completions.ts';
import { registerConversations } from './routes/v1/conversations/index.ts';
import { type ModelsDeps, registerModels } from './routes/v1/models.ts';
import { type ResponsesDeps, registerResponses } from './routes/v1/responses/index.ts';
import { toWireError } from './wire-errors.ts';

export interface ServerDeps extends ChatCompletionsDeps, ModelsDeps, ResponsesDeps {
  readonly logger: Logger;
  readonly health: HealthSources;
  readonly settings: ServerSettings;
}

export interface ServerSettings {
  /** The listen address. */
  readonly host: string;
  readonly corsOrigins: '*' | readonly string[];
  readonly apiKeyRequired: boolean;
  readonly bodyLimitBytes: number;
}

/** The HTTP server, not yet listening. Hooks run in the order in which they are added here. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { logger, settings, health } = deps;
  const app: FastifyInstance = fastify({
    // One line per request comes from `logRequests`.
    logger: false,
    bodyLimit: settings.bodyLimitBytes,
    genReqId: requestIdOf,
    requestTimeout: 300_000,
    // Fastify's own answer has not OpenAI's shape; `refuseWhileClosing` has.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // A URL that cannot be decoded; no hook runs for it.
    frameworkErrors: (error, request, reply) => {
      const wireError = toWireError(error);
      const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': request.id };
      reply.raw.writeHead(wireError.status, headers).end(JSON.stringify(wireError.toBody()));
    },
  });

  const access = settings.apiKeyRequired ? undefined : createLocalAccess(settings);
  logRequests(app, logger);
  addResponseHeaders(app);
  replyErrors(app, logger);
  if (access) guardLocalAccess(app, access);
  await allowBrowsers(app, { corsOrigins: settings.corsOrigins, trustsOrigin: access?.trustsOrigin });
  refuseWhileClosing(app, health.isShuttingDown);
  parseJsonBodies(app);
  // Connections close by themselves once they are idle.
  await app.register(websocket, {
    options: { maxPayload: settings.bodyLimitBytes },
    preClose: (done) => done(),
  });

  refuseWrongMethods(app, () => {
    registerRoot(app, health);
    registerHealth(app, health);
    registerModels(app, deps);
    registerChatCompletions(app, deps);
    registerCompletions(app, deps);
    registerResponses(app, deps);
    registerConversations(app, deps);
  });
  return app;
}

/** Requests on connections that are still open while the server ends. Probes go on. */
function refuseWhileClosing(app: FastifyInstance, isShuttingDown: () => boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isShuttingDown() || isHealthPath(request.url)) return;
    reply.header('connection', 'close');
    throw new TurnError('shutting_down', 'The server is shutting down.', { retryAfterSeconds: 5 });
  });
}
