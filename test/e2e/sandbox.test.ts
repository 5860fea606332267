import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeSandbox } from '../../src/engine/index.ts';
import { agentProfile, modelProfile, type Profile, type TurnEvent } from '../../src/turn/index.ts';
import { callsOf, escapeAttempts, gotThrough } from '../support/escape-attempts.ts';
import { startMcpServer } from '../support/mcp-server.ts';
import {
  everyTool,
  inSteps,
  resultsOf,
  type SandboxTarget,
  shell,
  startTarget,
} from '../support/sandbox-target.ts';
import { startEngine, textOf, turnOf, userSays } from '../support/start-engine.ts';
import { commandOf, processesWith } from '../support/start-server.ts';
import {
  call,
  lastResults,
  lastUserText,
  type ReplyBlock,
  say,
  startUpstream,
  type Upstream,
} from '../support/upstream.ts';

const probed = await probeSandbox({ PATH: process.env['PATH'] ?? '' });
const hasSandbox = probed.state === 'available';
const missing = hasSandbox ? '' : ` (not tested, for want of a sandbox: ${probed.reason} ${probed.hint})`;

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());

/** It is many commands; how long they take is the machine's affair. */
const slow = { timeout: 180_000 };
const patience = { timeout: 20_000, interval: 50 };

type Outcome = 'got through' | 'refused';

/** What came of each attempt of one key's agent; those that harm this machine are left out without a sandbox. */
async function outcomesOf(target: SandboxTarget, confined: boolean): Promise<Record<string, Outcome>> {
  const settle = 'd=$TMPDIR; [ $d ] || d=$(mktemp -d); echo LEAK > own.txt; cp own.txt $d; echo $d';
  const temporary = await lineOf(target, settle, 'key_neighbour');
  const [own, neighbour] = [target.workspaceOf('key_attacker'), target.workspaceOf('key_neighbour')];
  const steps = escapeAttempts(target, { own, neighbour, temporary }).map((step) =>
    step.filter(({ onlyConfined }) => confined || onlyConfined === undefined),
  );
  const outcomes: Record<string, Outcome> = {};
  const each = (results: readonly string[], index: number): void => {
    for (const [name, isThrough] of gotThrough(steps[index] ?? [], results))
      outcomes[name] = isThrough ? 'got through' : 'refused';
  };
  const calls = steps.map((step) => callsOf(step, own));
  await inSteps({ engine: target.engine, upstream }, calls, { owner: 'key_attacker', each });
  return outcomes;
}

async function lineOf({ engine }: SandboxTarget, command: string, owner: string): Promise<string> {
  const [result = '""'] = await resultsOf({ engine, upstream }, [shell(command)], { owner });
  return String(JSON.parse(result)).trim();
}

function all(outcomes: Record<string, Outcome>, outcome: Outcome): Record<string, Outcome> {
  return Object.fromEntries(Object.keys(outcomes).map((name) => [name, outcome]));
}

