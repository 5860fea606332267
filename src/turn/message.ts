import type { JsonObject } from './json.ts';

/**
 * One message of a conversation as the client tells it. Neutral between the dialects: a tool's result is a
 * part of a user message (as it is for Claude), and the results that answer one assistant message are
 * together in one user message.
 */
export type Message = UserMessage | AssistantMessage;

export interface UserMessage {
  readonly role: 'user';
  readonly parts: readonly UserPart[];
}

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly parts: readonly AssistantPart[];
}

export type UserPart = TextPart | ImagePart | DocumentPart | ToolResultPart;
export type AssistantPart = TextPart | ToolCallPart;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export type MediaSource =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  /** Passed on to Claude, never fetched by this server. */
  | { readonly kind: 'url'; readonly url: string };

export interface ImagePart {
  readonly type: 'image';
  readonly source: MediaSource;
}

export interface DocumentPart {
  readonly type: 'document';
  readonly source: MediaSource | { readonly kind: 'text'; readonly text: string };
  readonly filename?: string;
}

/** The result of a client tool, named by the id of the call that it answers. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly content: readonly (TextPart | ImagePart)[];
}

/** A call of a client tool. A custom (free text) tool's input is `{ input: text }`. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  readonly arguments: JsonObject;
}
