import { describe, expect, it, test } from 'vitest';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { createModelDirectory } from '../models.ts';
import { decodeResponses, responsesRefusal as refusal, responsesContext } from '../testing/responses.ts';
import { decodeResponsesRequest, type ResponsesRequest } from './decode-responses-request.ts';
import { peekReferences } from './peek-references.ts';

const said = (role: string, content: unknown) => ({ role, content });

describe('what has to be loaded first', () => {
  test.each<[unknown, object]>([
    [{}, { itemIds: [], background: false, stream: false }],
    [
      { input: 5, tools: 'x', stream: true },
      { itemIds: [], background: false, stream: true },
    ],
    [
      { previous_response_id: 'r', background: true },
      { previousResponseId: 'r', itemIds: [], background: true, stream: false },
    ],
    [
      { input: [{ type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true }] },
      { itemIds: ['mcpr_1'], background: false, stream: false },
    ],
    [{ conversation: 'c' }, { conversationId: 'c', itemIds: [], background: false, stream: false }],
    [{ conversation: { id: 'c' } }, { conversationId: 'c', itemIds: [], background: false, stream: false }],
    [
      {
        input: [{ type: 'item_reference', id: 'a' }, { id: 'a' }, { id: 'b', role: 'user' }, { id: 5 }, 'x'],
      },
      { itemIds: ['a'], background: false, stream: false },
    ],
  ])('of %j is %j', (body, references) => {
    expect(peekReferences(body)).toEqual(references);
  });

  test.each<[unknown, string | null, string]>([
    ['text', null, 'invalid_type'],
    [{ stream: 'yes' }, 'stream', 'invalid_type'],
    [{ background: 1 }, 'background', 'invalid_type'],
    [{ previous_response_id: 5 }, 'previous_response_id', 'invalid_type'],
    [{ conversation: 5 }, 'conversation', 'invalid_type'],
    [{ conversation: {} }, 'conversation.id', 'missing_required_field'],
    [{ previous_response_id: 'r', conversation: 'c' }, 'conversation', 'mutually_exclusive_parameters'],
  ])('is refused for %j', (body, param, code) => {
    expect(() => peekReferences(body)).toThrow(expect.objectContaining({ status: 400, param, code }));
  });
});

test('a warm-up and a count need no question', () => {
  expect(decodeResponses({ input: [], generate: false })).toMatchObject({
    generate: false,
    turn: { messages: [] },
  });
  const body = { model: 'gpt-5', input: [said('user', 'a'), said('assistant', 'b')] };
  const request = decodeResponsesRequest(body, responsesContext({ questionOptional: true }));
  expect(request.turn.messages).toHaveLength(2);
});

