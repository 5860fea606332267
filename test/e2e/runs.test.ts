import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentProfile, type Turn, type TurnEvent, type Usage } from '../../src/turn/index.ts';
import {
  assistantSays,
  sourceOf,
  startEngine,
  type TestEngine,
  textOf,
  turnOf,
  userSays,
} from '../support/start-engine.ts';
import { processesWith } from '../support/start-server.ts';
import { call, lastResults, say, startUpstream, text, type Upstream } from '../support/upstream.ts';

const patience = { timeout: 20_000, interval: 50 };
/** Costs 0.21 dollars with the model of these tests. */
const dear = { input_tokens: 100_000, output_tokens: 1000 };
const forever = new Promise<never>(() => {});

let upstream: Upstream;
let testEngine: TestEngine;

beforeAll(async () => {
  upstream = await startUpstream();
  testEngine = await startEngine(upstream, { sandbox: 'auto' });
});
afterAll(async () => {
  await testEngine[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const bash = (command: string) => call('Bash', { command, description: 'x' });
const usages = (events: readonly TurnEvent[]): Usage[] =>
  events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []));

/** Runs a turn until something has happened, and then stops it. */
async function runUntil(turn: Turn, happened: (event: TurnEvent) => unknown): Promise<TurnEvent[]> {
  const controller = new AbortController();
  const events: TurnEvent[] = [];
  for await (const event of testEngine.engine.runTurn(turn, { signal: controller.signal })) {
    events.push(event);
    if (await happened(event)) controller.abort();
  }
  return events;
}

describe('what a run takes', () => {
  test('is told after each upstream call that others follow, with its cost', async () => {
    let calls = 0;
    upstream.script(() =>
      calls++ < 3 ? { blocks: [bash('sleep 0.3')], usage: dear } : { ...say('done'), usage: dear },
    );
    const events = await testEngine.run(turnOf([userSays('work')], { profile: agentProfile }));
    const told = usages(events);
    expect(told.map(({ costUsd }) => costUsd)).toEqual(
      [0.21, 0.42, 0.63].map((cost) => expect.closeTo(cost)),
    );
    expect(told.map(({ upstreamCalls, outputTokens }) => [upstreamCalls, outputTokens])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 3000],
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { costUsd: expect.closeTo(0.84) } });
  });

  const weather: Turn['tools'] = {
    tools: [{ name: 'get_weather', inputSchema: { type: 'object' } }],
    choice: { type: 'auto' },
    parallel: true,
  };

  test('is known where it ends with calls of the client, and is not told again with what follows', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0
        ? { ...say('It snows.'), usage: dear }
        : { blocks: [call('get_weather', {}, 'toolu_w')], usage: dear },
    );
    const asked = await testEngine.run(turnOf([userSays('weather?')], { tools: weather }));
    expect(asked.at(-1)).toMatchObject({
      type: 'done',
      stopReason: 'client-calls',
      usage: { inputTokens: 100_000, outputTokens: 1000, costUsd: expect.closeTo(0.21) },
    });
    const parts = { type: 'tool-call', callId: 'toolu_w', name: 'get_weather', arguments: {} } as const;
    const answer = await testEngine.run(
      turnOf(
        [
          userSays('weather?'),
          { role: 'assistant', parts: [parts] },
          {
            role: 'user',
            parts: [{ type: 'tool-result', callId: 'toolu_w', content: [{ type: 'text', text: 'snow' }] }],
          },
        ],
        { tools: weather },
      ),
    );
    expect(sourceOf(answer)).toBe('live');
    expect(answer.at(-1)).toMatchObject({
      usage: { inputTokens: 100_000, outputTokens: 1000, costUsd: expect.closeTo(0.21), upstreamCalls: 1 },
    });
  });

  test('is known where a stop sequence cuts the answer off', async () => {
    upstream.script(() => ({ ...say('one END two'), usage: { input_tokens: 100_000 }, hold: forever }));
    const events = await testEngine.run(turnOf([userSays('count')], { output: { stop: ['END'] } }));
    const end = events.at(-1);
    expect(textOf(events)).toBe('one ');
    expect(end).toMatchObject({ type: 'done', stopReason: 'stop-sequence', usage: { inputTokens: 100_000 } });
    expect(end?.type === 'done' ? end.usage.costUsd : null).toBeGreaterThanOrEqual(0.2);
  });

  test('is known where the run is stopped in the middle of an answer', async () => {
    upstream.script(() => ({ ...say('I beg'), usage: { input_tokens: 100_000 }, hold: forever }));
    const events = await runUntil(turnOf([userSays('x')]), ({ type }) => type === 'text.delta');
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'error', error: { code: 'cancelled' }, usage: { upstreamCalls: 1 } });
    expect(end?.type === 'error' ? end.usage.costUsd : null).toBeGreaterThanOrEqual(0.2);
  });
});

