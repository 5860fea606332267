import { createHash, randomUUID } from 'node:crypto';
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import type {
  AssistantMessage,
  AssistantPart,
  DocumentPart,
  ImagePart,
  JsonObject,
  MediaSource,
  TextPart,
  UserMessage,
  UserPart,
} from '../../turn/index.ts';

/** A Messages API content block, as plain data. */
export type Block = JsonObject;

/** An assistant message on the process's input: understood by Claude Code, but not in the SDK's types. */
export interface InjectedAssistantMessage {
  readonly type: 'assistant';
  readonly message: JsonObject;
  readonly parent_tool_use_id: null;
  readonly session_id: string;
  readonly uuid: string;
}

export type InputMessage = SDKUserMessage | InjectedAssistantMessage;

/** A user message for the process's input; without `query` it is only taken into the history. */
export function toUserInput(message: UserMessage, { query }: { readonly query: boolean }): SDKUserMessage {
  return {
    type: 'user',
    message: { role: 'user', content: userContent(message) as SDKUserMessage['message']['content'] },
    parent_tool_use_id: null,
    session_id: '',
    uuid: randomUUID(),
    ...(query ? {} : { shouldQuery: false }),
  };
}

export function toAssistantInput(message: AssistantMessage, model: string): InjectedAssistantMessage {
  return {
    type: 'assistant',
    message: assistantMessage(message, model),
    parent_tool_use_id: null,
    session_id: '',
    uuid: randomUUID(),
  };
}

/** The content of a Messages API user message: a string where there is only text, as Claude Code itself writes it. */
export function userContent({ parts }: UserMessage): string | Block[] {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return first.text;
  return parts.map(userBlock);
}

/** A whole Messages API assistant message, as upstream would have answered it. */
export function assistantMessage({ parts }: AssistantMessage, model: string): JsonObject {
  return {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model,
    content: parts.map(assistantBlock),
    stop_reason: parts.some((part) => part.type === 'tool-call') ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  };
}

/** The content of a client tool's result. */
function toolResultContent(content: readonly (TextPart | ImagePart)[]): Block[] {
  return content.map((part) => (part.type === 'text' ? textBlock(part) : imageBlock(part)));
}

function userBlock(part: UserPart): Block {
  switch (part.type) {
    case 'text':
      return textBlock(part);
    case 'image':
      return imageBlock(part);
    case 'document':
      return documentBlock(part);
    case 'tool-result':
      return {
        type: 'tool_result',
        tool_use_id: toolUseId(part.callId),
        content: toolResultContent(part.content),
      };
  }
}

function assistantBlock(part: AssistantPart): Block {
  switch (part.type) {
    case 'text':
      return textBlock(part);
    case 'tool-call':
      return { type: 'tool_use', id: toolUseId(part.callId), name: part.name, input: part.arguments };
  }
}

/** Upstream takes only these characters in a call's id; other servers' ids, such as `functions.x:0`, get a stable one. */
function toolUseId(callId: string): string {
  if (/^[a-zA-Z0-9_-]+$/.test(callId)) return callId;
  return `call_${createHash('sha256').update(callId).digest('hex').slice(0, 24)}`;
}

function textBlock({ text }: TextPart): Block {
  return { type: 'text', text };
}

function imageBlock({ source }: ImagePart): Block {
  return { type: 'image', source: mediaSource(source) };
}

function documentBlock({ source, filename }: DocumentPart): Block {
  const title: JsonObject = filename === undefined ? {} : { title: filename };
  return source.kind === 'text'
    ? { type: 'document', source: { type: 'text', media_type: 'text/plain', data: source.text }, ...title }
    : { type: 'document', source: mediaSource(source), ...title };
}

function mediaSource(source: MediaSource): JsonObject {
  return source.kind === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: source.mediaType, data: source.data };
}
