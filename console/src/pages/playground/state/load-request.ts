import { isObject, type JsonObject, textField } from '../../../agent/json-object.ts';
import { hasLeftOut } from '../../../agent/left-out.ts';
import { type Part, parseInput } from '../../../chat/parts.ts';
import { isOutput, partsOfItems, textOf } from '../../../chat/parts-of-items.ts';
import { readContent, turnsOfItems } from '../../../chat/turns-of-items.ts';
import type { Dialect } from '../api/answer.ts';
import {
  type AnswerTurn,
  firstSettings,
  noAnswer,
  type Reply,
  type Settings,
  type Turn,
  type UserTurn,
} from './conversation.ts';

export interface LoadedRequest {
  readonly turns: readonly Turn[];
  readonly settings: Settings;
  readonly stored: string | undefined;
}

/** The request of a record as a conversation. A text: why it cannot be loaded. */
export function loadRequest(endpoint: string, body: unknown): LoadedRequest | string {
  if (!isObject(body)) return 'The body of this request was not kept.';
  if (hasLeftOut(body))
    return 'The texts of this request were not kept. Set RECORD_DETAIL to full to keep those of later requests.';
  if (endpoint.startsWith('/v1/chat/completions')) return loadChat(body);
  if (endpoint.startsWith('/v1/responses')) return loadResponses(body);
  return `Requests to ${endpoint} cannot be sent from here.`;
}

function loadChat(body: JsonObject): LoadedRequest {
  const {
    model,
    messages,
    reasoning_effort,
    temperature,
    max_completion_tokens,
    max_tokens,
    stream,
    stream_options,
    ...extra
  } = body;
  const list = Array.isArray(messages) ? messages.filter(isObject) : [];
  const first = list[0];
  const leading =
    first !== undefined && (first['role'] === 'system' || first['role'] === 'developer') ? first : undefined;
  return {
    turns: turnsOfMessages(leading === undefined ? list : list.slice(1)),
    settings: {
      ...firstSettings,
      dialect: 'chat',
      model: text(model),
      system: leading === undefined ? '' : textOf(leading['content'] ?? ''),
      effort: text(reasoning_effort),
      temperature: text(temperature),
      maxTokens: text(max_completion_tokens ?? max_tokens),
      extra: written(extra),
    },
    stored: undefined,
  };
}

function turnsOfMessages(messages: readonly JsonObject[]): readonly Turn[] {
  const groups: { answer: boolean; messages: JsonObject[] }[] = [];
  for (const message of messages) {
    const answer =
      message['role'] === 'assistant' || message['role'] === 'tool' || message['role'] === 'function';
    const last = groups.at(-1);
    if (answer && last?.answer === true) last.messages.push(message);
    else groups.push({ answer, messages: [message] });
  }
  // A request that ends with the outputs of tools goes on from there.
  return groups.map((group, index) => {
    const ended = group.messages.at(-1)?.['role'] !== 'assistant';
    if (group.answer && !(ended && index === groups.length - 1))
      return loadedAnswer(`loaded-${index}`, 'chat', group.messages, partsOfMessages(group.messages));
    if (group.answer) return loadedOutputs(`loaded-${index}`, group.messages);
    const { text: said, files } = readContent(group.messages[0]?.['content'] ?? '');
    return loadedUser(`loaded-${index}`, 'chat', group.messages, { text: said, files });
  });
}

function loadedOutputs(id: string, messages: readonly JsonObject[]): UserTurn {
  const outputs = messages.filter((message) => message['role'] === 'tool' || message['role'] === 'function');
  return {
    ...loadedUser(id, 'chat', messages, { text: '', files: [] }),
    replies: outputs.map((message) => ({
      kind: 'output',
      callId: text(message['tool_call_id']),
      name: text(message['name'] ?? 'the tool'),
      output: textOf(message['content'] ?? ''),
    })),
  };
}

