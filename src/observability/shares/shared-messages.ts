import type { SharedMessage, TimelineEntry } from '../../contract/index.ts';
import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import type { Cleaner } from './clean-shared.ts';

/** What was said in a request, in the forms of all dialects, and what came back. Instructions are nobody's words. */
export function sharedMessages(
  request: unknown,
  response: unknown,
  timeline: readonly TimelineEntry[],
  clean: Cleaner,
): SharedMessage[] {
  const body = isJsonObject(request) ? request : {};
  const asked = [...said(body['prompt']), ...listOf(body['messages']), ...inputOf(body['input'])];
  const outputs = outputsOf(asked);
  const answers = answersOf(timeline);
  return [
    ...asked.flatMap((message) => messagesOf(message, outputs, clean)),
    ...(answers.length > 0 ? answers : answersIn(response))
      .filter((text) => text !== '')
      .map((text): SharedMessage => ({ role: 'assistant', text: clean.text(text) })),
  ];
}

/** The prompts of a completion. */
function said(prompt: unknown): readonly JsonObject[] {
  const texts = Array.isArray(prompt) ? prompt : [prompt];
  return texts.flatMap((content) => (typeof content === 'string' ? [{ role: 'user', content }] : []));
}

function inputOf(input: unknown): readonly JsonObject[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : listOf(input);
}

function messagesOf(
  message: JsonObject,
  outputs: ReadonlyMap<string, string>,
  clean: Cleaner,
): readonly SharedMessage[] {
  const { role, type, content } = message;
  if (type === 'function_call' || type === 'custom_tool_call')
    return [toolCall(message, textIn(message, 'call_id'), outputs, clean)];
  // Of the Responses API, what is neither a message nor a call of the client's tools.
  if (type !== undefined && type !== 'message') return [];
  if (role === 'user') {
    const attachments = listOf(content).filter((part) => textIn(part, 'text') === undefined).length;
    return [{ role, text: clean.text(textOf(content)), attachments }];
  }
  if (role !== 'assistant') return [];
  const text = textOf(content);
  const words: readonly SharedMessage[] = text === '' ? [] : [{ role, text: clean.text(text) }];
  return [
    ...words,
    ...listOf(message['tool_calls']).map((call) =>
      toolCall(
        objectIn(call, 'function') ?? objectIn(call, 'custom') ?? {},
        textIn(call, 'id'),
        outputs,
        clean,
      ),
    ),
  ];
}

function toolCall(
  call: JsonObject,
  callId: string | undefined,
  outputs: ReadonlyMap<string, string>,
  clean: Cleaner,
): SharedMessage {
  const output = outputs.get(callId ?? '');
  const given = textIn(call, 'arguments') ?? textIn(call, 'input') ?? '';
  return {
    role: 'tool',
    name: clean.text(textIn(call, 'name') ?? ''),
    input: clean.json(parsed(given)),
    output: output === undefined ? null : clean.text(output),
  };
}

/** By the id of the call. */
function outputsOf(messages: readonly JsonObject[]): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const message of messages) {
    const chat = message['role'] === 'tool' ? textIn(message, 'tool_call_id') : undefined;
    if (chat !== undefined) outputs.set(chat, textOf(message['content']));
    const callId = textIn(message, 'call_id');
    const { type } = message;
    if (callId !== undefined && (type === 'function_call_output' || type === 'custom_tool_call_output'))
      outputs.set(callId, textOf(message['output']));
  }
  return outputs;
}

/** Those of a run, in the agent's own words: without the links to files that a client is told. */
function answersOf(timeline: readonly TimelineEntry[]): readonly string[] {
  const answers = new Map<number, { text: string; isInterrupted: boolean }>();
  for (const entry of timeline) {
    const answer = answers.get(entry.choice);
    if (entry.type === 'text_reset') answers.delete(entry.choice);
    else if (entry.type !== 'text') {
      if (answer !== undefined) answer.isInterrupted = true;
    } else {
      // What the agent said before it did something is apart from what it said after, as in the answer itself.
      const before = answer === undefined ? '' : answer.text + (answer.isInterrupted ? '\n\n' : '');
      answers.set(entry.choice, { text: before + entry.text, isInterrupted: false });
    }
  }
  return [...answers].sort(([one], [other]) => one - other).map(([, { text }]) => text);
}

/** Those of an answer, where there is no timeline. */
function answersIn(response: unknown): readonly string[] {
  if (!isJsonObject(response)) return [];
  const choices = listOf(response['choices']).map((choice) =>
    textOf(objectIn(choice, 'message')?.['content'] ?? choice['text']),
  );
  const output = listOf(response['output'])
    .filter(({ type }) => type === 'message')
    .map(({ content }) => textOf(content));
  const streamed = listOf(response['answers']).map(({ text }) => textOf(text));
  return [...choices, ...output, ...streamed];
}

/** A text, or the texts of a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .flatMap((part) => textIn(part, 'text') ?? [])
    .join('\n');
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

function objectIn(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name];
  return isJsonObject(value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
