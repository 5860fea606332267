import { z } from 'zod';
import { cursor, idParams, json, numeric, page, time } from './common.ts';

/** A stored conversation, or a chain of stored responses. Chat Completions are not stored; see their records. */
export const conversationEntry = z.object({
  /** `conv_…`, or `resp_…` for the last response of a chain. */
  id: z.string(),
  kind: z.enum(['conversation', 'responses']),
  /** The beginning of what was asked first. */
  title: z.string(),
  /** Opaque; `local` without a key. */
  owner: z.string(),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  /** Of the last response; null where there is none yet. */
  model: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});
export type ConversationEntry = z.output<typeof conversationEntry>;

export const conversationEndpoints = {
  listConversations: {
    method: 'GET',
    path: '/api/webui/conversations',
    access: 'viewer',
    tag: 'Conversations',
    summary: 'Stored conversations and chains of responses, those changed last first.',
    query: z.object({
      key: z.string().max(200).optional(),
      text: z.string().trim().min(1).max(200).optional(),
      cursor: cursor.optional(),
      limit: numeric(1, 100).default(50),
    }),
    response: page(conversationEntry),
  },
  getConversation: {
    method: 'GET',
    path: '/api/webui/conversations/{id}',
    access: 'viewer',
    tag: 'Conversations',
    summary: 'One conversation with its items, oldest first, in the form of the Responses API.',
    params: idParams,
    response: z.object({
      conversation: conversationEntry,
      items: z.array(json),
      /** Earlier items were left out. */
      truncated: z.boolean(),
    }),
  },
  deleteConversation: {
    method: 'DELETE',
    path: '/api/webui/conversations/{id}',
    access: 'admin',
    tag: 'Conversations',
    summary: 'Deletes a conversation with its items and responses.',
    params: idParams,
    response: 'none',
  },
} as const;
