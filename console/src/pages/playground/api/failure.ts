import { isObject, textField } from '../../../agent/json-object.ts';

/** Why an answer did not come, or not whole. Kept with the conversation. */
export interface Failure {
  readonly message: string;
  /** HTTP status; 0: the server was not reached, or the stream had begun. */
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  readonly requestId: string | null;
  /** Seconds; null: not said. */
  readonly retryAfter: number | null;
}

/** From an error body of the API, or an error event of a stream. */
export function failureOf(
  body: unknown,
  more: Partial<Pick<Failure, 'status' | 'requestId' | 'retryAfter'>> = {},
): Failure {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : body;
  const status = more.status ?? 0;
  return {
    message:
      textField(error, 'message') ??
      (status === 0 ? 'The answer broke off.' : `The server answered with status ${status}.`),
    status,
    code: textField(error, 'code') ?? null,
    param: textField(error, 'param') ?? null,
    requestId: more.requestId ?? null,
    retryAfter: more.retryAfter ?? null,
  };
}

export async function readFailure(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined);
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return failureOf(body, {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfter: Number.isFinite(wait) ? wait : null,
  });
}

export const unreachable: Failure = {
  message: 'The server cannot be reached.',
  status: 0,
  code: 'unreachable',
  param: null,
  requestId: null,
  retryAfter: null,
};
