import { describe, expect, test } from 'vitest';
import {
  agentProfile,
  type JsonObject,
  modelProfile,
  type Profile,
  type ToolSetup,
  type Turn,
} from '../../turn/index.ts';
import { launchFor, launchKey, outlivesTurn, sessionFor, sessionKey } from './launch.ts';

const plain: Turn = {
  id: 'turn',
  owner: 'owner',
  model: 'sonnet',
  profile: agentProfile,
  system: 'Be kind.',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: { tools: [], choice: { type: 'auto' }, parallel: true },
  output: { stop: [] },
  reasoning: {},
  sampling: {},
};
const defaults = { cwd: '/work', permissionMode: 'bypassPermissions' } as const;
const look = { name: 'look', inputSchema: { type: 'object', properties: { at: { type: 'string' } } } };
const withTools = (setup: Partial<ToolSetup>): Turn => ({
  ...plain,
  tools: { tools: [look], choice: { type: 'auto' }, parallel: true, ...setup },
});
const launchOf = (turn: Turn) => launchFor(turn, defaults);
const withProfile = (more: Partial<Profile>): Turn => ({ ...plain, profile: { ...agentProfile, ...more } });

describe('which turns can share a launch', () => {
  const key = (turn: Turn, changed: Partial<Parameters<typeof launchFor>[1]> = {}): string =>
    launchKey(launchFor(turn, { ...defaults, ...changed }));

  test.each<[string, Turn]>([
    ['another conversation', { ...plain, messages: [] }],
    ['another turn id', { ...plain, id: 'other' }],
    ['another system text', { ...plain, system: 'Be brief.' }],
    ['tools of the client', withTools({})],
    ['an output schema', { ...plain, output: { stop: [], schema: { type: 'object' } } }],
    ['stop sequences', { ...plain, output: { stop: ['END'] } }],
  ])('%s makes no difference', (_, turn) => {
    expect(key(turn)).toBe(key(plain));
  });

  test.each<[string, Turn]>([
    ['another model', { ...plain, model: 'opus' }],
    ['no built-in tools', { ...plain, profile: modelProfile }],
    ['an effort', { ...plain, reasoning: { effort: 'high' } }],
    ['no thinking', { ...plain, reasoning: { effort: 'none' } }],
    ['a limit on output tokens', { ...plain, output: { stop: [], maxTokens: 100 } }],
    ['a temperature', { ...plain, sampling: { temperature: 0 } }],
    ['top_p', { ...plain, sampling: { topP: 0.5 } }],
    ['a forced call', withTools({ choice: { type: 'required' } })],
    ['a small model', withProfile({ smallModel: 'haiku' })],
    ['a permission mode', withProfile({ permissionMode: 'plan' })],
    ['a limit on upstream calls', withProfile({ maxTurns: 3 })],
    ['a budget', withProfile({ maxBudgetUsd: 0.5 })],
  ])('%s needs a launch of its own', (_, turn) => {
    expect(key(turn)).not.toBe(key(plain));
  });

  test('another directory or permission mode needs a launch of its own', () => {
    expect(key(plain, { cwd: '/other' })).not.toBe(key(plain));
    expect(key(plain, { permissionMode: 'plan' })).not.toBe(key(plain));
  });

  test('other skills need a launch of their own', () => {
    const skills = { names: ['workspace:tidy'], pluginDir: '/data/skills/1' };
    expect(key(plain, { skills })).not.toBe(key(plain));
    expect(key(plain, { skills: { ...skills, pluginDir: '/data/skills/2' } })).not.toBe(
      key(plain, { skills }),
    );
  });
});

describe('which turns can share a session', () => {
  const key = (turn: Turn): string => sessionKey(sessionFor(turn));

  test.each<[string, Turn]>([
    ['another conversation', { ...plain, messages: [] }],
    ['another model', { ...plain, model: 'opus' }],
    ['a limit on output tokens', { ...plain, output: { stop: ['END'], maxTokens: 100 } }],
    ['a tool choice without tools', { ...plain, tools: { ...plain.tools, choice: { type: 'none' } } }],
  ])('%s makes no difference', (_, turn) => {
    expect(key(turn)).toBe(key(plain));
  });

  test.each<[string, Turn]>([
    ['another system text', { ...plain, system: 'Be brief.' }],
    ["Claude Code's own prompt left out", { ...plain, profile: modelProfile }],
    ['a tool', withTools({})],
    ['an output schema', { ...plain, output: { stop: [], schema: { type: 'object' } } }],
    ["a text of the operator's", withProfile({ systemText: 'Be brief.' })],
    ['a subagent', withProfile({ subagents: { reviewer: { description: 'Reviews.', prompt: 'Review.' } } })],
    [
      "a server of the operator's",
      withProfile({ mcpServers: { records: { type: 'http', url: 'http://a.example', headers: {} } } }),
    ],
  ])('%s needs a session of its own', (_, turn) => {
    expect(key(turn)).not.toBe(key(plain));
  });

  test.each<[string, Partial<typeof look> & { description?: string }]>([
    ['name', { name: 'see' }],
    ['description', { description: 'Looks.' }],
    ['schema', { inputSchema: { type: 'object', properties: { at: { type: 'number' } } } }],
  ])('the %s of a tool counts', (_, changed) => {
    const other = withTools({ tools: [{ ...look, ...changed }] });
    expect(key(other)).not.toBe(key(withTools({})));
  });

  test('the order of keys in a schema does not count', () => {
    const reordered = { ...look, inputSchema: { properties: { at: { type: 'string' } }, type: 'object' } };
    expect(key(withTools({ tools: [reordered] }))).toBe(key(withTools({})));
  });
});

