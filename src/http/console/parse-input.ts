import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Endpoint } from '../../contract/index.ts';
import { badRequest, formatPath, parseBody, WireError } from '../../openai/index.ts';
import { findUnknownField } from './find-unknown-field.ts';
import { inspectInput } from './inspect-input.ts';

const longestMessage = 500;

export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * What came with a request, as the endpoint's schemas see it. Throws a 400 WireError that names the field at fault;
 * also for fields that the endpoint does not know.
 */
export function parseInput(
  endpoint: Pick<Endpoint, 'params' | 'query' | 'body'>,
  { params, query, body }: Pick<FastifyRequest, 'params' | 'query' | 'body'>,
): ParsedInput {
  const nothing = z.object({});
  const given = withoutEmpty(query);
  for (const input of [params, given, body]) inspectInput(input);
  return {
    params: endpoint.params && parseText(endpoint.params, params),
    query: parseText(endpoint.query ?? nothing, given),
    // A body of which every field may be left out may itself be left out.
    body: parseJson(endpoint.body ?? nothing, body ?? {}),
  };
}

function parseJson(schema: z.ZodType, body: unknown): unknown {
  const parsed = withShortMessage(() => parseBody(schema, body));
  refuseUnknownFields(schema, body);
  return parsed;
}

/** Of a URL: flat, and all text, so that what a number is expected for has come as text. */
function parseText(schema: z.ZodObject, given: unknown): unknown {
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    refuseUnknownFields(schema, given);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const param = formatPath(issue?.path ?? []);
  const reason = Object.hasOwn(Object(given), param) ? issue?.message : 'it is missing';
  throw badRequest(`Invalid '${param}': ${reason}.`, param, 'invalid_value');
}

function refuseUnknownFields(schema: z.ZodType, value: unknown): void {
  const path = findUnknownField(schema, value);
  if (path === null) return;
  const param = formatPath(path).slice(0, longestMessage);
  throw badRequest(`Unknown parameter: '${param}'.`, param, 'unknown_parameter');
}

/** `?from=&to=5` is how a form sends that nothing was filled in. */
function withoutEmpty(query: unknown): unknown {
  return Object.fromEntries(Object.entries(Object(query)).filter(([, value]) => value !== ''));
}

/** Messages tell what was given, which may be long. */
function withShortMessage<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof WireError) || error.message.length <= longestMessage) throw error;
    throw badRequest(
      `${error.message.slice(0, longestMessage)}…`,
      error.param,
      error.code ?? 'invalid_value',
    );
  }
}
