import { z } from 'zod';
import { json, time } from './common.ts';

export const usage = z.object({
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  cacheWriteTokens: z.int(),
  outputTokens: z.int(),
  thinkingTokens: z.int(),
  /** By the engine's price list; null where it has not told it. */
  costUsd: z.number().nullable(),
  upstreamCalls: z.int(),
});
export type UsageView = z.output<typeof usage>;

/** When, in milliseconds since the request began, and in which of its `n` answers. */
const when = { atMs: z.int().nonnegative(), choice: z.int().nonnegative() };
const callFields = { callId: z.string(), name: z.string() };

/** One file that a run left otherwise than it found it. */
export const fileChange = z.object({
  path: z.string(),
  operation: z.enum(['created', 'modified', 'deleted', 'renamed']),
  previousPath: z.string().optional(),
  /** Absent for a deleted file. */
  content: z.object({ size: z.int(), mediaType: z.string(), sha256: z.string() }).optional(),
  /** A unified diff, for text of moderate size; null where bodies are not kept. */
  diff: z.string().nullable().optional(),
  /** By which `GET /v1/files/{id}/content` has it, for the run’s owner. */
  fileId: z.string().optional(),
});
export type FileChangeView = z.output<typeof fileChange>;

/**
 * What happened in a run. Texts come in pieces as they arrive (live) or joined (stored); one that was cut to size says
 * how many characters it had.
 */
export const timelineEntry = z.discriminatedUnion('type', [
  z.object({ ...when, type: z.literal('started'), model: z.string(), source: z.string() }),
  z.object({ ...when, type: z.literal('text'), text: z.string(), fullLength: z.int().optional() }),
  z.object({ ...when, type: z.literal('text_reset') }),
  z.object({ ...when, type: z.literal('thinking'), text: z.string(), fullLength: z.int().optional() }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('tool_started'),
    server: z.string().optional(),
    parentCallId: z.string().optional(),
    /** Null where bodies are not kept, or it was too long. */
    input: json,
  }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('tool_done'),
    isError: z.boolean(),
    output: z.string().nullable(),
    fullLength: z.int().optional(),
    /** The engine's structured result, such as the patch of an edit. */
    detail: json.optional(),
    parentCallId: z.string().optional(),
  }),
  z.object({ ...when, ...callFields, type: z.literal('client_call'), arguments: json }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('approval_requested'),
    /** Null: a built-in tool. */
    server: z.string().nullable(),
    arguments: json,
    /** Where it can be answered in the console; absent: the client is asked. */
    approvalId: z.string().optional(),
  }),
  /** A call that waited for somebody’s word here; one that the client is asked about has no end of its own. */
  z.object({
    ...when,
    ...callFields,
    type: z.literal('approval_ended'),
    outcome: z.enum(['allow', 'allow_for_run', 'deny', 'expired', 'withdrawn']),
    by: z.string().nullable(),
  }),
  z.object({
    ...when,
    type: z.literal('files'),
    workspaceId: z.string(),
    changes: z.array(fileChange),
    /** Further files that changed and are not told. */
    omitted: z.int(),
    /** False: another run worked there at the same time; some of it may be its work. */
    certain: z.boolean(),
  }),
  z.object({ ...when, type: z.literal('notice'), code: z.string(), message: z.string() }),
  z.object({ ...when, type: z.literal('usage'), usage }),
  z.object({ ...when, type: z.literal('done'), stopReason: z.string(), usage }),
  z.object({ ...when, type: z.literal('error'), code: z.string(), message: z.string(), usage }),
]);
export type TimelineEntry = z.output<typeof timelineEntry>;

/** A run that is under way. */
export const activeRun = z.object({
  /** Of the request. */
  id: z.string(),
  startedAt: time,
  endpoint: z.string(),
  transport: z.enum(['http', 'websocket', 'background']),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  model: z.string().nullable(),
  profile: z.string().nullable(),
  client: z.string().nullable(),
  address: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'stopping']),
  /** The tool that runs now. */
  activity: z.string().nullable(),
  firstTokenMs: z.int().nullable(),
  usage,
});
export type ActiveRun = z.output<typeof activeRun>;
