import endpoints from 'virtual:endpoints';
import type { EndpointName } from '../../../src/contract/index.ts';
import { buildPath } from './build-path.ts';
import { ConsoleError } from './console-error.ts';

/** The parts of a request as they come from a typed call. */
export interface SentInput {
  readonly params?: object;
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/** Path and query of an endpoint, for links and downloads. */
export function endpointPath(name: EndpointName, input: SentInput = {}): string {
  return buildPath(routeOf(name)[1], input);
}

/** Sends one request as it is. Resolves to the response if it is a success. @throws {ConsoleError} */
export async function send(
  name: EndpointName,
  input: SentInput,
  {
    csrfToken,
    signal,
  }: { readonly csrfToken: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Response> {
  const [method] = routeOf(name);
  const response = await fetch(endpointPath(name, input), {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json, */*',
      ...(input.body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
    },
    ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ConsoleError('The server cannot be reached.', { status: 0, code: 'unreachable', cause });
  });
  if (response.ok) return response;
  throw await readError(response);
}

/** The JSON of a success; undefined where there is none. */
export async function readAnswer(name: EndpointName, response: Response): Promise<unknown> {
  return routeOf(name)[2] === 'json' ? await response.json() : undefined;
}

function routeOf(name: EndpointName): readonly [string, string, string] {
  const route = endpoints[name];
  if (route === undefined) throw new TypeError(`There is no endpoint '${name}'.`);
  return route;
}

async function readError(response: Response): Promise<ConsoleError> {
  const requestId = response.headers.get('x-request-id');
  const body: unknown = await response.json().catch(() => undefined);
  const error = errorOf(body);
  return new ConsoleError(error.message ?? `The server answered with status ${response.status}.`, {
    status: response.status,
    code: error.code ?? null,
    param: error.param ?? null,
    requestId,
  });
}

interface ErrorFields {
  readonly message?: string;
  readonly code?: string | null;
  readonly param?: string | null;
}

function errorOf(body: unknown): ErrorFields {
  return isRecord(body) && isRecord(body['error']) ? body['error'] : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
