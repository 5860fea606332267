import { describe, expect, test } from 'vitest';
import type { Answer } from '../api/answer.ts';
import type { AskEnd } from '../api/ask.ts';
import { unreachable } from '../api/failure.ts';
import { buildRequest, type PlaygroundRequest } from './build-request.ts';
import {
  type Conversation,
  emptyConversation,
  firstSettings,
  type Settings,
  type Turn,
} from './conversation.ts';
import { copyOf, isTied } from './copy-of.ts';
import { type Keeper, keepIn, shortened } from './keep-conversation.ts';
import { loadRequest, turnsOfLoadedItems } from './load-request.ts';
import { PlaygroundStore } from './playground-store.ts';
import { readSettings } from './read-settings.ts';

const chat: Settings = { ...firstSettings, dialect: 'chat', model: 'sonnet' };
const responses: Settings = { ...firstSettings, model: 'sonnet' };
const noKeeper: Keeper = { read: () => ({}), write: () => {} };

function saying(text: string, more: Partial<Answer> = {}): AskEnd {
  const answer: Answer = {
    parts: [{ kind: 'text', text, cited: [] }],
    raw: [{ role: 'assistant', content: text }],
    artifacts: [],
    artifactsOmitted: 0,
    tokens: undefined,
    responseId: undefined,
    finish: 'stop',
    failure: undefined,
    ...more,
  };
  return { answer, stopped: false, failure: undefined };
}

function startStore(answers: readonly AskEnd[], settings: Settings = chat, keeper = noKeeper) {
  const requests: PlaygroundRequest[] = [];
  let ids = 0;
  const store = new PlaygroundStore({
    keeper,
    newId: () => `id-${++ids}`,
    now: () => 0,
    async ask(request, _options, { onHead, onProgress }) {
      requests.push(request);
      onHead({ requestId: `req_${requests.length}`, ignored: [] });
      const end = answers[requests.length - 1] ?? saying('more');
      onProgress(() => end.answer);
      return end;
    },
  });
  store.change(settings);
  return { store, requests };
}

const said = (text: string) => ({ text, files: [], replies: [] });
const texts = ({ conversation }: { readonly conversation: Conversation }): readonly string[] =>
  conversation.turns.map((turn) =>
    turn.role === 'user'
      ? turn.text
      : turn.parts.map((part) => ('text' in part ? part.text : part.kind)).join(),
  );

describe('requests', () => {
  test('of Chat Completions have all that was said, answers word for word', async () => {
    const { store, requests } = startStore(
      [saying('Hello', { raw: [{ role: 'assistant', content: 'Hello<!-- x -->' }] })],
      {
        ...chat,
        system: 'Be brief.',
        effort: 'low',
        temperature: '0.5',
        maxTokens: '100',
        schema: '{"type":"object"}',
        extra: '{"stop":["x"]}',
      },
    );
    await store.send(said('Hi'), 'sk-1');
    await store.send(
      { text: 'And this?', files: [{ name: 'a.pdf', fileId: 'file-1' }], replies: [] },
      'sk-1',
    );
    expect(requests[1]).toEqual({
      endpoint: '/v1/chat/completions',
      body: {
        model: 'sonnet',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello<!-- x -->' },
          {
            role: 'user',
            content: [
              { type: 'file', file: { file_id: 'file-1' } },
              { type: 'text', text: 'And this?' },
            ],
          },
        ],
        reasoning_effort: 'low',
        temperature: 0.5,
        max_completion_tokens: 100,
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
        stop: ['x'],
        stream: true,
        stream_options: { include_usage: true },
      },
    });
  });

  test('of Responses go on from the last response, and from the one before where an answer is given again', async () => {
    const { store, requests } = startStore(
      [saying('A', { responseId: 'resp_1' }), saying('B', { responseId: 'resp_2' })],
      { ...responses, webSearch: true },
    );
    await store.send(said('one'), undefined);
    await store.send({ text: 'two', files: [{ name: 'p.PNG', fileId: 'file-1' }], replies: [] }, undefined);
    expect(requests[1]?.body).toMatchObject({
      previous_response_id: 'resp_1',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', file_id: 'file-1', detail: 'auto' },
            { type: 'input_text', text: 'two' },
          ],
        },
      ],
      tools: [{ type: 'web_search' }],
      include: ['code_interpreter_call.outputs', 'web_search_call.action.sources'],
    });
    await store.regenerate(store.get().conversation.turns[3]?.id ?? '', undefined);
    expect(requests[2]?.body).toMatchObject({ previous_response_id: 'resp_1' });
    expect(texts(store.get())).toEqual(['one', 'A', 'two', 'more']);
  });

  test('change from one dialect to the other with the words of the answers', async () => {
    const { store, requests } = startStore([saying('A', { responseId: 'resp_1' })], responses);
    await store.send(said('one'), undefined);
    store.change({ dialect: 'chat' });
    await store.send(said('two'), undefined);
    expect(requests[1]?.body['messages']).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'A' },
      { role: 'user', content: 'two' },
    ]);
  });

  test('a response that the server no longer has is made up for with all that was said', async () => {
    const gone: AskEnd = {
      ...saying('', { parts: [], raw: [] }),
      failure: { ...unreachable, code: 'previous_response_not_found' },
    };
    const { store, requests } = startStore(
      [saying('A', { responseId: 'resp_1' }), gone, saying('B')],
      responses,
    );
    await store.send(said('one'), undefined);
    await store.send(said('two'), undefined);
    expect(requests[2]?.body['previous_response_id']).toBeUndefined();
    expect(requests[2]?.body['input']).toHaveLength(3);
    expect(texts(store.get())).toEqual(['one', 'A', 'two', 'B']);
  });

  test('decisions and outputs answer what was asked', async () => {
    const { store, requests } = startStore([saying('A', { responseId: 'resp_1' })], responses);
    await store.send(said('one'), undefined);
    const replies = [
      { kind: 'decision', requestId: 'mcpr_1', name: 'Bash', approve: false },
      { kind: 'output', callId: 'c1', name: 'weather', output: 'rain' },
    ] as const;
    await store.send({ text: '', files: [], replies }, undefined);
    expect(requests[1]?.body['input']).toEqual([
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: false },
      { type: 'function_call_output', call_id: 'c1', output: 'rain' },
    ]);
  });
});

