import type { RequestRecord } from '../../contract/index.ts';
import { isJsonObject } from '../../turn/index.ts';
import type { NewRecord } from '../records/write-records.ts';
import type { OriginalUpgrade } from './original-upgrade.ts';
import { countOf, idFor, jsonOf, type OriginalRow, pastTimeOf, textOf } from './read-fields.ts';
import type { Tally } from './tally.ts';

export interface RequestContext extends Pick<OriginalUpgrade, 'completeRecord'> {
  readonly now: number;
  readonly tally: Tally;
  /** What keys are called, by our ids. */
  readonly keyNames: ReadonlyMap<string, string>;
}

/** As the server calls whoever asks without a key. */
const localOwner = 'local';

/** Undefined where the row cannot be placed in time, or has no status. */
export function convertRequest(row: OriginalRow, context: RequestContext): NewRecord | undefined {
  const { now, tally, keyNames, completeRecord } = context;
  // It was written when the request was over.
  const endedAt = pastTimeOf(row['timestamp'], now);
  const status = countOf(row['status_code']);
  if (endedAt === undefined || status === undefined) {
    tally.note(endedAt === undefined ? 'left out, without a time' : 'left out, without a status');
    return undefined;
  }
  const durationMs = countOf(row['response_time']) ?? 0;
  const request = jsonOf(row['request_body']);
  const response = jsonOf(row['response_body']);
  const originalKey = textOf(row['api_key_id']);
  const keyId = originalKey === undefined ? null : idFor('key_', originalKey);
  const record: RequestRecord = {
    ...unknownFacts,
    id: textOf(row['id']) ?? `original-${row['row']}`,
    startedAt: Math.max(0, endedAt - durationMs),
    durationMs,
    status,
    endpoint: endpointOf(row['endpoint']),
    method: textOf(row['method']) ?? 'POST',
    owner: keyId ?? localOwner,
    keyId,
    keyName: keyId === null ? null : (keyNames.get(keyId) ?? null),
    modelAsked: textOf(row['model']) ?? null,
    errorCode: status >= 400 ? errorCodeOf(response) : null,
    errorMessage: textOf(row['error_message']) ?? null,
    client: textOf(row['user_agent']) ?? null,
    address: textOf(row['ip_address']) ?? null,
    ...tokensOf(response, countOf(row['tokens_used'])),
  };
  return completeRecord(record, { request, response });
}

/** What the original did not note, or not apart from the bodies. */
const unknownFacts = {
  transport: 'http',
  stream: false,
  conversation: null,
  responseId: null,
  firstTokenMs: null,
  modelUsed: null,
  profile: null,
  source: null,
  stopReason: null,
  upstreamCalls: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  thinkingTokens: 0,
  costUsd: null,
  tools: {},
  files: [],
} satisfies Partial<RequestRecord>;

const endpoints: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/models', '/v1/responses']);

/** By its pattern, as ours are called: statistics have one row for each. */
function endpointOf(value: unknown): string {
  const path = (textOf(value) ?? '').replace(/\/+$/, '');
  if (endpoints.has(path)) return path;
  if (path.startsWith('/v1/models/')) return '/v1/models/*';
  return /^\/v1\/responses\/[^/]+$/.test(path) ? '/v1/responses/{id}' : '/v1/{unknown}';
}

function errorCodeOf(response: unknown): string | null {
  const error = memberOf(response, 'error');
  return textOf(memberOf(error, 'code')) ?? textOf(memberOf(error, 'type')) ?? null;
}

/** The original noted the sum alone; the answer has both numbers. */
function tokensOf(
  response: unknown,
  sum: number | undefined,
): Pick<RequestRecord, 'inputTokens' | 'outputTokens'> {
  const usage = memberOf(response, 'usage');
  const input = countOf(memberOf(usage, 'prompt_tokens') ?? memberOf(usage, 'input_tokens'));
  const output = countOf(memberOf(usage, 'completion_tokens') ?? memberOf(usage, 'output_tokens'));
  if (input === undefined && output === undefined) return { inputTokens: sum ?? 0, outputTokens: 0 };
  return { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}
