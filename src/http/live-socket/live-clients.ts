import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AccessError } from '../../access/index.ts';
import type { LiveFeed } from '../../observability/index.ts';
import { WireError } from '../../openai/index.ts';
import { isOwnOrigin } from '../console/own-origin.ts';
import { foreignAccess } from '../wire-errors.ts';
import { LiveClient, type LiveUser } from './live-client.ts';
import { type LiveLimits, usualLiveLimits } from './live-limits.ts';
import type { LiveSocket } from './live-socket.ts';

export interface LiveClientsOptions {
  readonly feed: Pick<LiveFeed, 'epoch' | 'subscribe'>;
  /**
   * Who is signed in, by the cookie of the request that opened the connection. Rejects with an AccessError or a
   * WireError where nobody is. `recheck`: nobody is at work, the connection is only still open.
   */
  readonly authenticate: (
    request: FastifyRequest,
    options: { readonly recheck: boolean },
  ) => Promise<LiveUser>;
  readonly logger: Logger;
  readonly limits?: Partial<LiveLimits>;
}

/** A place that is taken before the connection is upgraded, so that many at once cannot exceed the limits. */
export interface Seat {
  readonly user: LiveUser;
  release(): void;
}

/** All who are connected to `/ws`. */
export class LiveClients {
  readonly #options: LiveClientsOptions;
  readonly #limits: LiveLimits;
  readonly #clients = new Map<LiveClient, FastifyRequest>();
  /** Usernames. */
  readonly #seats = new Map<symbol, string>();
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(options: LiveClientsOptions) {
    this.#options = options;
    this.#limits = { ...usualLiveLimits, ...options.limits };
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Rejects where this request may not open a connection, or there are too many. */
  async admit(request: FastifyRequest): Promise<Seat> {
    // Whoever has a cookie is a browser, and browsers always say where a page comes from here.
    if (request.headers.origin === undefined || !isOwnOrigin(request)) throw foreignOrigin();
    const user = await this.#options.authenticate(request, { recheck: false });
    if (user.mustChangePassword) throw passwordChangeRequired();
    if (user.mustSetUpTwoFactor) throw twoFactorRequired();
    const ofUser = [...this.#seats.values()].filter((username) => username === user.username).length;
    if (ofUser >= this.#limits.clientsPerUser) throw tooMany('You have too many live connections.');
    if (this.#seats.size >= this.#limits.clients) throw tooMany('There are too many live connections.');
    const id = Symbol();
    this.#seats.set(id, user.username);
    return { user, release: () => void this.#seats.delete(id) };
  }

  open(socket: LiveSocket, request: FastifyRequest, user: LiveUser): void {
    const { feed, logger } = this.#options;
    const client = new LiveClient(socket, user, {
      feed,
      limits: this.#limits,
      logger,
      requestId: request.id,
    });
    this.#clients.set(client, request);
    socket.on('close', () => this.#forget(client));
    // There is none where the upgrade is injected.
    request.raw.socket?.on('data', (chunk: Buffer) => client.countInput(chunk.length));
    if (this.#closing) client.goAway();
    this.#timer ??= setInterval(() => this.#check(), this.#limits.checkEveryMs).unref();
  }

  /** Looks at all sessions again, at once: to be called when some may have ended. */
  async recheck(): Promise<void> {
    const bySession = new Map<string, LiveClient[]>();
    for (const client of this.#clients.keys()) {
      const same = bySession.get(client.sessionId);
      if (same === undefined) bySession.set(client.sessionId, [client]);
      else same.push(client);
    }
    await Promise.all([...bySession.values()].map((clients) => this.#recheckSession(clients)));
  }

  /** Ends all connections, for good. */
  closeAll(): void {
    this.#closing = true;
    for (const client of this.#clients.keys()) client.goAway();
  }

  #check(): void {
    for (const client of this.#clients.keys()) client.checkPulse();
    void this.recheck();
  }

  async #recheckSession(clients: readonly LiveClient[]): Promise<void> {
    const [first] = clients;
    const request = first && this.#clients.get(first);
    if (request === undefined) return;
    try {
      const user = await this.#options.authenticate(request, { recheck: true });
      for (const client of clients) client.update(user);
    } catch (error) {
      if (isRefusal(error)) {
        for (const client of clients) client.endSession();
      } else {
        // A database that is away for a moment ends no session.
        this.#options.logger.warn({ err: error }, 'a session could not be looked at again');
      }
    }
  }

  #forget(client: LiveClient): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AccessError || (error instanceof WireError && error.status < 500);
}

function foreignOrigin(): WireError {
  return foreignAccess(
    "The live connection is for this server's own console: its Origin must be that of the server.",
  );
}

function passwordChangeRequired(): AccessError {
  return new AccessError('password_change_required', 'Change your password before anything else.');
}

function twoFactorRequired(): AccessError {
  return new AccessError('two_factor_required', 'Set up two-factor sign-in before anything else.');
}

function tooMany(message: string): WireError {
  return new WireError({
    status: 429,
    type: 'rate_limit_error',
    message,
    code: 'too_many_connections',
    retryAfterSeconds: 10,
  });
}
