import { describe, expect, it, test } from 'vitest';
import { checkResponseEvents } from './check-response-events.ts';

type Event = Record<string, unknown>;

const settings = {
  ...{ id: 'resp_1', object: 'response', created_at: 1, completed_at: null, model: 'm', error: null },
  ...{
    incomplete_details: null,
    previous_response_id: null,
    instructions: null,
    tools: [],
    tool_choice: 'auto',
  },
  ...{ truncation: 'disabled', parallel_tool_calls: true, text: {}, top_p: 1, presence_penalty: 0 },
  ...{
    frequency_penalty: 0,
    top_logprobs: 0,
    temperature: 1,
    reasoning: {},
    usage: null,
    max_output_tokens: null,
  },
  ...{ max_tool_calls: null, store: true, background: false, service_tier: 'default', metadata: {} },
  ...{ safety_identifier: null, prompt_cache_key: null, output: [], status: 'in_progress' },
};
const textPart = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const message = (status: string, ...content: object[]) => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', status, content },
});
const call = (status: string, callArguments: string) => ({
  ...{ id: 'fc_1', type: 'function_call', call_id: 'c', name: 'f', status, arguments: callArguments },
});
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const at1 = { item_id: 'fc_1', output_index: 1 };

/** A legal stream of a message and a call, written by hand. */
function legal(): Event[] {
  const output = [message('completed', textPart('Hi!')), call('completed', '{}')];
  const bodies: Event[] = [
    { type: 'response.created', response: settings },
    { type: 'response.in_progress', response: settings },
    { type: 'response.output_item.added', output_index: 0, item: message('in_progress') },
    { type: 'response.content_part.added', ...at, part: textPart('') },
    { type: 'response.output_text.delta', ...at, delta: 'Hi', logprobs: [] },
    { type: 'response.output_text.delta', ...at, delta: '!', logprobs: [] },
    { type: 'response.output_text.done', ...at, text: 'Hi!', logprobs: [] },
    { type: 'response.content_part.done', ...at, part: textPart('Hi!') },
    { type: 'response.output_item.done', output_index: 0, item: output[0] },
    { type: 'response.output_item.added', output_index: 1, item: call('in_progress', '') },
    { type: 'response.function_call_arguments.delta', ...at1, delta: '{}' },
    { type: 'response.function_call_arguments.done', ...at1, name: 'f', arguments: '{}' },
    { type: 'response.output_item.done', output_index: 1, item: output[1] },
    {
      type: 'response.completed',
      response: { ...settings, status: 'completed', completed_at: 2, usage: {}, output },
    },
  ];
  return number(bodies);
}
function number(events: readonly Event[]): Event[] {
  return events.map((event, index) => ({ ...structuredClone(event), sequence_number: index }));
}

it('lets a legal stream pass, and gives its response', () => {
  expect(checkResponseEvents(legal())).toMatchObject({ status: 'completed', output: [{ id: 'msg_1' }, {}] });
});

it('lets a keep-alive pass that uses up no number', () => {
  const events = legal();
  events.splice(3, 0, { type: 'keepalive', sequence_number: 2 });
  expect(() => checkResponseEvents(events)).not.toThrow();
});

