import type { JsonObject } from '../../../agent/json-object.ts';
import { textOfParts } from '../../../chat/parts.ts';
import type { SentFile } from '../../../chat/turns-of-items.ts';
import type { Conversation, Settings, Turn, UserTurn } from './conversation.ts';
import { type ReadSettings, readSettings } from './read-settings.ts';

export interface PlaygroundRequest {
  readonly endpoint: '/v1/chat/completions' | '/v1/responses';
  readonly body: JsonObject;
}

/**
 * The request that asks for an answer to what is said so far.
 * @param whole sends all of the conversation, also where the server could go on from an earlier response.
 */
export function buildRequest(
  conversation: Conversation,
  settings: Settings,
  whole = false,
): PlaygroundRequest {
  const read = readSettings(settings);
  return settings.dialect === 'chat'
    ? { endpoint: '/v1/chat/completions', body: chatBody(conversation, settings, read) }
    : { endpoint: '/v1/responses', body: responsesBody(conversation, settings, read, whole) };
}

function chatBody({ turns }: Conversation, settings: Settings, read: ReadSettings): JsonObject {
  const system = settings.system.trim();
  return {
    model: settings.model,
    messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...turns.flatMap(messagesOf)],
    ...(settings.effort !== '' && { reasoning_effort: settings.effort }),
    ...(read.temperature !== undefined && { temperature: read.temperature }),
    ...(read.maxTokens !== undefined && { max_completion_tokens: read.maxTokens }),
    ...(read.schema !== undefined && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: read.schema } },
    }),
    ...read.extra,
    stream: true,
    stream_options: { include_usage: true },
  };
}

function responsesBody(
  conversation: Conversation,
  settings: Settings,
  read: ReadSettings,
  whole: boolean,
): JsonObject {
  const { stored } = conversation;
  const previous = stored === undefined && !whole ? lastResponse(conversation.turns) : undefined;
  const turns =
    stored !== undefined || previous !== undefined ? newTurns(conversation.turns) : conversation.turns;
  const system = settings.system.trim();
  const tools = [
    ...(settings.codeInterpreter ? [{ type: 'code_interpreter', container: { type: 'auto' } }] : []),
    ...(settings.webSearch ? [{ type: 'web_search' }] : []),
  ];
  return {
    model: settings.model,
    ...(system !== '' && { instructions: system }),
    input: turns.flatMap(itemsOf),
    ...(stored !== undefined && { conversation: stored }),
    ...(previous !== undefined && { previous_response_id: previous }),
    reasoning: { ...(settings.effort !== '' && { effort: settings.effort }), summary: 'auto' },
    ...(read.temperature !== undefined && { temperature: read.temperature }),
    ...(read.maxTokens !== undefined && { max_output_tokens: read.maxTokens }),
    ...(read.schema !== undefined && {
      text: { format: { type: 'json_schema', name: 'answer', schema: read.schema } },
    }),
    ...(tools.length > 0 && { tools }),
    ...(settings.showWork && {
      include: ['code_interpreter_call.outputs', 'web_search_call.action.sources'],
    }),
    ...read.extra,
    stream: true,
  };
}

/** Of the answer that stands last, if the server has it. */
function lastResponse(turns: readonly Turn[]): string | undefined {
  const answer = turns.findLast((turn) => turn.role === 'assistant');
  return answer?.role === 'assistant' ? answer.responseId : undefined;
}

/** What was said since the last answer. */
function newTurns(turns: readonly Turn[]): readonly Turn[] {
  return turns.slice(turns.findLastIndex((turn) => turn.role === 'assistant') + 1);
}

function messagesOf(turn: Turn): readonly JsonObject[] {
  if (turn.wire?.dialect === 'chat') return turn.wire.parts;
  if (turn.role === 'assistant') {
    const text = textOfParts(turn.parts);
    return text === '' ? [] : [{ role: 'assistant', content: text }];
  }
  const outputs = turn.replies.flatMap((reply): JsonObject[] =>
    reply.kind === 'output' ? [{ role: 'tool', tool_call_id: reply.callId, content: reply.output }] : [],
  );
  return [...outputs, ...saying(turn, { role: 'user', content: chatContent(turn) })];
}

function itemsOf(turn: Turn): readonly JsonObject[] {
  if (turn.wire?.dialect === 'responses') return turn.wire.parts;
  if (turn.role === 'assistant') {
    const text = textOfParts(turn.parts);
    return text === '' ? [] : [{ role: 'assistant', content: text }];
  }
  const replies = turn.replies.map(
    (reply): JsonObject =>
      reply.kind === 'decision'
        ? { type: 'mcp_approval_response', approval_request_id: reply.requestId, approve: reply.approve }
        : { type: 'function_call_output', call_id: reply.callId, output: reply.output },
  );
  return [...replies, ...saying(turn, { role: 'user', content: itemContent(turn) })];
}

/** Nothing where nothing was said. */
function saying({ text, files }: UserTurn, message: JsonObject): readonly JsonObject[] {
  return text === '' && files.length === 0 ? [] : [message];
}

function chatContent({ text, files }: UserTurn): unknown {
  if (files.length === 0) return text;
  const parts = files.map(({ fileId }) => ({ type: 'file', file: { file_id: fileId } }));
  return text === '' ? parts : [...parts, { type: 'text', text }];
}

function itemContent({ text, files }: UserTurn): unknown {
  if (files.length === 0) return text;
  const parts = files.map((file) =>
    isImage(file)
      ? { type: 'input_image', file_id: file.fileId, detail: 'auto' }
      : { type: 'input_file', file_id: file.fileId },
  );
  return text === '' ? parts : [...parts, { type: 'input_text', text }];
}

function isImage({ name }: SentFile): boolean {
  return /\.(?:png|jpe?g|gif|webp)$/i.test(name);
}
