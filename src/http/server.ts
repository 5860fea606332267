import websocket from '@fastify/websocket';
import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from 'pino';
import { TurnError } from '../turn/index.ts';
import type { ApprovalDeps } from './approvals/approval-deps.ts';
import { carryRequestId } from './carry-request-id.ts';
import { allowBrowsers } from './cors.ts';
import { acceptUploads } from './files/accept-uploads.ts';
import {
  createLocalAccess,
  guardConsoleHost,
  guardLocalAccess,
  type LocalAccess,
} from './guard-local-access.ts';
import { isHealthPath } from './health-path.ts';
import type { HealthSources } from './health-report.ts';
import { type LiveSocketDeps, registerLiveSocket } from './live-socket/register-live-socket.ts';
import { parseJsonBodies } from './parse-json-body.ts';
import { refuseWrongMethods } from './refuse-wrong-methods.ts';
import { replyErrors } from './reply-errors.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests } from './request-record.ts';
import { addResponseHeaders } from './response-headers.ts';
import { registerApiDocs } from './routes/api-docs.ts';
import { type ConsoleDeps, registerConsole } from './routes/console/index.ts';
import { registerHealth } from './routes/health.ts';
import { type MetricsDeps, registerMetrics } from './routes/metrics.ts';
import { registerRoot } from './routes/root.ts';
import { registerApprovals } from './routes/v1/approvals/index.ts';
import { type ChatCompletionsDeps, registerChatCompletions } from './routes/v1/chat-completions.ts';
import { registerCompletions } from './routes/v1/completions.ts';
import { registerContainers } from './routes/v1/containers/index.ts';
import { registerConversations } from './routes/v1/conversations/index.ts';
import { registerFiles } from './routes/v1/files/index.ts';
import { type ModelsDeps, registerModels } from './routes/v1/models.ts';
import { type ResponsesDeps, registerResponses } from './routes/v1/responses/index.ts';
import { registerWebui } from './routes/webui.ts';
import { toWireError } from './wire-errors.ts';

export interface ServerDeps
  extends ChatCompletionsDeps,
    ModelsDeps,
    ResponsesDeps,
    ApprovalDeps,
    ConsoleDeps,
    MetricsDeps,
    LiveSocketDeps {
  readonly logger: Logger;
  readonly health: HealthSources;
  readonly settings: ServerSettings;
}

export interface ServerSettings {
  /** The listen address. */
  readonly host: string;
  /** Only this machine can reach it. */
  readonly loopback: boolean;
  readonly bodyLimitBytes: number;
  /** Proxies whose word on the client's address and scheme counts. */
  readonly trustProxy: false | number | readonly string[];
  /** Who may call at this moment; the same object as long as nothing has changed. */
  readonly access: () => AccessSettings;
}

export interface AccessSettings {
  readonly corsOrigins: '*' | readonly string[];
  readonly apiKeyRequired: boolean;
}

/** The HTTP server, not yet listening. Hooks run in the order in which they are added here. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { logger, settings, health } = deps;
  const app: FastifyInstance = fastify({
    // One line per request comes from `logRequests`.
    logger: false,
    bodyLimit: settings.bodyLimitBytes,
    trustProxy: trustedProxies(settings.trustProxy),
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

  const localRules = currentLocalAccess(settings);
  // Where a key is asked for, pages of other origins and names do no harm.
  const localAccess = () => (settings.access().apiKeyRequired ? undefined : localRules());
  carryRequestId(app);
  logRequests(app, logger, deps.recorder);
  addResponseHeaders(app);
  replyErrors(app, logger);
  guardLocalAccess(app, localAccess);
  if (settings.loopback && settings.trustProxy === false) guardConsoleHost(app, localRules);
  await allowBrowsers(app, () => ({
    corsOrigins: settings.access().corsOrigins,
    trustsOrigin: localAccess()?.trustsOrigin,
  }));
  refuseWhileClosing(app, health.isShuttingDown);
  parseJsonBodies(app);
  await acceptUploads(app);
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
    registerFiles(app, deps);
    registerContainers(app, deps);
    registerApprovals(app, deps);
    registerMetrics(app, deps);
    registerLiveSocket(app, deps);
    registerConsole(app, deps);
  });
  await registerWebui(app);
  await registerApiDocs(app, { version: health.version });
  return app;
}

function trustedProxies(
  trust: ServerSettings['trustProxy'],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (trust === false) return false;
  return typeof trust === 'object' ? [...trust] : (_, hop) => hop < trust;
}

/** The rules of local access at this moment. */
function currentLocalAccess({ host, access }: ServerSettings): () => LocalAccess {
  let known = access();
  let rules = createLocalAccess({ host, corsOrigins: known.corsOrigins });
  return () => {
    const now = access();
    if (now !== known) {
      known = now;
      rules = createLocalAccess({ host, corsOrigins: now.corsOrigins });
    }
    return rules;
  };
}

/** Requests on connections that are still open while the server ends. Probes go on. */
function refuseWhileClosing(app: FastifyInstance, isShuttingDown: () => boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isShuttingDown() || isHealthPath(request.url)) return;
    reply.header('connection', 'close');
    throw new TurnError('shutting_down', 'The server is shutting down.', { retryAfterSeconds: 5 });
  });
}
