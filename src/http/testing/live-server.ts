import websocket from '@fastify/websocket';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import pino from 'pino';
import { WebSocket } from 'ws';
import { AccessError } from '../../access/index.ts';
import type { ServerMessage } from '../../contract/index.ts';
import { LiveChannels } from '../../observability/index.ts';
import type { LiveUser } from '../live-socket/live-client.ts';
import { LiveClients } from '../live-socket/live-clients.ts';
import type { LiveLimits } from '../live-socket/live-limits.ts';
import { registerLiveSocket } from '../live-socket/register-live-socket.ts';
import { replyErrors } from '../reply-errors.ts';
import { logRequests } from '../request-record.ts';

export interface LiveServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly feed: LiveChannels;
  readonly clients: LiveClients;
  /** By the value of the cookie `session`. A test may change them. */
  readonly sessions: Map<string, LiveUser>;
  readonly log: Record<string, unknown>[];
  readonly origin: string;
  /** As a page of the given origin does; null: without telling. */
  connect(session?: string, from?: string | null): LiveTestClient;
}

export interface LiveTestClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The status of a refused upgrade and the body of it; undefined where the connection was opened. */
  readonly refused: Promise<{ readonly status: number; readonly body: unknown } | undefined>;
  send(message: unknown): void;
}

export function liveUser(fields: Partial<LiveUser> = {}): LiveUser {
  return {
    sessionId: 'session_1',
    username: 'ann',
    role: 'admin',
    mustChangePassword: false,
    mustSetUpTwoFactor: false,
    ...fields,
  };
}

/** A listening server that has `/ws` alone, with an admin's session `admin` and a viewer's `viewer`. */
export async function startLiveServer(
  limits: Partial<LiveLimits> = {},
  bodyLimitBytes = 32 * 1024 * 1024,
): Promise<LiveServer> {
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const feed = new LiveChannels();
  const sessions = new Map<string, LiveUser>([
    ['admin', liveUser()],
    ['viewer', liveUser({ sessionId: 'session_2', username: 'bob', role: 'viewer' })],
  ]);
  const authenticate = async ({ headers }: FastifyRequest): Promise<LiveUser> => {
    const user = sessions.get(/session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '');
    if (user === undefined) throw new AccessError('no_session', 'You are not signed in.');
    return user;
  };
  const clients = new LiveClients({ feed, authenticate, logger, limits });
  const app = fastify();
  logRequests(app, logger);
  replyErrors(app, logger);
  await app.register(websocket, { options: { maxPayload: bodyLimitBytes }, preClose: (done) => done() });
  registerLiveSocket(app, { liveClients: clients });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });

  const connect: LiveServer['connect'] = (session, from: string | null = origin) => {
    const cookie = session === undefined ? {} : { cookie: `session=${session}` };
    const headers = { ...cookie, ...(from !== null && { origin: from }) };
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { headers });
    return watch(socket);
  };
  return {
    app,
    feed,
    clients,
    sessions,
    log,
    origin,
    connect,
    async [Symbol.asyncDispose]() {
      const closed = app.close();
      app.server.closeAllConnections();
      for (const client of app.websocketServer.clients) client.terminate();
      await closed;
      feed[Symbol.dispose]();
    },
  };
}

function watch(socket: WebSocket): LiveTestClient {
  const messages: ServerMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  // A refusal comes as an event of its own.
  socket.on('error', () => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const refused = new Promise<{ status: number; body: unknown } | undefined>((resolve) => {
    socket.on('open', () => resolve(undefined));
    socket.on('unexpected-response', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
        request.destroy();
      });
    });
  });
  const send = (message: unknown): void =>
    socket.send(typeof message === 'string' || message instanceof Buffer ? message : JSON.stringify(message));
  return { socket, messages, closed, refused, send };
}