describe.skipIf(!hasSandbox)(`an agent in the sandbox${missing}`, () => {
  let held: SandboxTarget;
  const tell = (calls: readonly ReplyBlock[], owner = 'key_attacker', profile: Profile = everyTool) =>
    resultsOf({ engine: held.engine, upstream }, calls, { owner, profile });
  beforeAll(async () => {
    held = await startTarget(upstream, 'auto');
  });
  afterAll(() => held[Symbol.asyncDispose]());

  test('without it, would get through everywhere: these are attempts', slow, async () => {
    await using free = await startTarget(upstream, 'off');
    const outcomes = await outcomesOf(free, false);
    expect(outcomes).toEqual(all(outcomes, 'got through'));
    expect(free.engine.engine.status().sandbox).toMatchObject({ state: 'off' });
  });

  test('is refused all that is not its own', slow, async () => {
    const outcomes = await outcomesOf(held, true);
    expect(outcomes).toEqual(all(outcomes, 'refused'));
    expect(Object.keys(outcomes).length).toBeGreaterThan(55);
    expect(held.engine.engine.status().sandbox).toEqual({ state: 'active' });
  });

  test('whose workspace is the root gets at no workspace in it', slow, async () => {
    const neighbour = held.workspaceOf('key_neighbour');
    mkdirSync(neighbour, { recursive: true });
    writeFileSync(path.join(neighbour, 'own.txt'), 'LEAK');
    await using remote = await startMcpServer();
    const mcpServers = { remote: { type: 'http', url: remote.url, headers: {} } } as const;
    const results = await tell(
      [
        shell('for d in *-*; do cat $d/*; done; d=owner; cat $d-*/own.txt; echo > $(echo $d-*)/w'),
        call('Read', { file_path: path.join(neighbour, 'own.txt') }),
        call('Grep', { pattern: '^LE.K', output_mode: 'content', glob: '**/own.txt' }),
        call('Glob', { pattern: '**/own.txt' }),
        call('Write', { file_path: path.join(neighbour, 'w'), content: 'x' }),
        call('mcp__remote__look_up', { key: 'a' }),
        shell('cat shared.txt'),
      ],
      'local',
      // The tools of servers are permitted while the agent runs already: its rules have to stay.
      { ...everyTool, mcpServers },
    );
    expect(results.map((result) => /LEAK|own\.txt"$|value of a/.test(result))).toEqual([
      ...Array(5).fill(false),
      ...[true, true],
    ]);
    expect(readdirSync(neighbour)).not.toContain('w');
  });

  test('works as before in its workspace', slow, async () => {
    const work = [
      'echo hi > a.txt && ln -s a.txt b && cat b',
      'echo hi > $TMPDIR/t && echo hi > /tmp/t && cat $(mktemp) $TMPDIR/t',
      'mkdir -p p && cd p && npm init -y > log && ls $npm_config_cache/_logs > log && cat package.json',
      '(python3 -m http.server 8080 > log 2>&1 &); curl -s --retry 9 --retry-connrefused --retry-delay 1 http://127.0.0.1:8080/package.json',
    ];
    const results = await tell(work.map((command) => shell(command)));
    expect(results.slice(0, 2)).toEqual(['"hi"', '"hi"']);
    expect(results.slice(2)).toEqual([
      expect.stringContaining('version'),
      expect.stringContaining('version'),
    ]);
    const git = 'git -c user.name=a -c user.email=a@b';
    const own = held.workspaceOf('key_attacker');
    const [committed, read, written, long] = await tell([
      shell(`git init -q r && cd r && echo hi > a && ${git} add -A && ${git} commit -qm one && git ls-files`),
      call('Read', { file_path: `${own}/a.txt` }),
      call('Write', { file_path: `${own}/new/c.txt`, content: 'hi' }),
      shell('seq 1 30000'),
    ]);
    expect(committed).toBe('"a"');
    expect([read, written]).toEqual(['"1\\thi\\n2\\t"', expect.stringContaining('created')]);
    const saved = /saved to: (\S+\.txt)/.exec(JSON.parse(long ?? '""'))?.[1] ?? '';
    expect(namesIn(own).filter((name) => name.startsWith('.'))).toEqual(['.claude']);
    expect(await tell([call('Read', { file_path: saved, limit: 2 })])).toEqual(['"1\\t1\\n2\\t2"']);
  });

  test('reaches the hosts that its profile names, and no others', slow, async () => {
    const address = `http://127.0.0.2:${held.otherPort}/`;
    const command = `curl -sS -m 5 --noproxy '' -x $HTTP_PROXY ${address}; curl -sS -m 5 --noproxy '' -x $HTTP_PROXY http://example.com/`;
    const calls = [shell(command), call('WebFetch', { url: 'https://example.com/', prompt: 'x' })];
    const named = await tell(calls, 'key_named', { ...everyTool, network: ['127.0.0.2', '*.example.org'] });
    const none = await tell(calls, 'key_none', { ...everyTool, network: 'none' });
    const blocked = 'blocked by network allowlist';
    expect(named).toEqual([expect.stringMatching(`LEAK.*${blocked}`), expect.stringContaining('disabled')]);
    expect(none).toEqual([
      expect.stringMatching(`${blocked}.*${blocked}`),
      expect.stringContaining('disabled'),
    ]);
    expect(none[0]).not.toContain('LEAK');
  });

  test('leaves nothing in its workspace when it is stopped', slow, async () => {
    const { engine } = held.engine;
    const stopping = new AbortController();
    const events: TurnEvent[] = [];
    const turn = turnOf([userSays('go')], { owner: 'key_stopped', profile: agentProfile });
    const own = held.workspaceOf('key_stopped');
    mkdirSync(own);
    // Of the two, one has cast off all by which it could be told.
    const [near, apart] = [`7${process.pid}1`, `7${process.pid}2`];
    const command = `(env -i setsid nohup sleep ${apart} > /dev/null 2>&1 &); touch started; sleep ${near}`;
    upstream.script(() => ({ blocks: [shell(command)] }));
    const ends = (async () => {
      for await (const event of engine.runTurn(turn, { signal: stopping.signal })) events.push(event);
    })();
    await expect.poll(() => readdirSync(own), patience).toContain('started');
    await expect.poll(() => [near, apart].filter(isSleeping), patience).toEqual([near, apart]);
    stopping.abort();
    await ends;
    expect(events.at(-1)).toMatchObject({ type: 'error' });
    await expect.poll(() => [near, apart].filter(isSleeping), patience).toEqual([]);
    await expect.poll(() => namesIn(own), patience).toEqual(['.claude', 'started']);
  });

  test('keeps its guard while another of the same workspace is stopped', slow, async () => {
    const { run, directory } = held.engine;
    const own = held.workspaceOf('key_shared');
    mkdirSync(own);
    const turn = (text: string) =>
      turnOf([userSays(text)], { id: `turn_${text}`, owner: 'key_shared', profile: agentProfile });
    const agents = (): number[] =>
      processesWith(directory).filter((pid) => commandOf(pid).includes('--output-format'));
    const stopping = new AbortController();
    const never = once(stopping.signal, 'abort');
    upstream.script((request) => {
      if (lastUserText(request).includes('stop')) return { ...say('Never.'), hold: never };
      if (lastUserText(request).includes('talk')) return say('Hello.');
      if (lastResults(request).length > 0) return say('Done.');
      return { blocks: [shell('touch started; until [ -e go ]; do sleep 0.05; done; rm go')] };
    });
    const working = run(turn('work'));
    await expect.poll(() => namesIn(own), patience).toContain('started');
    const guarded = namesIn(own);
    expect(guarded).toContain('.gitconfig');

    const others = agents();
    const stopped = run(turn('stop'), stopping.signal);
    await expect.poll(() => upstream.requests.map(lastUserText), patience).toContain('stop');
    const [asked = 0] = agents().filter((pid) => !others.includes(pid));
    expect(asked).toBeGreaterThan(0);
    stopping.abort();
    await stopped;
    await expect.poll(agents, patience).not.toContain(asked);
    // By then, all is done that follows the end of a process.
    expect(textOf(await run(turn('talk')))).toBe('Hello.');
    expect(namesIn(own)).toEqual(guarded);

    writeFileSync(path.join(own, 'go'), '');
    expect(textOf(await working)).toBe('Done.');
    await expect.poll(() => namesIn(own), patience).toEqual(['.claude', 'started']);
  });
});