function partsOfMessages(messages: readonly JsonObject[]): readonly Part[] {
  const outputs = new Map(
    messages.flatMap((message) => {
      const id = textField(message, 'tool_call_id');
      return id === undefined ? [] : [[id, textOf(message['content'] ?? '')] as const];
    }),
  );
  return messages.flatMap((message): Part[] => {
    if (message['role'] !== 'assistant') return [];
    const said = textOf(message['content'] ?? '');
    const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
    const parts: Part[] = said === '' ? [] : [{ kind: 'text', text: said, cited: [] }];
    for (const call of calls) {
      const of = isObject(call) ? (call['function'] ?? call['custom']) : undefined;
      const id = textField(call, 'id') ?? '';
      const output = outputs.get(id);
      parts.push({
        kind: 'tool',
        id,
        name: textField(of, 'name') ?? '',
        server: undefined,
        input: parseInput(textField(of, 'arguments') ?? textField(of, 'input') ?? ''),
        output,
        state: output === undefined ? 'open' : 'done',
      });
    }
    return parts;
  });
}

function loadResponses(body: JsonObject): LoadedRequest {
  const {
    model,
    input,
    instructions,
    reasoning,
    temperature,
    max_output_tokens,
    stream,
    stream_options,
    previous_response_id,
    conversation,
    ...extra
  } = body;
  const items =
    typeof input === 'string' ? [{ role: 'user', content: input }] : Array.isArray(input) ? input : [];
  const turns = turnsOfLoadedItems(items);
  const previous = text(previous_response_id);
  const effort = isObject(reasoning) ? text(reasoning['effort']) : '';
  const stored = isObject(conversation) ? text(conversation['id']) : text(conversation);
  return {
    turns: previous === '' ? turns : [earlier(previous), ...turns],
    settings: {
      ...firstSettings,
      dialect: 'responses',
      model: text(model),
      system: text(instructions),
      effort,
      temperature: text(temperature),
      maxTokens: text(max_output_tokens),
      showWork: false,
      extra: written(extra),
    },
    stored: stored === '' ? undefined : stored,
  };
}

/** Items of the Responses API as turns that can be gone on from. */
export function turnsOfLoadedItems(items: readonly unknown[], lastResponse?: string): readonly Turn[] {
  const end = items.findLastIndex((item) => !isObject(item) || !isOutput(item)) + 1;
  const replies = items.slice(end).filter(isObject);
  const turns = answeredTurns(items.slice(0, end), lastResponse);
  if (replies.length === 0) return turns;
  const said = { text: '', files: [] };
  return [
    ...turns,
    { ...loadedUser('replies', 'responses', replies, said), replies: replies.map(readReply) },
  ];
}

function readReply(item: JsonObject): Reply {
  const asked = textField(item, 'approval_request_id');
  if (asked !== undefined)
    return { kind: 'decision', requestId: asked, name: 'the call', approve: item['approve'] === true };
  return { kind: 'output', callId: text(item['call_id']), name: 'the tool', output: textOf(item['output']) };
}

function answeredTurns(items: readonly unknown[], lastResponse: string | undefined): readonly Turn[] {
  const groups = turnsOfItems(items);
  const lastAnswer = groups.findLastIndex(({ role }) => role === 'assistant');
  return groups.map((group, index): Turn => {
    if (group.role === 'assistant') {
      const answer = loadedAnswer(group.id, 'responses', group.items, partsOfItems(group.items));
      return index === lastAnswer && lastResponse !== undefined
        ? { ...answer, responseId: lastResponse }
        : answer;
    }
    return loadedUser(group.id, 'responses', group.items, group);
  });
}

/** Stands for what the server knows and the request does not say. */
function earlier(responseId: string): AnswerTurn {
  const note: Part = { kind: 'note', text: `It goes on from ${responseId}.` };
  return { ...loadedAnswer('earlier', 'responses', [], [note]), responseId };
}

function loadedUser(
  id: string,
  dialect: Dialect,
  parts: readonly JsonObject[],
  said: Pick<UserTurn, 'text' | 'files'>,
): UserTurn {
  return { role: 'user', id, text: said.text, files: said.files, replies: [], wire: { dialect, parts } };
}

function loadedAnswer(
  id: string,
  dialect: Dialect,
  raw: readonly JsonObject[],
  parts: readonly Part[],
): AnswerTurn {
  return { ...noAnswer, id, state: 'done', model: '', parts, wire: { dialect, parts: raw } };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function written(extra: JsonObject): string {
  const given = Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== null));
  return Object.keys(given).length === 0 ? '' : JSON.stringify(given, null, 2);
}