describe('the conversation', () => {
  test('loses what follows a message that is said otherwise', async () => {
    const { store } = startStore([saying('A'), saying('B'), saying('C')]);
    await store.send(said('one'), undefined);
    await store.send(said('two'), undefined);
    await store.edit(store.get().conversation.turns[0]?.id ?? '', 'uno', undefined);
    expect(texts(store.get())).toEqual(['uno', 'C']);
  });

  test('knows what an answer has cost and when it stopped', async () => {
    const { store } = startStore([{ ...saying('A'), stopped: true }]);
    await store.send(said('one'), undefined);
    store.setCost('req_1', 0.25);
    expect(store.get().conversation.turns[1]).toMatchObject({
      state: 'stopped',
      costUsd: 0.25,
      requestId: 'req_1',
    });
    expect(store.get().running).toBe(false);
  });

  test('outlives a reload, as much of it as there is room for', async () => {
    const items = new Map<string, string>();
    const storage = {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: string) => void items.set(name, value),
      removeItem: (name: string) => void items.delete(name),
    };
    const ada = keepIn(storage, 'kept', () => 'ada');
    const { store } = startStore([saying('A')], chat, ada);
    await store.send(said('one'), undefined);
    const { store: again } = startStore([], chat, ada);
    expect(texts(again.get())).toEqual(['one', 'A']);
    expect(keepIn(storage, 'kept', () => 'bea').read()).toEqual({});
    items.set('kept', '{"conversation":3}');
    expect(ada.read()).toEqual({});
    const long = {
      ...emptyConversation,
      turns: store.get().conversation.turns.concat(store.get().conversation.turns),
    };
    const size = JSON.stringify(store.get().conversation.turns).length;
    expect(texts({ conversation: shortened(long, size + 50) })).toEqual(['one', 'A']);
  });

  test('can be gone on with as a copy', () => {
    const turns = turnsOfLoadedItems(
      [
        { type: 'message', id: 'm1', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'message', id: 'm2', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
      ],
      'resp_9',
    );
    const loaded: Conversation = {
      turns,
      stored: undefined,
      origin: { kind: 'conversation', id: 'resp_9', note: '' },
    };
    const next: Turn = { role: 'user', id: 'n', ...said('Go on') };
    expect(buildRequest({ ...loaded, turns: [...turns, next] }, responses).body).toMatchObject({
      previous_response_id: 'resp_9',
    });
    expect(isTied(loaded)).toBe(true);
    const copy = copyOf(loaded);
    expect(isTied(copy)).toBe(false);
    const { body } = buildRequest({ ...copy, turns: [...copy.turns, next] }, responses);
    expect(body['previous_response_id']).toBeUndefined();
    expect(body['input']).toHaveLength(3);
  });
});

describe('what was recorded', () => {
  test('of Chat Completions is sent again as it was', () => {
    const body = {
      model: 'opus',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      ],
      tools: [{ type: 'function', function: { name: 'weather' } }],
      temperature: 0.5,
    };
    const loaded = loadRequest('/v1/chat/completions', body);
    if (typeof loaded === 'string') throw new Error(loaded);
    expect(buildRequest({ ...emptyConversation, turns: loaded.turns }, loaded.settings).body).toEqual({
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(loaded.turns.at(-1)?.role).toBe('user');
  });

  test('of Responses is sent again as it was', () => {
    const body = {
      model: 'opus',
      previous_response_id: 'resp_1',
      input: [{ type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true }],
      instructions: 'Be brief.',
      include: ['reasoning.encrypted_content'],
    };
    const loaded = loadRequest('/v1/responses', body);
    if (typeof loaded === 'string') throw new Error(loaded);
    expect(buildRequest({ ...emptyConversation, turns: loaded.turns }, loaded.settings).body).toEqual({
      ...body,
      reasoning: { summary: 'auto' },
      stream: true,
    });
  });

  test('cannot be loaded where it was not kept', () => {
    expect(loadRequest('/v1/responses', null)).toContain('not kept');
    expect(loadRequest('/v1/responses', { input: '[text, 12 characters]' })).toContain('RECORD_DETAIL');
    expect(loadRequest('/v1/files', {})).toContain('/v1/files');
  });
});

test('controls that cannot be sent are named', () => {
  const { faults } = readSettings({
    ...chat,
    model: ' ',
    temperature: '3',
    maxTokens: '1.5',
    schema: '[1]',
    extra: '{',
  });
  expect(Object.keys(faults)).toEqual(['model', 'temperature', 'maxTokens', 'schema', 'extra']);
  expect(readSettings(chat)).toEqual({
    temperature: undefined,
    maxTokens: undefined,
    schema: undefined,
    extra: {},
    faults: {},
  });
});