describe('settings', () => {
  it('have the effective values of a bare request', () => {
    expect(decodeResponses({}).settings).toEqual({
      model: 'gpt-5',
      instructions: null,
      previous_response_id: null,
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      max_tool_calls: null,
      max_output_tokens: null,
      truncation: 'disabled',
      text: { format: { type: 'text' }, verbosity: 'medium' },
      reasoning: { effort: null, summary: null },
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_logprobs: 0,
      store: true,
      background: false,
      service_tier: 'default',
      metadata: {},
      safety_identifier: null,
      prompt_cache_key: null,
    });
  });

  it('echo what was asked for and has effect', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const { settings, turn } = decodeResponses({
      ...{ conversation: { id: 'conv_1' }, max_output_tokens: 20, max_tool_calls: 3, metadata: { a: 'b' } },
      ...{ truncation: 'auto', parallel_tool_calls: false, store: false, user: 'u', safety_identifier: 's' },
      ...{ prompt_cache_key: 'k', reasoning: { effort: 'minimal', generate_summary: 'concise' } },
      text: { format: { type: 'json_schema', name: 'n', schema, strict: true }, verbosity: 'low' },
    });
    expect(settings).toMatchObject({
      ...{ conversation: { id: 'conv_1' }, max_output_tokens: 20, max_tool_calls: 3, metadata: { a: 'b' } },
      ...{ truncation: 'auto', parallel_tool_calls: false, store: false, user: 'u', safety_identifier: 's' },
      ...{ prompt_cache_key: 'k', reasoning: { effort: 'none', summary: 'concise' } },
      text: { format: { type: 'json_schema', name: 'n', schema, strict: true }, verbosity: 'medium' },
    });
    expect(turn).toMatchObject({
      output: { schema, maxTokens: 20, stop: [] },
      reasoning: { effort: 'none' },
      tools: { parallel: false },
    });
  });

  it('have the sampling that the model takes', () => {
    const engineModels = [{ id: 'haiku', resolvedId: 'claude-haiku-4-5', adaptiveThinking: false }];
    const models = createModelDirectory({ aliases: {}, engineModels, profiles: {} });
    const taken = decodeResponses({ model: 'haiku', temperature: 0.5 }, { models });
    expect(taken.settings).toMatchObject({ temperature: 0.5, reasoning: { effort: 'none' } });
    expect(taken.turn.sampling).toEqual({ temperature: 0.5 });
    const dropped = decodeResponses(
      { temperature: 0.5 },
      { models: createModelDirectory({ aliases: {}, engineModels: [], profiles: {} }) },
    );
    expect(dropped.settings.temperature).toBe(1);
    expect(dropped.ignored.map(({ param }) => param)).toEqual(['temperature']);
  });

  test.each<[object, object]>([
    [{ text: { format: { type: 'json_object' } } }, { type: 'object' }],
    [{ text: { format: { type: 'json_schema', schema: { type: 'array' } } } }, { type: 'array' }],
  ])('%j ask for a schema', (body, schema) => {
    expect(decodeResponses(body).turn.output.schema).toEqual(schema);
  });

  test.each<[object]>([[{}], [{ text: {} }], [{ text: null }], [{ text: { format: { type: 'text' } } }]])(
    '%j ask for none',
    (body) => {
      expect(decodeResponses(body).turn.output.schema).toBeUndefined();
    },
  );
});

describe('parameters', () => {
  const long = 'x'.repeat(600);
  test.each<[object, string, string]>([
    [{ model: undefined }, 'model', 'missing_required_field'],
    [{ prompt: { id: 'p' } }, 'prompt', 'unsupported_parameter'],
    [{ top_logprobs: 2 }, 'top_logprobs', 'unsupported_parameter'],
    [{ background: true, store: false }, 'background', 'invalid_value'],
    [{ metadata: { a: 5 } }, 'metadata.a', 'invalid_type'],
    [{ metadata: { a: long } }, 'metadata.a', 'invalid_value'],
    [{ metadata: { [long]: 'a' } }, 'metadata', 'invalid_value'],
    [
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v'])) },
      'metadata',
      'invalid_value',
    ],
    [{ metadata: 'x' }, 'metadata', 'invalid_type'],
    [{ truncation: 'maybe' }, 'truncation', 'invalid_value'],
    [{ max_output_tokens: 0 }, 'max_output_tokens', 'invalid_value'],
    [{ temperature: 3 }, 'temperature', 'invalid_value'],
    [{ reasoning: { effort: 'huge' } }, 'reasoning.effort', 'invalid_value'],
    [{ text: { format: { type: 'xml' } } }, 'text.format.type', 'invalid_value'],
    [{ text: { format: { type: 'json_schema' } } }, 'text.format.schema', 'missing_required_field'],
    [{ previous_response_id: 'r', conversation: 'c' }, 'conversation', 'mutually_exclusive_parameters'],
  ])('%j are refused', (body, param, code) => {
    expect(refusal(body)).toMatchObject({ status: 400, type: 'invalid_request_error', param, code });
  });

  test.each<[object, string[]]>([
    [
      { client_metadata: { a: 1 }, whatever: true, user: 'u', metadata: { a: 'b' }, prompt_cache_key: 'k' },
      [],
    ],
    [
      {
        frequency_penalty: 0,
        presence_penalty: null,
        service_tier: 'auto',
        include: [],
        text: { verbosity: 'medium' },
      },
      [],
    ],
    [{ frequency_penalty: 1, presence_penalty: 1 }, ['frequency_penalty', 'presence_penalty']],
    [{ stop: ['x'], seed: 1, top_k: 5 }, ['seed', 'stop', 'top_k']],
    [{ text: { verbosity: 'low' } }, ['text.verbosity']],
    [{ service_tier: 'flex' }, ['service_tier']],
    [{ context_management: [{ type: 'compaction' }] }, ['context_management']],
    [{ stream_options: { include_obfuscation: true } }, ['stream_options.include_obfuscation']],
    [{ stream_options: { include_obfuscation: false } }, []],
    [{ include: ['code_interpreter_call.outputs', 'web_search_call.action.sources'] }, []],
    [
      { include: ['reasoning.encrypted_content', 'new.thing'] },
      ['include[reasoning.encrypted_content]', 'include[new.thing]'],
    ],
  ])('%j report %j as ignored', (body, params) => {
    expect(decodeResponses(body).ignored.map(({ param }) => param)).toEqual(params);
  });
});

