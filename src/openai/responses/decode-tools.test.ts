import { describe, expect, it, test } from 'vitest';
import { decodeResponses, responsesRefusal as refusal } from '../testing/responses.ts';
import type { StoredItem } from './items.ts';
import { ToolNames } from './tool-names.ts';

const params = (body: object) => decodeResponses(body).ignored.map(({ param }) => param);

const parameters = { type: 'object', properties: { a: {} } };
const noParameters = { type: 'object', properties: {} };
const fn = (name: string, more: object = {}) => ({ type: 'function', name, ...more });
const group = (name: string, ...tools: object[]) => ({ type: 'namespace', name, description: 'd', tools });

describe('function and custom tools', () => {
  it('reach Claude as they are and come back whole', () => {
    const { turn, settings, customToolNames } = decodeResponses({
      tools: [
        fn('f', { description: 'd', parameters, strict: false }),
        fn('g'),
        {
          type: 'custom',
          name: 'p',
          description: 'patch',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
        },
        { type: 'custom', name: 'q' },
      ],
    });
    expect(turn.tools.tools.map(({ name, inputSchema }) => [name, inputSchema])).toEqual([
      ['f', parameters],
      ['g', noParameters],
      ['p', expect.objectContaining({ required: ['input'] })],
      ['q', expect.objectContaining({ required: ['input'] })],
    ]);
    expect(turn.tools.tools[2]?.description).toContain('start: x');
    expect(customToolNames).toEqual(new Set(['p', 'q']));
    expect(settings.tools).toEqual([
      { type: 'function', name: 'f', description: 'd', parameters, strict: false },
      { type: 'function', name: 'g', description: null, parameters: noParameters, strict: false },
      {
        type: 'custom',
        name: 'p',
        description: 'patch',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
      },
      { type: 'custom', name: 'q', format: { type: 'text' } },
    ]);
  });

  it('report `strict` once', () => {
    expect(params({ tools: [fn('f', { strict: true }), fn('g', { strict: true })] })).toEqual([
      'tools[].strict',
    ]);
  });

  test.each<[unknown, string, string]>([
    [fn('a b'), 'tools[0].name', 'invalid_value'],
    [{ type: 'function' }, 'tools[0].name', 'missing_required_field'],
    [fn('f', { parameters: { type: 'string' } }), 'tools[0].parameters', 'invalid_function_parameters'],
    [{ name: 'f' }, 'tools[0].type', 'missing_required_field'],
    [group('n', { type: 'mcp' }), 'tools[0].tools[0].type', 'invalid_value'],
    [group('n', fn('f', { parameters: 5 })), 'tools[0].tools[0].parameters', 'invalid_type'],
  ])('such as %j are refused', (tool, param, code) => {
    expect(refusal({ tools: [tool] })).toMatchObject({ status: 400, param, code });
  });

  it('of one name are refused', () => {
    expect(refusal({ tools: [fn('f'), fn('f')] })).toMatchObject({ status: 400, param: 'tools' });
  });
});

describe('namespaces', () => {
  it('become part of the names, and are found back', () => {
    const { turn, settings, toolNamespaces, customToolNames } = decodeResponses({
      tools: [fn('close'), group('agents', fn('close'), { type: 'custom', name: 'run' })],
    });
    expect(turn.tools.tools.map(({ name }) => name)).toEqual(['close', 'agents__close', 'agents__run']);
    expect([...toolNamespaces]).toEqual([
      ['agents__close', { namespace: 'agents', name: 'close' }],
      ['agents__run', { namespace: 'agents', name: 'run' }],
    ]);
    expect(customToolNames).toEqual(new Set(['agents__run']));
    expect(settings.tools[1]).toEqual({
      type: 'namespace',
      name: 'agents',
      description: 'd',
      tools: [
        { type: 'function', name: 'close', description: null, parameters: noParameters, strict: false },
        { type: 'custom', name: 'run', format: { type: 'text' } },
      ],
    });
  });

  it('never give the name of another tool', () => {
    const names = new ToolNames(['a__b']);
    const given = [
      names.flatten('a', 'b'),
      names.flatten('a.', 'b'),
      names.flatten('a_', 'b'),
      names.flatten('a', '_b'),
    ];
    expect(new Set([...given, 'a__b']).size).toBe(5);
    expect(names.flatten('a', 'b')).toBe(given[0]);
    for (const name of given) expect(names.namespaced.get(name)).toBeDefined();
  });

  it('keep names within what Claude takes', () => {
    const names = new ToolNames([]);
    const one = names.flatten('n'.repeat(200), 'ü x');
    const other = names.flatten('n'.repeat(201), 'ü x');
    for (const name of [one, other]) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(one).not.toBe(other);
  });

  it('name the calls of the conversation', () => {
    const input = [
      { type: 'function_call', call_id: 'c', name: 'close', namespace: 'agents', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'ok' },
    ];
    const { turn, inputItems } = decodeResponses({
      input,
      tools: [fn('agents__close'), group('agents', fn('close'))],
    });
    expect(turn.messages[0]?.parts).toMatchObject([{ name: 'agents__close_2' }]);
    expect(inputItems[0]).toMatchObject({ name: 'close', namespace: 'agents' });
  });
});