describe('a run that is stopped', () => {
  const commands = (): string[] =>
    processesWith(`HOME=${testEngine.directory}\0`)
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        } catch {
          return '';
        }
      })
      .filter((command) => command.startsWith('sleep'));

  test('takes with it what its agent started, in the foreground or set apart', async () => {
    const started = path.join(testEngine.directory, 'workspace', 'started');
    upstream.script(() => ({
      blocks: [
        text('Starting.'),
        bash(`nohup sleep 601 >/dev/null 2>&1 & setsid -f sleep 602; touch ${started}; sleep 603`),
      ],
      usage: dear,
    }));
    const events = await runUntil(turnOf([userSays('serve')], { profile: agentProfile }), async (event) => {
      if (event.type !== 'tool.started') return false;
      await expect.poll(() => existsSync(started) && commands().length, patience).toBe(3);
      return true;
    });
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'cancelled', agentActed: true },
      usage: { costUsd: expect.closeTo(0.21) },
    });
    await expect.poll(commands, patience).toEqual([]);
  });
});

describe('settings that change while the engine runs', () => {
  test('a turn that runs goes on; what begins from now on is bound by them', async () => {
    await using own = await startEngine(upstream, { maxProcesses: 1, queueLimit: 4 });
    const { engine } = own;
    let release = (): void => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    upstream.script(() => ({ ...say('first'), hold }));
    const before = upstream.requests.length;
    const first = own.run(turnOf([userSays('one')]));
    await upstream.received(before + 1);
    upstream.script(() => say('second'));
    const second = own.run(turnOf([userSays('two')]));
    await expect.poll(() => engine.status().pool.queued, patience).toBe(1);
    engine.configure({ maxProcesses: 2, queueLimit: 5 });
    expect(textOf(await second)).toBe('second');
    engine.configure({ maxProcesses: 1, idleTtlSeconds: 300 });
    expect(engine.status().pool).toMatchObject({ maxProcesses: 1, running: 1, idle: 0, queueLimit: 5 });
    release();
    expect(textOf(await first)).toBe('first');
    expect(engine.status().pool.idle).toBe(1);

    engine.configure({ permissionMode: 'dontAsk', smallModel: 'claude-haiku-4-5' });
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say(JSON.stringify(lastResults(request)[0]?.content))
        : { blocks: [bash('echo $ANTHROPIC_SMALL_FAST_MODEL > small.txt')] },
    );
    const careful = await own.run(turnOf([userSays('three')], { profile: agentProfile }));
    expect(careful.find((event) => event.type === 'notice')).toMatchObject({ code: 'tool_denied' });

    engine.configure({ requestTimeoutSeconds: 1 });
    upstream.script(() => ({ ...say('never'), hold: forever }));
    const late = await own.run(turnOf([userSays('four')]));
    expect(late.at(-1)).toMatchObject({ type: 'error', error: { code: 'timeout' } });

    engine.configure({ idleTtlSeconds: 0, warmSpares: 1 });
    await expect.poll(() => engine.status().pool, patience).toMatchObject({ idle: 0, spares: 1 });
  });

  test('a conversation is kept over a change', async () => {
    upstream.script(() => say('hello'));
    await testEngine.run(turnOf([userSays('hi')], { owner: 'keeper' }));
    testEngine.engine.configure({ maxProcesses: 5 });
    const going = [userSays('hi'), assistantSays('hello'), userSays('more')];
    expect(sourceOf(await testEngine.run(turnOf(going, { owner: 'keeper' })))).toBe('live');
  });
});
