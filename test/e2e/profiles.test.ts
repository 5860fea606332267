import { existsSync } from 'node:fs';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  agentProfile,
  modelProfile,
  type PermissionMode,
  type Profile,
  type Turn,
  type TurnEvent,
} from '../../src/turn/index.ts';
import { startMcpServer, type TestMcpServer } from '../support/mcp-server.ts';
import {
  assistantSays,
  sourceOf,
  startEngine,
  type TestEngine,
  textOf,
  turnOf,
  userSays,
} from '../support/start-engine.ts';
import {
  call,
  lastResults,
  type Reply,
  say,
  startUpstream,
  type Upstream,
  type UpstreamRequest,
} from '../support/upstream.ts';

let upstream: Upstream;
let testEngine: TestEngine;
let workspace: string;
/** Upstream calls before this test. */
let before = 0;

beforeAll(async () => {
  upstream = await startUpstream();
  testEngine = await startEngine(upstream);
  await testEngine.engine.started();
  workspace = path.join(testEngine.directory, 'workspace');
});
afterAll(async () => {
  await testEngine[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  before = upstream.requests.length;
});

const agent = (more: Partial<Profile>): Profile => ({ ...agentProfile, name: 'own', ...more });
const run = (profile: Profile, text = 'go', more: Partial<Turn> = {}): Promise<TurnEvent[]> =>
  testEngine.run(turnOf([userSays(text)], { profile, ...more }));
const received = (): readonly UpstreamRequest[] => upstream.requests.slice(before);
const systemOf = (request: UpstreamRequest | undefined): string =>
  (request?.system ?? []).map((block) => block.text).join('\n');
/** Costs 0.21 dollars with the model of these tests. */
const dear = { input_tokens: 100_000, output_tokens: 1000 };

/** Makes these calls, one after the other, then says what it was told of each. */
function scriptCalls(...calls: (readonly [string, object])[]): void {
  const told: string[] = [];
  upstream.script((request) => {
    told.push(...lastResults(request).map((result) => JSON.stringify(result.content)));
    const next = calls[told.length];
    return next === undefined ? say(told.join('\n')) : { blocks: [call(...next)] };
  });
}

describe('the prompt', () => {
  test('has the operator’s text before the client’s, with Claude Code’s own or without', async () => {
    const systemText = 'OPERATOR-TEXT';
    await run(agent({ systemText }), 'go', { system: 'CLIENT-TEXT' });
    expect(systemOf(received()[0])).toMatch(/Claude Code.*OPERATOR-TEXT\n\nCLIENT-TEXT/s);
    await run({ ...modelProfile, systemText }, 'go', { system: 'CLIENT-TEXT' });
    expect(systemOf(received()[1])).toMatch(/OPERATOR-TEXT\n\nCLIENT-TEXT$/);
  });
});

describe('tools and models', () => {
  test('only the named built-in tools are offered', async () => {
    await run(agent({ builtInTools: ['Read', 'Grep'] }));
    const offered = received()[0]?.tools?.map((tool) => tool.name) ?? [];
    expect(offered).toContain('Read');
    expect(offered).not.toContain('Bash');
  });

  test('the small model reaches Claude Code in its environment', async () => {
    scriptCalls(['Bash', { command: 'echo "small: $ANTHROPIC_SMALL_FAST_MODEL"', description: 'x' }]);
    expect(textOf(await run(agent({ smallModel: 'claude-haiku-4-5' })))).toContain('small: claude-haiku-4-5');
  });

  test('a subagent of the profile runs, with its own prompt, tools and model', async () => {
    const subagents = {
      reviewer: {
        description: 'REVIEWS-THINGS',
        prompt: 'YOU-ARE-REVIEWER',
        tools: ['Bash'],
        model: 'claude-opus-4-5',
      },
    };
    upstream.script((request): Reply => {
      const results = lastResults(request);
      if (systemOf(request).includes('YOU-ARE-REVIEWER'))
        return results.length > 0
          ? say('I have reviewed it.')
          : { blocks: [call('Bash', { command: 'echo looked', description: 'x' })], usage: dear };
      return results.length > 0
        ? say(JSON.stringify(results))
        : {
            blocks: [call('Agent', { description: 'r', prompt: 'review', subagent_type: 'reviewer' })],
          };
    });
    const events = await run(agent({ subagents }));
    expect(textOf(events)).toContain('I have reviewed it.');
    expect(JSON.stringify(received()[0]?.messages)).toContain('REVIEWS-THINGS');
    const byReviewer = received().filter((request) => systemOf(request).includes('YOU-ARE-REVIEWER'));
    expect(byReviewer.map(({ model }) => model)).toEqual(['claude-opus-4-5', 'claude-opus-4-5']);
    expect(byReviewer[0]?.tools?.map((tool) => tool.name)).toEqual(['Bash']);
    const usages = events.filter((event) => event.type === 'usage');
    expect(usages.some(({ usage }) => usage.byModel['claude-opus-4-5'] !== undefined)).toBe(true);
  });
});

describe('workspaces', () => {
  const where = async (profile: Profile, owner: string): Promise<string> => {
    scriptCalls(['Bash', { command: 'pwd', description: 'x' }]);
    return JSON.parse(textOf(await run(profile, 'where?', { owner })));
  };

  test('a shared one is that of those who ask without a key, whoever asks', async () => {
    expect(await where(agent({ workspace: 'shared' }), 'alice')).toBe(await realpath(workspace));
    expect(await where(agent({ workspace: 'owner' }), 'alice')).toContain('/workspace/owner-');
    expect(await where(agent({ workspace: 'none' }), 'alice')).toMatch(/engine\/empty$/);
  });
});

describe('permission modes', () => {
  const outside = { command: 'touch /outside-of-the-workspace', description: 'x' };

  test.each<PermissionMode>(['default', 'plan'])(
    '%s denies at once what nobody can permit, says so, and goes on',
    async (permissionMode) => {
      scriptCalls(['Bash', outside]);
      const events = await run(agent({ permissionMode }));
      expect(events.find((event) => event.type === 'notice')).toMatchObject({
        code: 'tool_denied',
        message: expect.stringMatching(/^Bash: /),
      });
      expect(events.find((event) => event.type === 'tool.done')).toMatchObject({ isError: true });
      expect(events.at(-1)).toMatchObject({ type: 'done', stopReason: 'end' });
      expect(existsSync('/outside-of-the-workspace')).toBe(false);
    },
  );

  test('acceptEdits lets files of the workspace be written', async () => {
    scriptCalls(['Write', { file_path: path.join(workspace, 'made.txt'), content: 'made' }]);
    await run(agent({ permissionMode: 'acceptEdits' }));
    expect(existsSync(path.join(workspace, 'made.txt'))).toBe(true);
  });

  test.each<PermissionMode>(['plan', 'dontAsk'])(
    'in %s the client’s own tools are still the client’s to run',
    async (permissionMode) => {
      scriptCalls(['get_weather', {}]);
      const tools: Turn['tools'] = {
        tools: [{ name: 'get_weather', inputSchema: { type: 'object' } }],
        choice: { type: 'auto' },
        parallel: true,
      };
      const profile: Profile = { ...modelProfile, permissionMode };
      const asked = await run(profile, 'weather?', { tools });
      expect(asked.at(-1)).toMatchObject({ type: 'done', stopReason: 'client-calls' });
      const made = asked.find((event) => event.type === 'client-call.done');
      const callId = made?.type === 'client-call.done' ? made.callId : '';
      const answered = await testEngine.run(
        turnOf(
          [
            userSays('weather?'),
            {
              role: 'assistant',
              parts: [{ type: 'tool-call', callId, name: 'get_weather', arguments: {} }],
            },
            {
              role: 'user',
              parts: [{ type: 'tool-result', callId, content: [{ type: 'text', text: 'snow' }] }],
            },
          ],
          { profile, tools },
        ),
      );
      expect(sourceOf(answered)).toBe('live');
      expect(textOf(answered)).toContain('snow');
      expect(received()).toHaveLength(2);
    },
  );
});

describe('MCP servers of the operator', () => {
  const stdioServer = fileURLToPath(new URL('../support/stdio-mcp-server.ts', import.meta.url));
  let http: TestMcpServer;

  beforeAll(async () => {
    http = await startMcpServer();
  });
  afterAll(() => http[Symbol.asyncDispose]());

  test('over HTTP: a tool is called without anybody’s approval, with the operator’s headers', async () => {
    scriptCalls(['mcp__records__delete_all', {}]);
    const mcpServers: Profile['mcpServers'] = {
      records: { type: 'http', url: http.url, headers: { Authorization: 'Bearer operators' } },
    };
    const events = await run(agent({ permissionMode: 'dontAsk', mcpServers }));
    expect(textOf(events)).toContain('all deleted');
    expect(http.calls.at(-1)?.tool).toBe('delete_all');
    expect(http.authorizations).toContain('Bearer operators');
    expect(events.find((event) => event.type === 'tool.started')).toMatchObject({
      server: 'records',
      name: 'delete_all',
    });
  });

  test('as a program: it gets the variables that the profile names, and nothing of the server', async () => {
    scriptCalls(['mcp__local__show_environment', {}]);
    const mcpServers: Profile['mcpServers'] = {
      local: {
        type: 'stdio',
        command: process.execPath,
        args: ['--import', import.meta.resolve('tsx'), stdioServer],
        env: { TOKEN: 'named "by" the profile' },
      },
    };
    const told = textOf(await run({ ...modelProfile, mcpServers }));
    const [{ text }] = JSON.parse(told);
    const environment = JSON.parse(text);
    expect(environment).toMatchObject({ TOKEN: 'named "by" the profile', HOME: testEngine.directory });
    const names = Object.keys(environment).filter(
      (name) => !/^(CLAUDECODE_API_|PWD$|OLDPWD$|SHLVL$|_$)/.test(name),
    );
    expect(names.toSorted()).toEqual(['HOME', 'PATH', 'TOKEN']);
  });

  test('one that cannot be used fails the run, by name', async () => {
    const broken = { type: 'stdio', command: '/no/such/program', args: [], env: {} } as const;
    const events = await run(agent({ mcpServers: { broken } }));
    expect(events).toMatchObject([
      { type: 'error', error: { code: 'engine_failed', message: expect.stringContaining("'broken'") } },
    ]);
  });

  test('a client cannot take the place of one', async () => {
    const mcpServers: Profile['mcpServers'] = { records: { type: 'http', url: http.url, headers: {} } };
    const events = await run(agent({ mcpServers }), 'go', {
      mcpServers: [{ label: 'records', url: http.url, headers: {}, approval: { default: 'never' } }],
    });
    expect(events).toMatchObject([
      { type: 'error', error: { code: 'invalid_request', message: expect.stringContaining("'records'") } },
    ]);
  });
});

describe('skills of the workspace', () => {
  const ran = (what: string): string => path.join(testEngine.directory, `${what}-ran`);
  const touch = (what: string) => ({ type: 'command', command: `touch ${ran(what)}` });

  beforeAll(async () => {
    const folder = path.join(workspace, '.claude', 'skills', 'tidy');
    await mkdir(folder, { recursive: true });
    const hooks = { PreToolUse: [{ matcher: '*', hooks: [touch('skill-hook')] }] };
    const settings = [
      'name: tidy',
      'description: >-',
      '  Tidies "things"',
      '  up',
      'allowed-tools: Bash',
      `hooks: ${JSON.stringify(hooks)}`,
    ];
    const text = `HOW-TO-TIDY !\`touch ${ran('shell-line')}\``;
    await writeFile(path.join(folder, 'SKILL.md'), `---\n${settings.join('\n')}\n---\n${text}\n`);
    await writeFile(path.join(folder, 'more.txt'), 'MORE-ABOUT-TIDYING');
    await mkdir(path.join(workspace, '.claude', 'skills', 'sweep'));
    await writeFile(path.join(workspace, '.claude', 'skills', 'sweep', 'SKILL.md'), 'SWEEPING');
    await writeFile(
      path.join(workspace, '.claude', 'settings.json'),
      JSON.stringify({
        hooks: { PreToolUse: [{ matcher: '*', hooks: [touch('settings-hook')] }] },
        permissions: { allow: ['Bash'] },
      }),
    );
    await writeFile(path.join(workspace, 'CLAUDE.md'), 'NOTES-OF-THE-WORKSPACE');
  });

  const listed = (): string[] =>
    [...JSON.stringify(received().map(({ messages }) => messages)).matchAll(/workspace:(\w+)/g)].map(
      (match) => match[1] ?? '',
    );

  test('a named one is offered and loaded, with its files; what it permits itself does not hold', async () => {
    upstream.script((request) => {
      const results = lastResults(request);
      if (results.length > 0) return say(JSON.stringify(request.messages.at(-1)) + JSON.stringify(results));
      return { blocks: [call('Skill', { skill: 'workspace:tidy' })] };
    });
    const profile = agent({ permissionMode: 'dontAsk', skills: ['tidy'] });
    await run(profile);
    expect(new Set(listed())).toEqual(new Set(['tidy']));
    const loaded = JSON.stringify(received().at(-1)?.messages);
    expect(loaded).toContain('Tidies \\\\\\"things\\\\\\" up'.replaceAll('\\\\\\', '\\'));
    expect(loaded).toContain('HOW-TO-TIDY');
    const [, directory = ''] = loaded.match(/Base directory for this skill: ([^\\]+)/) ?? [];
    const after = upstream.requests.length;
    upstream.script(() =>
      upstream.requests.length === after + 1
        ? {
            blocks: [
              call('Skill', { skill: 'workspace:tidy' }),
              call('Read', { file_path: path.join(directory, 'more.txt') }),
              call('Bash', { command: `touch ${ran('bash')}`, description: 'x' }),
            ],
          }
        : say('done'),
    );
    const events = await run(profile, 'again');
    expect(JSON.stringify(upstream.requests.at(-1)?.messages)).toContain('MORE-ABOUT-TIDYING');
    expect(events.find((event) => event.type === 'notice')).toMatchObject({ code: 'tool_denied' });
    expect(
      ['bash', 'skill-hook', 'shell-line', 'settings-hook'].map((what) => existsSync(ran(what))),
    ).toEqual([false, false, false, false]);
    expect(JSON.stringify(received().map(({ messages }) => messages))).not.toContain(
      'NOTES-OF-THE-WORKSPACE',
    );
  });

  test('with all, each is offered; without, none', async () => {
    upstream.script(() => say('fine'));
    await run(agent({ skills: 'all' }));
    expect(listed()).toEqual(expect.arrayContaining(['tidy', 'sweep']));
    before = upstream.requests.length;
    await run(agent({}));
    expect(listed()).toEqual([]);
  });
});

describe('limits of a run', () => {
  const bash = ['Bash', { command: 'echo THE-RESULT', description: 'x' }] as const;

  test('the last turn allowed is told, and the conversation goes on from there', async () => {
    upstream.script(() => ({ blocks: [call(...bash)] }));
    const profile = agent({ maxTurns: 2 });
    const events = await run(profile, 'loop');
    expect(events.slice(-2)).toMatchObject([
      { type: 'notice', code: 'max_turns_reached' },
      { type: 'done', stopReason: 'length', usage: { upstreamCalls: 2 } },
    ]);
    expect(received()).toHaveLength(2);
    upstream.script(() => say('Went on.'));
    const going = [userSays('loop'), assistantSays(''), userSays('go on')];
    const live = await testEngine.run(turnOf(going, { profile }));
    expect([sourceOf(live), textOf(live)]).toEqual(['live', 'Went on.']);
    // Another way of asking takes another process, which is given what the agent did.
    const stored = await testEngine.run(turnOf(going, { profile, system: 'Other.' }));
    expect(sourceOf(stored)).toBe('stored');
    // Claude Code may add a reminder to a result.
    const results = (received().at(-1)?.messages ?? []).flatMap(({ content }) =>
      typeof content === 'string' ? [] : content.filter(({ type }) => type === 'tool_result'),
    );
    expect(results.map(({ content }) => JSON.stringify(content))).toEqual([
      expect.stringContaining('THE-RESULT'),
      expect.stringContaining('THE-RESULT'),
    ]);
  });

  test('the budget stops a run that would go on, with what it cost', async () => {
    upstream.script(() => ({ blocks: [call(...bash)], usage: dear }));
    const events = await run(agent({ maxBudgetUsd: 0.3 }));
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'run_budget_exceeded', agentActed: true },
      usage: { costUsd: expect.closeTo(0.42), upstreamCalls: 2 },
    });
  });

  test('each run has the whole budget, and the conversation goes on all the same', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0 ? say('Answer.') : { blocks: [call(...bash)], usage: dear },
    );
    const profile = agent({ maxBudgetUsd: 0.3 });
    const first = await run(profile, 'one');
    expect(first.at(-1)).toMatchObject({ type: 'done', stopReason: 'end' });
    const second = await testEngine.run(
      turnOf([userSays('one'), assistantSays('Answer.'), userSays('two')], { profile }),
    );
    expect(sourceOf(second)).toBe('stored');
    expect(second.at(-1)).toMatchObject({ type: 'done', stopReason: 'end', usage: { upstreamCalls: 2 } });
  });

  test('an answer that was whole when the budget was reached is an answer', async () => {
    upstream.script(() => ({ ...say('Whole.'), usage: dear }));
    const events = await run({ ...modelProfile, maxBudgetUsd: 0.1 });
    expect(textOf(events)).toBe('Whole.');
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { costUsd: expect.closeTo(0.21) } });
  });
});