describe('catches', () => {
  test.each(legal().map((event, index) => [index, event['type']] as const))(
    'a lost event %i (%s)',
    (index) => {
      const left = legal().filter((_, at) => at !== index);
      expect(() => checkResponseEvents(number(left))).toThrow();
    },
  );

  test.each(legal().map((event, index) => [index, event['type']] as const))(
    'a repeated event %i (%s)',
    (index) => {
      const events = legal();
      events.splice(index, 0, events[index] ?? {});
      expect(() => checkResponseEvents(number(events))).toThrow();
    },
  );

  test.each(legal().flatMap((event, index) => Object.keys(event).map((key) => [index, key] as const)))(
    'in event %i a missing %s',
    (index, key) => {
      const events = legal();
      delete events[index]?.[key];
      expect(() => checkResponseEvents(events)).toThrow(`event ${index}`);
    },
  );

  test.each(Object.keys(settings))('a response without %s', (key) => {
    const events = legal();
    const last = events.at(-1);
    const { [key]: _, ...rest } = (last?.['response'] ?? {}) as Event;
    if (last !== undefined) last['response'] = rest;
    expect(() => checkResponseEvents(events)).toThrow();
  });

  test.each<[string, number, Event, string]>([
    ['a gap in the numbers', 4, { sequence_number: 5 }, 'sequence_number'],
    ['an unknown event', 4, { type: 'response.text' }, 'unknown type'],
    ['a gap in the indexes', 9, { output_index: 2 }, 'output_index'],
    ['another id', 5, { item_id: 'msg_2' }, 'item_id'],
    ['another part', 5, { content_index: 1 }, 'index of the part'],
    ['a text that differs from its deltas', 6, { text: 'Hi' }, 'differs from its deltas'],
    ['a part that differs', 7, { part: textPart('Hi?') }, 'differs'],
    ['an item that differs', 8, { item: message('completed', textPart('Hi')) }, 'differs'],
    ['an item that is still in progress', 8, { item: message('in_progress', textPart('Hi!')) }, 'status'],
    ['an item with another id', 12, { item: { ...call('completed', '{}'), id: 'fc_2' } }, 'changed'],
    ['arguments that differ', 11, { arguments: '{ }' }, 'differ'],
    ['an item that begins with text', 2, { item: message('in_progress', textPart('')) }, 'no content yet'],
    ['two items of one id', 9, { item: { ...call('in_progress', ''), id: 'msg_1' } }, 'used twice'],
    ['another response', 1, { response: { ...settings, id: 'resp_2' } }, 'id of the response'],
    [
      'an output that differs',
      13,
      { response: { ...settings, status: 'completed', completed_at: 2, usage: {} } },
      'output has 0',
    ],
  ])('%s', (_, index, change, reason) => {
    const events = legal();
    Object.assign(events[index] ?? {}, change);
    expect(() => checkResponseEvents(events)).toThrow(reason);
  });

  test.each<[string, Event, string | undefined]>([
    ['none, if there is nothing wrong', {}, undefined],
    ['a gap in the annotations', { annotation_index: 1 }, 'gap'],
    [
      'an annotation beyond the text',
      { annotation: { start_index: 2, end_index: 4 } },
      'no part of the text',
    ],
    ['an annotation that ends before it begins', { annotation: { start_index: 2, end_index: 1 } }, 'no part'],
    ['an annotation that the item has not', { annotation: { start_index: 0, end_index: 0 } }, 'differs'],
  ])('in an annotation: %s', (_, change, reason) => {
    const annotation = { start_index: 1, end_index: 3 };
    const part = { ...textPart('Hi!'), annotations: [annotation] };
    const events = legal();
    const added = { type: 'response.output_text.annotation.added', ...at, annotation_index: 0, annotation };
    events.splice(6, 0, { ...added, ...change });
    Object.assign(events[8] ?? {}, { part });
    Object.assign(events[9] ?? {}, { item: message('completed', part) });
    const output = [message('completed', part), call('completed', '{}')];
    const end = { ...settings, status: 'completed', completed_at: 2, usage: {}, output };
    Object.assign(events.at(-1) ?? {}, { response: end });
    const checked = () => checkResponseEvents(number(events));
    if (reason === undefined) expect(checked).not.toThrow();
    else expect(checked).toThrow(reason);
  });

  it('a failure without its error', () => {
    const [created, running] = legal();
    const response = { ...settings, status: 'failed', error: { code: 'x', message: 'y' } };
    const failed = { type: 'response.failed', response };
    const error = { type: 'error', code: 'x', message: 'y', param: null };
    const nested = { ...error, error: { type: 't', code: 'x', message: 'y', param: null } };
    const begin = [created ?? {}, running ?? {}];
    expect(() => checkResponseEvents(number([...begin, nested, failed]))).not.toThrow();
    expect(() => checkResponseEvents(number([...begin, failed]))).toThrow('come together');
    expect(() => checkResponseEvents(number([...begin, error, failed]))).toThrow("'error' is missing");
    expect(() => checkResponseEvents(number([...begin, nested]))).toThrow('no terminal event');
  });

  it('a stream that is cut, unless that is what is expected', () => {
    const events = legal().slice(0, 5);
    expect(() => checkResponseEvents(events)).toThrow('no terminal event');
    expect(() => checkResponseEvents(events, { end: 'cut' })).not.toThrow();
  });
});
