import { TurnError } from '../turn/index.ts';

function afterActing(error: TurnError): TurnError {
  const { code, message, upstreamStatus, retryAfterSeconds } = error;
  return new TurnError(code, message, {
    agentActed: true,
    cause: error,
    ...(upstreamStatus === undefined ? {} : { upstreamStatus }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Settles as the work does, or rejects with the signal's reason as soon as it aborts. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => {});
  }
}

/** What ended a turn, as its error; an aborted signal's reason may be a TurnError itself. */
export function asTurnError(error: unknown, signal: AbortSignal, agentActed = false): TurnError {
  if (error instanceof TurnError) return agentActed ? afterActing(error) : error;
  if (signal.aborted) return new TurnError('cancelled', 'The run was stopped.', { agentActed, cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new TurnError('engine_failed', message, { agentActed, cause: error });
}
