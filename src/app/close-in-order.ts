import type { FastifyInstance } from 'fastify';
import type { createResponseServices, RunningRequests, trackConnections } from '../http/index.ts';
import type { Logger } from '../observability/index.ts';
import { TurnError } from '../turn/index.ts';
import { within } from './within.ts';

export interface CloseParts {
  readonly server: Pick<FastifyInstance, 'close'>;
  readonly connections: ReturnType<typeof trackConnections>;
  readonly running: RunningRequests;
  readonly background: ReturnType<typeof createResponseServices>['background'];
  /** What is closed last. */
  readonly opened: AsyncDisposable;
  readonly logger: Logger;
  /** Told at once. */
  readonly onBegin: () => void;
  /** SHUTDOWN_TIMEOUT_SECONDS, in milliseconds, as it is now. */
  readonly graceMs: () => number;
}

/**
 * Stops accepting; lets running requests finish for so long (by default SHUTDOWN_TIMEOUT_SECONDS, and no longer
 * once `hurry` aborts), then stops them; ends every child process; closes the database and the log.
 */
export type Close = (options?: { readonly graceMs?: number; readonly hurry?: AbortSignal }) => Promise<void>;

/** How long stopped requests have to send their last words, and connections to close. */
const lastWordsMs = 5_000;
const farewellMs = 1_000;

/** What it returns closes once, however often it is called. */
export function closeInOrder(parts: CloseParts): Close {
  let closing: Promise<void> | undefined;
  return (options = {}) => {
    closing ??= close(parts, options);
    return closing;
  };
}

async function close(
  { server, connections, running, background, opened, logger, onBegin, graceMs: usualGraceMs }: CloseParts,
  { graceMs = usualGraceMs(), hurry }: NonNullable<Parameters<Close>[0]>,
): Promise<void> {
  onBegin();
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
  await opened[Symbol.asyncDispose]();
}