/** Without the repository that the server makes where the workspace would be part of another one. */
function namesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name !== '.git');
}

function isSleeping(seconds: string): boolean {
  return processesWith('').some((pid) => commandOf(pid) === `sleep\0${seconds}\0`);
}

describe('where there is no sandbox', () => {
  let bare: string;
  beforeAll(async () => {
    bare = await mkdtemp(path.join(tmpdir(), 'no-programs-'));
  });
  afterAll(() => rm(bare, { recursive: true, force: true }));

  const start = (sandbox: 'auto' | 'required', warned: string[] = []) =>
    startEngine(upstream, {
      sandbox,
      environment: {
        ...{ PATH: bare, HOME: bare, IS_SANDBOX: '1', ANTHROPIC_API_KEY: 'sk-ant-test' },
        ANTHROPIC_BASE_URL: upstream.url,
      },
      log: { debug: () => {}, info: () => {}, warn: (_, message) => warned.push(message) },
    });

  test('agents run with one warning, and their file tools are held to the workspace', slow, async () => {
    const warned: string[] = [];
    await using own = await start('auto', warned);
    await own.engine.started();
    expect(warned).toEqual(['Agents run commands without a sandbox']);
    expect(own.engine.status().sandbox).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('bwrap'),
      hint: expect.stringContaining('apt-get install'),
    });
    const secret = path.join(own.directory, 'data', 'engine');
    const calls = [shell('echo hi'), call('Glob', { pattern: '*', path: secret })];
    const [said, listed] = await resultsOf({ engine: own, upstream }, calls, { owner: 'local' });
    expect(said).toBe('"hi"');
    expect(listed).toContain('outside');
    const profile = { ...agentProfile, network: 'none' } as const;
    const limited = await own.run(turnOf([userSays('x')], { profile }));
    expect(limited.at(-1)).toMatchObject({ error: { code: 'engine_failed' } });
  });

  test('no agent runs where it is required, but chat does', slow, async () => {
    await using own = await start('required');
    upstream.script(() => say('hello'));
    const refused = await own.run(turnOf([userSays('x')], { profile: agentProfile }));
    expect(refused).toEqual([
      expect.objectContaining({
        type: 'error',
        error: expect.objectContaining({
          code: 'engine_failed',
          message: expect.stringMatching(/SANDBOX=required.*apt-get install/s),
        }),
      }),
    ]);
    expect(textOf(await own.run(turnOf([userSays('x')], { profile: modelProfile })))).toBe('hello');
  });
});