describe('tools that an item brings', () => {
  const brought = (...tools: object[]) => ({ type: 'additional_tools', role: 'developer', tools });

  it('are offered as well, and are no part of the conversation', () => {
    const { turn, settings, inputItems } = decodeResponses({
      input: [brought(fn('g'), { type: 'web_search' }), { role: 'user', content: 'hi' }],
      tools: [fn('f')],
    });
    expect(turn.tools.tools.map(({ name }) => name)).toEqual(['f', 'g']);
    expect(turn.messages).toHaveLength(1);
    expect(turn.profile.name).toBe('model');
    expect(settings.tools).toHaveLength(1);
    expect(inputItems[0]).toMatchObject({ id: 'at_1', type: 'additional_tools' });
  });

  it('replace earlier ones of the same name', () => {
    const at = (description: string): StoredItem => ({
      id: `at_${description}`,
      type: 'additional_tools',
      role: 'developer',
      tools: [{ type: 'function', name: 'g', description }],
    });
    const { turn } = decodeResponses({ previous_response_id: 'r' }, { history: [at('one'), at('two')] });
    expect(turn.tools.tools).toEqual([{ name: 'g', description: 'two', inputSchema: noParameters }]);
  });

  it('are refused by their place', () => {
    expect(refusal({ input: [brought(fn('a b')), { role: 'user', content: 'hi' }] })).toMatchObject({
      param: 'input[0].tools[0].name',
    });
  });
});

describe('hosted tools', () => {
  const none = { codeInterpreter: false, webSearch: false, shell: false, mcpServers: [] };
  test.each<[string, object]>([
    ['web_search', { webSearch: true }],
    ['web_search_preview', { webSearch: true }],
    ['web_search_2025_08_26', { webSearch: true }],
    ['web_search_preview_2025_03_11', { webSearch: true }],
    ['code_interpreter', { codeInterpreter: true }],
    ['shell', { shell: true }],
    ['local_shell', { shell: true }],
  ])('of the type %s are wished for', (type, wish) => {
    const { hosted, settings, turn } = decodeResponses({ tools: [{ type }] });
    expect(hosted).toEqual({ ...none, ...wish });
    expect(settings.tools).toEqual([{ type }]);
    expect(turn.tools.tools).toEqual([]);
  });

  test.each([
    ...['file_search', 'image_generation', 'computer', 'computer_use_preview', 'apply_patch'],
    ...['programmatic_tool_calling', 'something'],
  ])('of the type %s are refused', (type) => {
    expect(refusal({ tools: [fn('f'), { type }] })).toMatchObject({
      status: 400,
      param: 'tools[1].type',
      code: 'unsupported_tool',
    });
  });

  it('keep what Codex sends beside them', () => {
    expect(params({ tools: [{ type: 'web_search', external_web_access: true }] })).toEqual([]);
    expect(params({ tools: [{ type: 'tool_search' }] })).toEqual(['tools[0]']);
  });

  it('report settings without effect', () => {
    const search = { type: 'web_search', search_context_size: 'low', filters: { allowed_domains: ['x'] } };
    expect(params({ tools: [search] })).toEqual(['tools[0].filters', 'tools[0].search_context_size']);
    expect(params({ tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] })).toEqual([]);
    const files = { type: 'auto', file_ids: ['file-1'] };
    expect(params({ tools: [{ type: 'code_interpreter', container: files }] })).toEqual([
      'tools[0].container',
    ]);
  });

  it.each([
    [{ type: 'code_interpreter', container: 'cntr_1' }, 'tools[0].container'],
    [
      { type: 'shell', environment: { type: 'container_reference', container_id: 'cntr_1' } },
      'tools[0].environment.container_id',
    ],
  ])('name the container to work in: %j', (tool, param) => {
    const { hosted, ignored } = decodeResponses({ tools: [tool] });
    expect(hosted.container).toEqual({ id: 'cntr_1', param });
    expect(ignored).toEqual([]);
    const without = decodeResponses({ tools: [tool], tool_choice: 'none' });
    expect(without.hosted.container).toBeUndefined();
  });

  it('name one container, if any', () => {
    const tools = ['cntr_1', 'cntr_2'].map((container) => ({ type: 'code_interpreter', container }));
    expect(refusal({ tools })).toMatchObject({ status: 400, param: 'tools[1].container' });
    expect(decodeResponses({ tools: [tools[0], tools[0]] }).hosted.container?.id).toBe('cntr_1');
  });

  it('name a container in vain where nothing of the agent’s runs', () => {
    const tools = [{ type: 'code_interpreter', container: 'cntr_1' }];
    expect(params({ tools, model: 'model' })).toEqual(['tools[0].container']);
  });
});

