import { describe, expect, it, test } from 'vitest';
import { WireError } from '../errors.ts';
import { parseBody } from '../parse-body.ts';
import { chatRequestSchema } from './chat-request-schema.ts';
import { decodeTools } from './decode-tools.ts';

function decode(fields: object) {
  const messages = [{ role: 'user', content: 'hi' }];
  return decodeTools(parseBody(chatRequestSchema, { model: 'm', messages, ...fields }));
}
function refusal(fields: object): WireError {
  try {
    decode(fields);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const fn = (name: string, more: object = {}) => ({ type: 'function', function: { name, ...more } });
const parameters = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { a: {} },
};
const noParameters = { type: 'object', properties: {} };

describe('function tools', () => {
  test.each([
    ['nested', fn('f', { description: 'd', parameters })],
    ['flat, as Cursor sends them', { type: 'function', name: 'f', description: 'd', parameters }],
  ])('keep name, description and schema (%s)', (_, tool) => {
    expect(decode({ tools: [tool] })).toEqual({
      tools: [{ name: 'f', description: 'd', inputSchema: parameters }],
      choice: { type: 'auto' },
      parallel: true,
      legacyFunctions: false,
      customToolNames: new Set(),
      ignored: [],
    });
  });

  test.each([
    [undefined, noParameters],
    [null, noParameters],
    [{}, noParameters],
    [{ properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
  ])('with the parameters %j take an object', (given, inputSchema) => {
    expect(decode({ tools: [fn('f', { parameters: given })] }).tools).toEqual([{ name: 'f', inputSchema }]);
  });

  it('report `strict` once, and only if it is asked for', () => {
    const strict = [fn('f', { strict: true }), fn('g', { strict: true })];
    expect(decode({ tools: strict }).ignored.map(({ param }) => param)).toEqual(['tools[].function.strict']);
    expect(decode({ tools: [{ type: 'function', name: 'f', strict: true }] }).ignored).toHaveLength(1);
    expect(decode({ tools: [fn('f', { strict: false })] }).ignored).toEqual([]);
  });

  test.each([
    [[fn('f'), fn('bad name')], 'tools[1].function.name', 'invalid_value'],
    [[fn('x'.repeat(129))], 'tools[0].function.name', 'invalid_value'],
    [[fn('f'), fn('f')], 'tools', 'invalid_value'],
    [[{ type: 'function' }], 'tools[0].name', 'missing_required_field'],
    [[{ type: 'function', function: {} }], 'tools[0].function.name', 'missing_required_field'],
    [[{ type: 'web_search' }], 'tools[0].type', 'invalid_value'],
    [
      [fn('f', { parameters: { type: 'array' } })],
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [[fn('f', { parameters: 'x' })], 'tools[0].function.parameters', 'invalid_type'],
  ])('are refused: %j', (tools, param, code) => {
    expect(refusal({ tools })).toMatchObject({ status: 400, param, code });
  });
});

describe('custom tools', () => {
  const grammar = { syntax: 'lark', definition: 'start: "x"' };
  test.each([
    [
      'nested',
      { type: 'custom', custom: { name: 'patch', description: 'd', format: { type: 'grammar', grammar } } },
    ],
    ['flat', { type: 'custom', name: 'patch', description: 'd', format: { type: 'grammar', ...grammar } }],
  ])('become a tool with one text input that is told the grammar (%s)', (_, tool) => {
    const decoded = decode({ tools: [fn('f'), tool] });
    expect(decoded.customToolNames).toEqual(new Set(['patch']));
    expect(decoded.tools[1]).toMatchObject({
      name: 'patch',
      description: 'd\n\nThe input must match this grammar (lark):\nstart: "x"',
      inputSchema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
    });
  });

  it('need neither description nor format', () => {
    expect(decode({ tools: [{ type: 'custom', custom: { name: 'c' } }] }).tools[0]).not.toHaveProperty(
      'description',
    );
  });
});

describe('the tool choice', () => {
  const tools = [fn('f'), fn('g'), { type: 'custom', custom: { name: 'c' } }];
  const allowed = (mode: string, ...names: string[]) => ({
    type: 'allowed_tools',
    allowed_tools: { mode, tools: names.map((name) => fn(name)) },
  });

  test.each([
    [null, { type: 'auto' }],
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [fn('g'), { type: 'named', name: 'g' }],
    [
      { type: 'function', name: 'g' },
      { type: 'named', name: 'g' },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { type: 'named', name: 'c' },
    ],
  ])('%j', (choice, expected) => {
    const decoded = decode({ tools, tool_choice: choice });
    expect(decoded.choice).toEqual(expected);
    expect(decoded.tools).toHaveLength(3);
  });

  it('of allowed tools offers only these', () => {
    const decoded = decode({ tools, tool_choice: allowed('required', 'g') });
    expect(decoded.choice).toEqual({ type: 'required' });
    expect(decoded.tools.map(({ name }) => name)).toEqual(['g']);
    expect(decode({ tools, tool_choice: allowed('auto', 'f', 'g') }).choice).toEqual({ type: 'auto' });
  });

  test.each([
    [fn('x'), 'tool_choice.function.name', 'invalid_value'],
    [{ type: 'function' }, 'tool_choice.function', 'missing_required_field'],
    [allowed('auto', 'x'), 'tool_choice.allowed_tools.tools[0].function.name', 'invalid_value'],
    [allowed('auto'), 'tool_choice.allowed_tools.tools', 'invalid_value'],
    [allowed('none', 'f'), 'tool_choice.allowed_tools.mode', 'invalid_value'],
    ['any', 'tool_choice', 'invalid_value'],
    [{ type: 'file_search' }, 'tool_choice.type', 'invalid_value'],
    [{}, 'tool_choice.type', 'missing_required_field'],
  ])('is refused: %j', (choice, param, code) => {
    expect(refusal({ tools, tool_choice: choice })).toMatchObject({ status: 400, param, code });
  });

  it('without tools can be only auto or none', () => {
    expect(decode({ tools: [], tool_choice: 'auto' }).choice).toEqual({ type: 'auto' });
    expect(refusal({ tool_choice: 'required' })).toMatchObject({ param: 'tool_choice' });
    expect(refusal({ tools: [], tool_choice: fn('f') })).toMatchObject({ param: 'tool_choice' });
  });

  it('can allow one call at a time', () => {
    expect(decode({ tools, parallel_tool_calls: false }).parallel).toBe(false);
  });
});

describe('legacy functions', () => {
  const functions = [{ name: 'f', parameters }, { name: 'g' }];

  it('are tools of which one is called at a time', () => {
    expect(decode({ functions })).toEqual({
      tools: [
        { name: 'f', inputSchema: parameters },
        { name: 'g', inputSchema: noParameters },
      ],
      choice: { type: 'auto' },
      parallel: false,
      legacyFunctions: true,
      customToolNames: new Set(),
      ignored: [],
    });
  });

  test.each([
    ['none', { type: 'none' }],
    ['auto', { type: 'auto' }],
    [{ name: 'g' }, { type: 'named', name: 'g' }],
  ])('are chosen by function_call %j', (function_call, choice) => {
    expect(decode({ functions, function_call }).choice).toEqual(choice);
  });

  test.each([
    [{ functions, function_call: { name: 'x' } }, 'function_call.name'],
    [{ functions, tools: [fn('f')] }, 'functions'],
    [{ functions: [{ name: 'f' }, { name: 'f' }] }, 'functions'],
    [{ functions: [{ name: '' }] }, 'functions[0].name'],
  ])('are refused: %j', (fields, param) => {
    expect(refusal(fields)).toMatchObject({ status: 400, param });
  });
});
