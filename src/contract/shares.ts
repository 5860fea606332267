import { z } from 'zod';
import { idParams, json, time } from './common.ts';

export const shareLife = z.enum(['1h', '1d', '7d', '30d']);
export type ShareLife = z.output<typeof shareLife>;

/** A public link to one recorded request. What it opens with is told once, when it is made. */
export const shareLink = z.object({
  id: z.string(),
  /** Of the record. */
  requestId: z.string(),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time,
  lastOpenedAt: time.nullable(),
  /** How often. */
  opened: z.int().nonnegative(),
});
export type ShareLink = z.output<typeof shareLink>;

/** What was said, without the instructions of whoever wrote the client. */
export const sharedMessage = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    text: z.string(),
    /** Pictures and files that came along; they are not shown. */
    attachments: z.int().nonnegative(),
  }),
  z.object({ role: z.literal('assistant'), text: z.string() }),
  /** A call of a tool of the client’s; null: its output is not in the request. */
  z.object({ role: z.literal('tool'), name: z.string(), input: json, output: z.string().nullable() }),
]);
export type SharedMessage = z.output<typeof sharedMessage>;

/** When, in milliseconds since the request began, and in which of its `n` answers. */
const when = { atMs: z.int().nonnegative(), choice: z.int().nonnegative() };
/** Calls are numbered anew: their own ids are nobody’s business. */
const callFields = { callId: z.string(), name: z.string() };

const sharedChange = z.object({
  path: z.string(),
  operation: z.enum(['created', 'modified', 'deleted', 'renamed']),
  previousPath: z.string().optional(),
  diff: z.string().nullable().optional(),
});

/** What happened, as far as strangers are told. Texts are without secrets and without paths of the server. */
export const sharedEntry = z.discriminatedUnion('type', [
  z.object({ ...when, type: z.literal('started'), model: z.string() }),
  z.object({ ...when, type: z.literal('text'), text: z.string(), fullLength: z.int().optional() }),
  z.object({ ...when, type: z.literal('text_reset') }),
  z.object({ ...when, type: z.literal('thinking'), text: z.string(), fullLength: z.int().optional() }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('tool_started'),
    server: z.string().optional(),
    parentCallId: z.string().optional(),
    input: json,
  }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('tool_done'),
    isError: z.boolean(),
    output: z.string().nullable(),
    fullLength: z.int().optional(),
    /** The patch of an edit, of all that the engine tells. */
    patch: json.optional(),
    parentCallId: z.string().optional(),
  }),
  z.object({ ...when, ...callFields, type: z.literal('client_call'), arguments: json }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('approval_requested'),
    server: z.string().nullable(),
    arguments: json,
  }),
  z.object({
    ...when,
    ...callFields,
    type: z.literal('approval_ended'),
    outcome: z.enum(['allow', 'allow_for_run', 'deny', 'expired', 'withdrawn']),
  }),
  z.object({
    ...when,
    type: z.literal('files'),
    changes: z.array(sharedChange),
    omitted: z.int(),
    certain: z.boolean(),
  }),
  z.object({ ...when, type: z.literal('done'), stopReason: z.string(), outputTokens: z.int() }),
  /** What went wrong is not told. */
  z.object({ ...when, type: z.literal('error') }),
]);
export type SharedEntry = z.output<typeof sharedEntry>;

/** One request as whoever has a link sees it: nothing but what is named here. */
export const sharedRun = z.object({
  startedAt: time,
  durationMs: z.int(),
  model: z.string().nullable(),
  succeeded: z.boolean(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  messages: z.array(sharedMessage),
  timeline: z.array(sharedEntry),
  /** Something was left out to keep to the size of a record. */
  truncated: z.boolean(),
  /** When the link ends. */
  expiresAt: time,
});
export type SharedRun = z.output<typeof sharedRun>;

export const shareEndpoints = {
  listShareLinks: {
    method: 'GET',
    path: '/api/webui/share-links',
    access: 'admin',
    tag: 'Public links',
    summary: 'All public links that have not expired, newest first.',
    response: z.object({
      /** PUBLIC_SHARE_LINKS: as long as it is off, none of them opens. */
      enabled: z.boolean(),
      items: z.array(shareLink),
    }),
  },
  listRecordShareLinks: {
    method: 'GET',
    path: '/api/webui/records/{id}/shares',
    access: 'admin',
    tag: 'Public links',
    summary: 'The public links to one request that have not expired, newest first.',
    params: idParams,
    response: z.object({
      enabled: z.boolean(),
      /** Why there is nothing that could be shared; null: there is. */
      reason: z.string().nullable(),
      items: z.array(shareLink),
    }),
  },
  createShareLink: {
    method: 'POST',
    path: '/api/webui/records/{id}/shares',
    access: 'admin',
    tag: 'Public links',
    summary: 'Makes a public link to one request. Its token is told this once.',
    params: idParams,
    body: z.object({ life: shareLife.default('7d') }),
    response: z.object({ link: shareLink, token: z.string() }),
  },
  revokeShareLink: {
    method: 'DELETE',
    path: '/api/webui/share-links/{id}',
    access: 'admin',
    tag: 'Public links',
    summary: 'Ends a public link at once.',
    params: idParams,
    response: 'none',
  },
  openShareLink: {
    method: 'GET',
    path: '/api/webui/shared/{token}',
    access: 'public',
    tag: 'Public links',
    summary: 'What a public link shows.',
    params: z.object({ token: z.string().min(1).max(200) }),
    response: sharedRun,
  },
} as const;