describe('MCP servers', () => {
  const mcp = (more: object = {}) => ({
    type: 'mcp',
    server_label: 'wiki',
    server_url: 'https://a.example/mcp',
    ...more,
  });
  const server = {
    label: 'wiki',
    url: 'https://a.example/mcp',
    headers: {},
    approval: { default: 'always' },
  };

  test.each<[object, object]>([
    [{}, {}],
    [{ require_approval: 'never' }, { approval: { default: 'never' } }],
    [
      { require_approval: { never: { tool_names: ['a'] }, always: { read_only: false } } },
      { approval: { default: 'always', never: { toolNames: ['a'] }, always: { readOnly: false } } },
    ],
    [{ allowed_tools: ['a'] }, { allowedTools: { toolNames: ['a'] } }],
    [{ allowed_tools: { read_only: true } }, { allowedTools: { readOnly: true } }],
    [{ authorization: 't', headers: { x: 'y' } }, { headers: { authorization: 'Bearer t', x: 'y' } }],
  ])('with %j are wished for', (more, expected) => {
    const { hosted, turn } = decodeResponses({ tools: [mcp(more)] });
    expect(hosted.mcpServers).toEqual([{ ...server, ...expected }]);
    expect(turn.mcpServers).toEqual(hosted.mcpServers);
  });

  it('come back without what is secret', () => {
    const secret = {
      authorization: 's3cret',
      headers: { x: 's3cret' },
      server_url: 'https://u:s3cret@a.example/s3cret?k=s3cret',
    };
    const [echoed] = decodeResponses({ tools: [mcp({ ...secret, allowed_tools: ['a'] })] }).settings.tools;
    expect(echoed).toEqual({
      type: 'mcp',
      server_label: 'wiki',
      server_url: 'https://a.example/<redacted>',
      headers: null,
      allowed_tools: ['a'],
    });
  });

  test.each<[object, string]>([
    [{ server_url: undefined, connector_id: 'connector_gmail' }, 'tools[0].connector_id'],
    [{ tunnel_id: 't' }, 'tools[0].tunnel_id'],
    [{ server_url: undefined }, 'tools[0].server_url'],
    [{ server_url: 'file:///x' }, 'tools[0].server_url'],
    [{ server_label: 'a b' }, 'tools[0].server_label'],
    [{ server_label: 'client' }, 'tools[0].server_label'],
    [{ headers: { x: 5 } }, 'tools[0].headers.x'],
    [{ require_approval: 'sometimes' }, 'tools[0].require_approval'],
  ])('with %j are refused', (more, param) => {
    expect(refusal({ tools: [mcp(more)] })).toMatchObject({ status: 400, param });
  });

  it('report a description of them, which the model does not need', () => {
    expect(params({ tools: [mcp({ server_description: 'd' })] })).toEqual(['tools[0].server_description']);
  });

  it('of one label are refused', () => {
    expect(refusal({ tools: [mcp(), mcp()] })).toMatchObject({ status: 400, param: 'tools' });
  });
});