describe('tool choice', () => {
  const serial = { disable_parallel_tool_use: true };

  test.each<[string, Partial<ToolSetup>, JsonObject | undefined]>([
    ['auto', {}, undefined],
    ['auto, one call at a time', { parallel: false }, { type: 'auto', ...serial }],
    ['none', { choice: { type: 'none' } }, { type: 'none' }],
    ['none, one call at a time', { choice: { type: 'none' }, parallel: false }, { type: 'none' }],
    ['required', { choice: { type: 'required' } }, { type: 'any' }],
    [
      'required, one call at a time',
      { choice: { type: 'required' }, parallel: false },
      { type: 'any', ...serial },
    ],
    ['named', { choice: { type: 'named', name: 'look' } }, { type: 'tool', name: 'look' }],
    [
      'named, one call at a time',
      { choice: { type: 'named', name: 'look' }, parallel: false },
      { type: 'tool', name: 'look', ...serial },
    ],
    ['none, without any tool', { tools: [], choice: { type: 'none' }, parallel: false }, undefined],
  ])('%s', (_, setup, expected) => {
    expect(launchOf(withTools(setup)).extraBody?.['tool_choice']).toEqual(expected);
  });

  test.each<[ToolSetup['choice'], boolean]>([
    [{ type: 'auto' }, true],
    [{ type: 'none' }, true],
    [{ type: 'required' }, false],
    [{ type: 'named', name: 'look' }, false],
  ])('with %j the model thinks: %s (upstream refuses thinking with a forced call)', (choice, thinks) => {
    expect(launchOf(withTools({ choice })).thinking).toBe(thinks);
  });
});

describe('reasoning, limits and sampling', () => {
  test('effort none is no thinking, and the least effort for models that think all the same', () => {
    expect(launchOf({ ...plain, reasoning: { effort: 'none' } })).toMatchObject({
      thinking: false,
      effort: 'low',
    });
  });

  test('an effort is passed on, with thinking', () => {
    expect(launchOf({ ...plain, reasoning: { effort: 'xhigh' } })).toMatchObject({
      effort: 'xhigh',
      thinking: true,
    });
  });

  test('sampling and tool choice share the extra body, zero included', () => {
    const turn = { ...withTools({ choice: { type: 'required' } }), sampling: { temperature: 0, topP: 0.9 } };
    expect(launchOf(turn).extraBody).toEqual({ temperature: 0, top_p: 0.9, tool_choice: { type: 'any' } });
  });

  test('a plain turn asks for nothing special', () => {
    expect(launchOf(plain)).toEqual({
      model: 'sonnet',
      cwd: '/work',
      builtInTools: 'all',
      permissionMode: 'bypassPermissions',
      thinking: true,
    });
  });

  test("a limit on output tokens is the launch's", () => {
    expect(launchOf({ ...plain, output: { stop: [], maxTokens: 7 } }).maxOutputTokens).toBe(7);
  });
});

describe('a profile', () => {
  const more = { smallModel: 'haiku', permissionMode: 'acceptEdits' } as const;

  test('has its own way before the server’s, which holds where it has none', () => {
    const servers = { ...defaults, smallModel: 'sonnet' };
    expect(launchFor(withProfile(more), servers)).toMatchObject(more);
    expect(launchFor(plain, servers)).toMatchObject({
      smallModel: 'sonnet',
      permissionMode: 'bypassPermissions',
    });
  });

  test.each([
    ['Operator.', 'Client.', 'Operator.\n\nClient.'],
    ['Operator.', '', 'Operator.'],
    ['', 'Client.', 'Client.'],
    [undefined, '', ''],
  ])('with the text %j, and %j of the client', (systemText, system, expected) => {
    const turn = withProfile(systemText === undefined ? {} : { systemText });
    expect(sessionFor({ ...turn, system }).system).toBe(expected);
  });

  test.each<[string, Partial<Profile>, boolean, boolean]>([
    ['no limits', {}, true, true],
    ['most upstream calls', { maxTurns: 3 }, true, false],
    ['a budget', { maxBudgetUsd: 0.5 }, false, false],
  ])('with %s: its process may go on idle: %s, parked: %s', (_, limits, idle, parked) => {
    const launch = launchOf(withProfile(limits));
    expect(outlivesTurn(launch, { parked: false })).toBe(idle);
    expect(outlivesTurn(launch, { parked: true })).toBe(parked);
  });
});
