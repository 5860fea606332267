/** Why the server refused, or that it could not be reached (`status` 0). */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly status: number;
  readonly code: string | null;
  /** The field at fault, such as `limits.requestsPerMinute`. */
  readonly param: string | null;
  readonly requestId: string | null;

  constructor(
    message: string,
    details: {
      readonly status: number;
      readonly code?: string | null;
      readonly param?: string | null;
      readonly requestId?: string | null;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.code = details.code ?? null;
    this.param = details.param ?? null;
    this.requestId = details.requestId ?? null;
  }
}

/** What to show of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message for one field of a form, where the server found fault with it or with something within it. */
export function fieldError(error: unknown, param: string): string | undefined {
  if (!(error instanceof ConsoleError) || error.param === null) return undefined;
  const rest = error.param.startsWith(param) ? error.param.slice(param.length) : undefined;
  return rest !== undefined && /^(?:$|[.[])/.test(rest) ? error.message : undefined;
}