describe('tool_choice', () => {
  const tools = [
    fn('f'),
    { type: 'custom', name: 'p' },
    group('n', fn('g')),
    { type: 'web_search' },
    { type: 'shell' },
  ];
  const all = ['f', 'p', 'n__g'];
  const decode = (tool_choice: unknown) => {
    const { turn, settings, hosted, ignored } = decodeResponses({ tools, tool_choice });
    return {
      names: turn.tools.tools.map(({ name }) => name),
      choice: turn.tools.choice,
      echo: settings.tool_choice,
      hosted: [hosted.webSearch, hosted.shell],
      reported: ignored.length > 0,
    };
  };
  const on = [true, true];

  test.each<[unknown, object]>([
    [undefined, { names: all, choice: { type: 'auto' }, echo: 'auto', hosted: on, reported: false }],
    [null, { names: all, choice: { type: 'auto' }, echo: 'auto', hosted: on, reported: false }],
    ['none', { names: all, choice: { type: 'none' }, echo: 'none', hosted: [false, false], reported: false }],
    ['required', { names: all, choice: { type: 'required' }, echo: 'required', hosted: on, reported: false }],
    [
      fn('f'),
      { names: all, choice: { type: 'named', name: 'f' }, echo: fn('f'), hosted: on, reported: false },
    ],
    [
      { type: 'custom', name: 'p' },
      {
        names: all,
        choice: { type: 'named', name: 'p' },
        echo: { type: 'custom', name: 'p' },
        hosted: on,
        reported: false,
      },
    ],
    [
      fn('g'),
      { names: all, choice: { type: 'named', name: 'n__g' }, echo: fn('g'), hosted: on, reported: false },
    ],
    [
      fn('g', { namespace: 'n' }),
      { names: all, choice: { type: 'named', name: 'n__g' }, echo: fn('g'), hosted: on, reported: false },
    ],
    [
      { type: 'web_search_preview' },
      { names: all, choice: { type: 'auto' }, echo: 'auto', hosted: on, reported: true },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [fn('f'), { type: 'web_search' }] },
      {
        names: ['f'],
        choice: { type: 'required' },
        echo: { type: 'allowed_tools', mode: 'required', tools: [fn('f'), { type: 'web_search' }] },
        hosted: [true, false],
        // The search is nobody's to make here.
        reported: true,
      },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'shell' }] },
      {
        names: [],
        choice: { type: 'auto' },
        echo: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'shell' }] },
        hosted: [false, true],
        reported: true,
      },
    ],
  ])('%j', (choice, expected) => {
    expect(decode(choice)).toEqual(expected);
  });

  test.each<[unknown, string]>([
    ['sometimes', 'tool_choice'],
    [{ type: 'function' }, 'tool_choice.name'],
    [fn('x'), 'tool_choice.name'],
    [fn('g', { namespace: 'm' }), 'tool_choice.name'],
    [{ type: 'file_search' }, 'tool_choice.type'],
    [{ type: 'allowed_tools', mode: 'auto', tools: [] }, 'tool_choice.tools'],
    [{ type: 'allowed_tools', mode: 'auto', tools: [fn('x')] }, 'tool_choice.tools[0].name'],
  ])('%j is refused', (tool_choice, param) => {
    expect(refusal({ tools, tool_choice })).toMatchObject({ status: 400, param });
  });

  it('needs tools', () => {
    expect(refusal({ tool_choice: 'required' })).toMatchObject({ status: 400, param: 'tool_choice' });
    expect(decodeResponses({ tool_choice: 'auto' }).turn.tools.choice).toEqual({ type: 'auto' });
    const hostedOnly = decodeResponses({ tools: [{ type: 'shell' }], tool_choice: 'required' });
    expect(hostedOnly).toMatchObject({
      settings: { tool_choice: 'auto' },
      ignored: [{ param: 'tool_choice' }],
    });
  });
});
