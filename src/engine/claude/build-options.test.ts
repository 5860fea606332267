import { describe, expect, test } from 'vitest';
import { launchOptions, type ProcessEnvironment, sessionOptions } from './build-options.ts';
import type { Launch, SessionSetup } from './launch.ts';

const agent: Launch = {
  model: 'sonnet',
  cwd: '/work',
  builtInTools: 'all',
  permissionMode: 'bypassPermissions',
  thinking: true,
};
const chat: Launch = { ...agent, builtInTools: 'none' };
const bare: ProcessEnvironment = { variables: {}, leanChat: true };
const session: SessionSetup = { systemPrompt: 'claude-code', system: '', tools: [], mcpServers: [] };

function variables(
  launch: Launch,
  environment: ProcessEnvironment = bare,
): Readonly<Record<string, unknown>> {
  return launchOptions(launch, environment).env ?? {};
}

describe('the environment of a process', () => {
  test('is what it is given, and nothing of the server', () => {
    const given = { variables: { PATH: '/bin', HOME: '/home' }, leanChat: true };
    expect(variables(agent, given)).toMatchObject({ PATH: '/bin', HOME: '/home' });
    const own = Object.keys(variables(agent));
    expect(own.filter((name) => !/^(CLAUDE_|MCP_|DISABLE_)/.test(name))).toEqual([]);
  });

  test('a user sets how often upstream is tried again', () => {
    expect(variables(agent)['CLAUDE_CODE_MAX_RETRIES']).toBe('2');
    const given = { ...bare, variables: { CLAUDE_CODE_MAX_RETRIES: '7' } };
    expect(variables(agent, given)['CLAUDE_CODE_MAX_RETRIES']).toBe('7');
  });

  test.each([
    'CLAUDE_AGENT_SDK_MCP_NO_PREFIX',
    'CLAUDE_CODE_DISABLE_AUTO_MEMORY',
    'CLAUDE_CODE_DISABLE_BACKGROUND_TASKS',
    'MCP_TOOL_TIMEOUT',
  ])('a user cannot change %s, which turns rely on', (name) => {
    const given = { ...bare, variables: { [name]: '0' } };
    expect(variables(agent, given)[name]).toBe(variables(agent)[name]);
    expect(variables(agent)[name]).not.toBe('0');
  });

  test('a chat model never summarises the conversation, an agent may', () => {
    expect(variables(chat)).toMatchObject({ DISABLE_AUTO_COMPACT: '1', DISABLE_COMPACT: '1' });
    expect(variables(agent)).not.toHaveProperty('DISABLE_AUTO_COMPACT');
    expect(variables(agent)).not.toHaveProperty('DISABLE_COMPACT');
  });

  test("the simple mode is for a chat model, and only where the machine's login is not needed", () => {
    const login = { ...bare, leanChat: false };
    expect(variables(chat)['CLAUDE_CODE_SIMPLE']).toBe('1');
    expect(variables(chat, login)).not.toHaveProperty('CLAUDE_CODE_SIMPLE');
    expect(variables(agent)).not.toHaveProperty('CLAUDE_CODE_SIMPLE');
  });

  test("a launch's small model wins over the environment's", () => {
    const given = { ...bare, variables: { ANTHROPIC_SMALL_FAST_MODEL: 'theirs' } };
    expect(variables(agent, given)['ANTHROPIC_SMALL_FAST_MODEL']).toBe('theirs');
    expect(variables({ ...agent, smallModel: 'own' }, given)['ANTHROPIC_SMALL_FAST_MODEL']).toBe('own');
  });

  test("the client's limits win over those of the environment, which hold where the client has none", () => {
    const given = { ...bare, variables: { CLAUDE_CODE_MAX_OUTPUT_TOKENS: '900' } };
    expect(variables(agent, given)['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('900');
    expect(variables({ ...agent, maxOutputTokens: 5 }, given)['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('5');
  });

  test('what upstream is to be sent besides travels as JSON', () => {
    const extraBody = { temperature: 0.3, tool_choice: { type: 'any' } };
    const sent = variables({ ...agent, extraBody })['CLAUDE_CODE_EXTRA_BODY'];
    expect(JSON.parse(String(sent))).toEqual(extraBody);
    expect(variables(agent)).not.toHaveProperty('CLAUDE_CODE_EXTRA_BODY');
  });
});

describe('the command line of a process', () => {
  test("settings and MCP servers of the machine's user stay out", () => {
    expect(launchOptions(agent, bare)).toMatchObject({ settingSources: [], strictMcpConfig: true });
  });

  test('a chat model is offered no built-in tool; an agent all but those that need a terminal', () => {
    expect(launchOptions(chat, bare).tools).toEqual([]);
    const options = launchOptions(agent, bare);
    expect(options).not.toHaveProperty('tools');
    expect(options.disallowedTools).toContain('AskUserQuestion');
    expect(options.disallowedTools).not.toContain('Bash');
  });

  test('only to skip all permissions needs the leave to do so', () => {
    expect(launchOptions(agent, bare).allowDangerouslySkipPermissions).toBe(true);
    const careful = launchOptions({ ...agent, permissionMode: 'plan' }, bare);
    expect(careful.permissionMode).toBe('plan');
    expect(careful).not.toHaveProperty('allowDangerouslySkipPermissions');
  });

  test('limits of a run are as the launch says', () => {
    expect(launchOptions({ ...agent, maxTurns: 3, maxBudgetUsd: 0.5 }, bare)).toMatchObject({
      maxTurns: 3,
      maxBudgetUsd: 0.5,
    });
    expect(launchOptions(agent, bare)).not.toHaveProperty('maxTurns');
  });

  test("the client's own tools need no permission here", () => {
    expect(launchOptions(agent, bare).allowedTools).toEqual(['mcp__claudecode-api-client']);
  });

  describe('with skills', () => {
    const skills = { names: ['workspace:tidy'], pluginDir: '/data/skills/1' };

    test('loads them from their plugin alone, and runs neither hooks nor shell lines of theirs', () => {
      expect(launchOptions({ ...agent, skills }, bare)).toMatchObject({
        settingSources: [],
        skills: ['workspace:tidy'],
        plugins: [{ type: 'local', path: '/data/skills/1', skipMcpDiscovery: true }],
        settings: { disableAllHooks: true, disableSkillShellExecution: true },
        allowedTools: expect.arrayContaining(['Read(//data/skills/1/**)', 'Read(//work/.claude/skills/**)']),
      });
    });

    test.each(['/work (old)', '/a,b', '/a*'])('reads nothing by rule where %s would mean more', (cwd) => {
      expect(launchOptions({ ...agent, cwd, skills }, bare).allowedTools).toHaveLength(1);
    });

    test('offers the tool that loads them, whatever else is offered, and not in the lean mode', () => {
      const named: Launch = { ...agent, builtInTools: ['Read'], skills };
      expect(launchOptions(named, bare).tools).toEqual(['Read', 'Skill']);
      expect(launchOptions({ ...chat, skills }, bare).tools).toEqual(['Skill']);
      expect(variables({ ...chat, skills })).not.toHaveProperty('CLAUDE_CODE_SIMPLE');
    });
  });

  test('thinking and effort are as the launch says', () => {
    expect(launchOptions({ ...agent, effort: 'low' }, bare)).toMatchObject({
      effort: 'low',
      thinking: { type: 'adaptive' },
    });
    const silent = launchOptions({ ...agent, thinking: false }, bare);
    expect(silent.thinking).toEqual({ type: 'disabled' });
    expect(silent).not.toHaveProperty('effort');
  });
});

describe('the first message to a process', () => {
  test("the client's text is all of a chat model's system prompt, even if it is empty", () => {
    const prompt = (system: string) =>
      sessionOptions({ ...session, systemPrompt: 'client', system }).systemPrompt;
    expect(prompt('Be kind.')).toMatchObject({ type: 'custom', prompt: 'Be kind.' });
    expect(prompt('')).toMatchObject({ type: 'custom', prompt: '' });
  });

  test("the client's text is appended to Claude Code's prompt for an agent", () => {
    const prompt = (system: string) => sessionOptions({ ...session, system }).systemPrompt;
    expect(prompt('Be kind.')).toMatchObject({ type: 'preset', preset: 'claude_code', append: 'Be kind.' });
    expect(prompt('')).not.toHaveProperty('append');
  });

  test("slash commands and file mentions in a client's text are text", () => {
    expect(sessionOptions(session).verbatimPrompts).toBe(true);
  });

  test("a subagent has the agent's model and tools unless it names its own", () => {
    const reviewer = { description: 'Reviews.', prompt: 'Review.' };
    const agents = (subagents: SessionSetup['subagents']) =>
      sessionOptions({ ...session, ...(subagents === undefined ? {} : { subagents }) }).agents;
    expect(agents({ reviewer })).toEqual({ reviewer: { ...reviewer, model: 'inherit' } });
    expect(agents({ reviewer: { ...reviewer, tools: ['Read'], model: 'haiku' } })).toEqual({
      reviewer: { ...reviewer, tools: ['Read'], model: 'haiku' },
    });
    expect(agents(undefined)).toBeUndefined();
  });

  test('a schema asks for structured output; without one there is free text', () => {
    const schema = { type: 'object', required: ['a'] };
    expect(sessionOptions({ ...session, schema }).outputFormat).toEqual({ type: 'json_schema', schema });
    expect(sessionOptions(session)).not.toHaveProperty('outputFormat');
  });

  test('a schema does not name its dialect, of which Claude Code knows but one', () => {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' };
    expect(sessionOptions({ ...session, schema }).outputFormat).toEqual({
      type: 'json_schema',
      schema: { type: 'object' },
    });
  });
});