describe('the profile', () => {
  const fn = { type: 'function', name: 'f' };
  test.each<[object, string]>([
    [{}, 'agent'],
    [{ tools: [fn] }, 'model'],
    [{ tools: [{ type: 'web_search' }] }, 'agent'],
    [{ tools: [fn, { type: 'web_search' }] }, 'model'],
    [{ tools: [fn, { type: 'shell' }] }, 'agent'],
    [{ tools: [fn, { type: 'code_interpreter', container: { type: 'auto' } }] }, 'agent'],
    [{ tools: [fn, { type: 'shell' }], tool_choice: 'none' }, 'model'],
    [{ model: 'agent/opus', tools: [fn] }, 'agent'],
    [{ model: 'model' }, 'model'],
  ])('of %j is %s', (body, name) => {
    const models = createModelDirectory({
      aliases: {},
      engineModels: [{ id: 'opus', resolvedId: 'claude-opus-4-5', adaptiveThinking: true }],
      profiles: { agent: agentProfile, model: modelProfile },
    });
    expect(decodeResponses(body, { models }).turn.profile.name).toBe(name);
  });

  it('can be named by the header', () => {
    expect(decodeResponses({}, { profileName: 'model' }).turn.profile.name).toBe('model');
  });
});

describe("the agent's work", () => {
  test.each<[object, boolean]>([
    [{}, false],
    [{ tools: [{ type: 'function', name: 'f' }] }, false],
    [{ include: ['reasoning.encrypted_content'] }, false],
    [{ tools: [{ type: 'web_search' }] }, true],
    [{ tools: [{ type: 'shell' }] }, true],
    [{ tools: [{ type: 'mcp', server_label: 's', server_url: 'https://a.example' }] }, true],
    [{ include: ['code_interpreter_call.outputs'] }, true],
    [{ include: ['web_search_call.action.sources'] }, true],
    [{ include: ['mcp_call.output'] }, true],
  ])('is shown for %j: %s', (body, shown) => {
    expect(decodeResponses(body).showAgentWork).toBe(shown);
    expect(decodeResponses(body, { agentItems: 'on' }).showAgentWork).toBe(true);
    expect(decodeResponses(body, { agentItems: 'off' }).showAgentWork).toBe(false);
  });
});

describe('web search', () => {
  const names = (request: ResponsesRequest) => request.ignored.map(({ param }) => param);

  it('is reported where nobody can make it: beside tools of the client', () => {
    const tools = [{ type: 'web_search' }, { type: 'function', name: 'f', parameters: {} }];
    expect(names(decodeResponses({ tools }))).toContain('tools[].web_search');
  });

  it('is not reported where the agent has it', () => {
    expect(names(decodeResponses({ tools: [{ type: 'web_search' }] }))).toEqual([]);
  });
});

it('the limit of tool calls is one of the agent’s own', () => {
  expect(decodeResponses({ max_tool_calls: 3 }).turn.tools.maxBuiltInCalls).toBe(3);
  expect(decodeResponses({}).turn.tools).not.toHaveProperty('maxBuiltInCalls');
});
