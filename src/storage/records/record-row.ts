import type { Insertable, Selectable } from 'kysely';
import type { RequestRecord } from '../../contract/index.ts';
import type { RequestLogsTable } from '../schema/records.ts';
import { storableText } from '../storable-text.ts';

export type NewRecordRow = Insertable<RequestLogsTable>;
export type RecordRow = Selectable<RequestLogsTable>;

/** Most characters of names and ids, of messages, and of a list as JSON. */
const sizes = { name: 200, message: 2000, list: 8000 };

/** A record as it is stored: texts are cut to size, and money is in nano-dollars. */
export function toRow(record: RequestRecord): NewRecordRow {
  return {
    request_id: text(record.id),
    started_at: whole(record.startedAt),
    status: whole(record.status),
    duration_ms: whole(record.durationMs),
    first_token_ms: record.firstTokenMs === null ? null : whole(record.firstTokenMs),
    cost_nano_usd: record.costUsd === null ? null : whole(record.costUsd * 1e9),
    endpoint: text(record.endpoint),
    method: text(record.method),
    transport: record.transport,
    key_id: optional(record.keyId),
    model_used: optional(record.modelUsed),
    profile: optional(record.profile),
    stream: record.stream ? 1 : 0,
    source: record.source,
    stop_reason: optional(record.stopReason),
    upstream_calls: whole(record.upstreamCalls),
    input_tokens: whole(record.inputTokens),
    cached_input_tokens: whole(record.cachedInputTokens),
    cache_write_tokens: whole(record.cacheWriteTokens),
    output_tokens: whole(record.outputTokens),
    thinking_tokens: whole(record.thinkingTokens),
    owner: optional(record.owner),
    address: optional(record.address),
    error_code: optional(record.errorCode),
    key_name: optional(record.keyName),
    model_asked: optional(record.modelAsked),
    client: optional(record.client),
    conversation: optional(record.conversation),
    response_id: optional(record.responseId),
    error_message: optional(record.errorMessage, sizes.message),
    tools: JSON.stringify(
      Object.fromEntries(
        upToSize(Object.entries(record.tools), ([name, count]) => [text(name), whole(count)]),
      ),
    ),
    files: JSON.stringify(upToSize(record.files, (file) => text(file, sizes.message))),
  };
}

export function toRecord(row: RecordRow): RequestRecord {
  return {
    id: row.request_id,
    startedAt: row.started_at,
    endpoint: row.endpoint,
    method: row.method,
    transport: row.transport,
    status: row.status,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    durationMs: row.duration_ms,
    firstTokenMs: row.first_token_ms,
    owner: row.owner,
    keyId: row.key_id,
    keyName: row.key_name,
    modelAsked: row.model_asked,
    modelUsed: row.model_used,
    profile: row.profile,
    stream: row.stream === 1,
    source: row.source,
    stopReason: row.stop_reason,
    upstreamCalls: row.upstream_calls,
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_input_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    outputTokens: row.output_tokens,
    thinkingTokens: row.thinking_tokens,
    costUsd: row.cost_nano_usd === null ? null : row.cost_nano_usd / 1e9,
    tools: JSON.parse(row.tools),
    files: JSON.parse(row.files),
    conversation: row.conversation,
    responseId: row.response_id,
    client: row.client,
    address: row.address,
  };
}

function text(value: string, size = sizes.name): string {
  return storableText(value.slice(0, size));
}

function optional(value: string | null, size = sizes.name): string | null {
  return value === null ? null : text(value, size);
}

/** One number that is none would make PostgreSQL refuse the whole batch. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}

/** The first entries, as many as fit into a list's size. */
function upToSize<Entry, Stored>(entries: readonly Entry[], toStored: (entry: Entry) => Stored): Stored[] {
  const stored: Stored[] = [];
  let size = 0;
  for (const entry of entries) {
    const next = toStored(entry);
    size += JSON.stringify(next).length + 1;
    if (size > sizes.list) break;
    stored.push(next);
  }
  return stored;
}
