import { expect, test } from 'vitest';
import { noUsage, TurnError, type TurnEvent, type Usage } from '../../turn/index.ts';
import { RunFacts } from './run-facts.ts';

const usage = (fields: Partial<Usage>): Usage => ({ ...noUsage, upstreamCalls: 1, ...fields });

function factsOf(...events: readonly (TurnEvent | readonly [choice: number, event: TurnEvent])[]): RunFacts {
  const facts = new RunFacts();
  let elapsedMs = 0;
  for (const one of events) {
    const [choice, event] = 'type' in one ? [0, one] : one;
    elapsedMs += 10;
    facts.observe({ choice, event }, elapsedMs);
  }
  return facts;
}

const write = (callId: string, name: string, input: Record<string, string>, isError = false): TurnEvent[] => [
  { type: 'tool.started', callId, name, input },
  { type: 'tool.done', callId, name, isError, output: 'ok' },
];

test('each answer counts once, with what it told last', () => {
  const facts = factsOf(
    [0, { type: 'usage', usage: usage({ inputTokens: 10, costUsd: 0.1 }) }],
    [1, { type: 'usage', usage: usage({ inputTokens: 7 }) }],
    [0, { type: 'usage', usage: usage({ inputTokens: 30, upstreamCalls: 2, costUsd: 0.2 }) }],
    [
      0,
      { type: 'done', stopReason: 'end', usage: usage({ inputTokens: 40, upstreamCalls: 3, costUsd: 0.3 }) },
    ],
    [
      1,
      { type: 'done', stopReason: 'length', usage: usage({ inputTokens: 9, outputTokens: 2, costUsd: 0.1 }) },
    ],
  );
  expect(facts.usage).toEqual({
    inputTokens: 49,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 2,
    thinkingTokens: 0,
    costUsd: 0.4,
    upstreamCalls: 4,
  });
  expect(facts.stopReason).toBe('end');
});

test('a failure that knows nothing of the usage does not forget it', () => {
  const facts = factsOf(
    { type: 'usage', usage: usage({ inputTokens: 10 }) },
    { type: 'error', error: new TurnError('engine_failed', 'It broke.'), usage: noUsage },
  );
  expect(facts.usage).toMatchObject({ inputTokens: 10, upstreamCalls: 1, costUsd: null });
  expect(facts.error).toMatchObject({ code: 'engine_failed', message: 'It broke.' });
});

test('nothing is told of the usage where no turn began', () => {
  expect(factsOf().usage).toBeUndefined();
});

test('the first token is the first that the client sees of the answer', () => {
  expect(
    factsOf(
      { type: 'started', model: 'claude-sonnet-5', source: 'stored' },
      { type: 'thinking.started' },
      { type: 'thinking.delta', text: 'h' },
      { type: 'text.delta', text: 'a' },
    ),
  ).toMatchObject({ firstTokenMs: 30, source: 'stored', answeringModel: 'claude-sonnet-5' });
});

test('tools are counted, those of the agent and those of the client', () => {
  const facts = factsOf(
    ...write('1', 'Bash', {}),
    ...write('2', 'Bash', {}),
    { type: 'tool.started', callId: '3', name: 'search', server: 'docs', input: {} },
    { type: 'client-call.started', callId: '4', name: 'get_weather' },
    { type: 'client-call.done', callId: '4', name: 'get_weather', arguments: {} },
  );
  expect(facts.tools).toEqual({ Bash: 2, 'docs.search': 1, get_weather: 1 });
});

test('the names of tools are bounded, and cannot forge lines', () => {
  const calls = Array.from({ length: 60 }, (_, index) => write(String(index), `tool\n${index}`, {})).flat();
  const { tools } = factsOf(...calls);
  expect(Object.keys(tools)).toHaveLength(50);
  expect(Object.keys(tools)[0]).toBe('tool 0');
});

test('files are those that the agent has written, as it named them', () => {
  const facts = factsOf(
    ...write('1', 'Write', { file_path: '/w/a.txt' }),
    ...write('2', 'Edit', { file_path: 'b.txt' }),
    ...write('3', 'MultiEdit', { file_path: '/w/a.txt' }),
    ...write('4', 'NotebookEdit', { notebook_path: '/w/n.ipynb' }),
    ...write('5', 'Read', { file_path: '/w/read.txt' }),
    ...write('6', 'Write', { file_path: '/w/denied.txt' }, true),
    { type: 'tool.started', callId: '7', name: 'Write', input: { file_path: '/w/unfinished.txt' } },
    { type: 'tool.started', callId: '8', name: 'Write', server: 'other', input: { file_path: '/x' } },
    { type: 'tool.done', callId: '8', name: 'Write', server: 'other', isError: false, output: '' },
  );
  expect(facts.files).toEqual(['/w/a.txt', 'b.txt', '/w/n.ipynb']);
});

test('the number of files has a bound', () => {
  const writes = Array.from({ length: 150 }, (_, index) =>
    write(String(index), 'Write', { file_path: `/${index}` }),
  );
  expect(factsOf(...writes.flat()).files).toHaveLength(100);
});

test('files of the workspace are told as the engine found them, others as the agent named them', () => {
  const changed = (...paths: string[]): TurnEvent => ({
    type: 'files',
    workspaceId: 'w',
    changes: paths.map((path) => ({ path, operation: 'created' })),
    omitted: 0,
    certain: true,
  });
  const facts = factsOf(
    ...write('1', 'Write', { file_path: '/w/sub/a.txt' }),
    ...write('2', 'Write', { file_path: '/elsewhere/b.txt' }),
    changed('by-command.txt', 'sub/a.txt'),
    changed('sub/a.txt'),
  );
  expect(facts.files).toEqual(['by-command.txt', 'sub/a.txt', '/elsewhere/b.txt']);
  const many = changed(...Array.from({ length: 150 }, (_, index) => `${index}`));
  expect(factsOf(many).files).toHaveLength(100);
});
