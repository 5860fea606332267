import { z } from 'zod';
import { cursor, idParams, json, numeric, time } from './common.ts';
import { activeRun, timelineEntry } from './timeline.ts';

/** One request to the API, or one background run. Times are milliseconds; null: it did not come to that. */
export const requestRecord = z.object({
  /** The request id that the client was told as `x-request-id`. */
  id: z.string(),
  startedAt: time,
  endpoint: z.string(),
  method: z.string(),
  transport: z.enum(['http', 'websocket', 'background']),
  /** HTTP status; of an answer that broke off after it had begun, that of the error; 499: the client left, or the run was stopped. */
  status: z.int(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  durationMs: z.int(),
  firstTokenMs: z.int().nullable(),
  /** Opaque; `local` without a key. */
  owner: z.string().nullable(),
  keyId: z.string().nullable(),
  /** As the key was called then. */
  keyName: z.string().nullable(),
  /** As the client named it. */
  modelAsked: z.string().nullable(),
  modelUsed: z.string().nullable(),
  profile: z.string().nullable(),
  stream: z.boolean(),
  source: z.enum(['live', 'stored', 'synthesised', 'new']).nullable(),
  stopReason: z.string().nullable(),
  upstreamCalls: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  cacheWriteTokens: z.int(),
  outputTokens: z.int(),
  thinkingTokens: z.int(),
  costUsd: z.number().nullable(),
  /** Tools that the agent ran, or the client was asked to run: how often each. */
  tools: z.record(z.string(), z.int()),
  /** Files that were created, changed, deleted or renamed, relative to the workspace; others as the agent named them. */
  files: z.array(z.string()),
  /** The stored conversation, or the response it goes on from. */
  conversation: z.string().nullable(),
  /** The id in the answer: of the response, or of the completion. */
  responseId: z.string().nullable(),
  /** The client's own name for itself. */
  client: z.string().nullable(),
  address: z.string().nullable(),
});
export type RequestRecord = z.output<typeof requestRecord>;

/**
 * Names and values in their order, the names in lower case, repeated ones each for itself. What is secret says
 * `[redacted]`; a long value tells that it was cut, and a last pair named `…` that some were left out. Null: not kept,
 * or there were none.
 */
const headers = z.array(z.tuple([z.string(), z.string()])).nullable();

/** What is kept of headers, bodies and timeline, by the setting RECORD_DETAIL. */
export const recordDetail = z.object({
  level: z.enum(['redacted', 'full']),
  /** Of the request; of a response over a WebSocket or in the background those of the request that began it. */
  requestHeaders: headers,
  /** As the server set them, without those that its HTTP library adds, such as `date`. Null where no HTTP answer came of it. */
  responseHeaders: headers,
  request: json,
  response: json,
  timeline: z.array(timelineEntry),
  /** Something was left out to keep to RECORD_BODY_MAX_KB. */
  truncated: z.boolean(),
});
export type RecordDetail = z.output<typeof recordDetail>;

const list = z
  .string()
  .max(2000)
  .transform((text) => text.split(',').filter((item) => item !== ''))
  .pipe(z.array(z.string()).max(50));

/** Lists are comma-separated; several filters must all fit. */
export const recordFilter = z.object({
  from: numeric(0, 1e15).optional(),
  to: numeric(0, 1e15).optional(),
  /** `ok`, `error`, or a status such as 429. */
  status: z.union([z.enum(['ok', 'error']), z.coerce.number().int().min(100).max(599)]).optional(),
  endpoint: list.optional(),
  key: list.optional(),
  model: list.optional(),
  profile: list.optional(),
  conversation: z.string().max(200).optional(),
  minDurationMs: numeric(0, 1e12).optional(),
  minCostUsd: z.coerce.number().min(0).optional(),
  /** In ids, error messages, models, clients, key names and file paths; capitals do not matter. */
  text: z.string().trim().min(1).max(200).optional(),
});
export type RecordFilter = z.output<typeof recordFilter>;

const recordPage = z.object({
  items: z.array(requestRecord),
  nextCursor: cursor.nullable(),
  /** A search for text that finds little stops after so many rows; `nextCursor` goes on from here. */
  searchedTo: time.nullable(),
});

export const recordEndpoints = {
  listRecords: {
    method: 'GET',
    path: '/api/webui/records',
    access: 'viewer',
    tag: 'Records',
    summary: 'Requests, newest first.',
    query: recordFilter.extend({ cursor: cursor.optional(), limit: numeric(1, 200).default(50) }),
    response: recordPage,
  },
  exportRecords: {
    method: 'GET',
    path: '/api/webui/records/export',
    access: 'viewer',
    tag: 'Records',
    summary: 'The requests that fit, streamed as CSV, or as JSON with one object a line.',
    query: recordFilter.extend({ format: z.enum(['csv', 'jsonl']).default('csv') }),
    response: 'file',
  },
  getRecord: {
    method: 'GET',
    path: '/api/webui/records/{id}',
    access: 'viewer',
    tag: 'Records',
    summary: 'One request.',
    params: idParams,
    response: requestRecord,
  },
  getRecordDetail: {
    method: 'GET',
    path: '/api/webui/records/{id}/detail',
    access: 'viewer',
    tag: 'Records',
    summary: 'Headers, bodies and timeline, where they were kept.',
    params: idParams,
    response: recordDetail,
  },
  recordStatus: {
    method: 'GET',
    path: '/api/webui/records/status',
    access: 'viewer',
    tag: 'Records',
    summary: 'How the keeping of records goes: what waits, what was dropped, what is stored.',
    response: z.object({
      waiting: z.int(),
      written: z.int(),
      /** Rows that were lost since the start, because the database did not keep up. */
      dropped: z.int(),
      /** Bodies and timelines that were lost, since there were too many at once. */
      droppedDetails: z.int(),
      lastError: z.string().nullable(),
      storedRows: z.int(),
      /** Of bodies and timelines. */
      storedDetailBytes: z.int(),
      oldestAt: time.nullable(),
    }),
  },
} as const;

const rollbackRequest = z.object({
  /** Only says what would be done. */
  dryRun: z.boolean().default(false),
});

/** What shell commands did is not taken back: Claude Code keeps copies only of what its file tools write. */
export const rollback = z.object({
  done: z.boolean(),
  /** Relative to the workspace, with slashes. */
  files: z.array(z.string()),
  /** Why nothing can be done; null: it can. */
  reason: z.string().nullable(),
});
export type Rollback = z.output<typeof rollback>;

export const runEndpoints = {
  listRuns: {
    method: 'GET',
    path: '/api/webui/runs',
    access: 'viewer',
    tag: 'Runs',
    summary: 'What runs on this server now.',
    response: z.object({ items: z.array(activeRun) }),
  },
  getRun: {
    method: 'GET',
    path: '/api/webui/runs/{id}',
    access: 'viewer',
    tag: 'Runs',
    summary: 'A run that is under way, with its timeline so far.',
    params: idParams,
    response: z.object({
      run: activeRun,
      timeline: z.array(timelineEntry),
      /** Of the channel `run:<id>`: what comes after this is not in the timeline. */
      seq: z.int(),
    }),
  },
  stopRun: {
    method: 'POST',
    path: '/api/webui/runs/{id}/stop',
    access: 'admin',
    tag: 'Runs',
    summary: 'Stops a run; its client is told so.',
    params: idParams,
    response: activeRun,
  },
  rollBackRun: {
    method: 'POST',
    path: '/api/webui/runs/{id}/rollback',
    access: 'admin',
    tag: 'Runs',
    summary: 'Puts the files that a run’s file tools changed back as they were before it.',
    params: idParams,
    body: rollbackRequest,
    response: rollback,
  },
} as const;
