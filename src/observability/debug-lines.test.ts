import { pino } from 'pino';
import { expect, test } from 'vitest';
import { agentProfile, noUsage, type Turn, type TurnEvent } from '../turn/index.ts';
import { debugLines } from './debug-lines.ts';

function start(level: string) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, told: debugLines(logger, 'req_1') };
}

const events: TurnEvent[] = [
  { type: 'started', model: 'claude-x', source: 'new' },
  { type: 'text.delta', text: 'hush' },
  { type: 'client-call.delta', callId: 'call_1', argumentsDelta: '"hush"' },
  { type: 'tool.started', callId: 'call_2', name: 'Bash', input: { command: 'hush' } },
  { type: 'tool.done', callId: 'call_2', name: 'Bash', isError: false, output: 'hush' },
  { type: 'notice', code: 'tool_denied', message: 'Write is not allowed.' },
  { type: 'done', stopReason: 'end', usage: noUsage },
];

test('debug shows what happens to a request, and nothing of what is in it', () => {
  const { lines, told } = start('debug');
  const turn: Turn = {
    id: 'turn_1',
    owner: 'local',
    model: 'sonnet',
    profile: agentProfile,
    system: 'hush',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'hush' }] }],
    tools: {
      tools: [{ name: 'get_weather', description: 'hush', inputSchema: {} }],
      choice: { type: 'auto' },
      parallel: true,
    },
    output: { stop: ['hush'] },
    reasoning: {},
    sampling: {},
  };
  told.decoded(turn);
  for (const event of events) told.event({ choice: 0, event });
  told.chunks([{ type: 'response.output_text.delta', delta: 'hush' }]);
  told.chunks([]);
  expect(lines.map(({ msg, event }) => event ?? msg)).toEqual([
    'request decoded',
    'started',
    'text.delta',
    'client-call.delta',
    'tool.started',
    'tool.done',
    'notice',
    'done',
    'stream chunks',
  ]);
  expect(lines[0]).toMatchObject({
    requestId: 'req_1',
    messages: 1,
    tools: ['get_weather'],
    profile: 'agent',
  });
  expect(lines[4]).toMatchObject({ name: 'Bash', callId: 'call_2', choice: 0 });
  expect(lines[6]).toMatchObject({ msg: 'permission denied', message: 'Write is not allowed.' });
  expect(lines[7]).toMatchObject({ stopReason: 'end', usage: { inputTokens: 0 } });
  expect(lines[8]).toMatchObject({ chunks: 1, kinds: ['response.output_text.delta'] });
  expect(JSON.stringify(lines)).not.toContain('hush');
});

test('other levels show nothing of it', () => {
  const { lines, told } = start('info');
  for (const event of events) told.event({ choice: 0, event });
  told.chunks([{ type: 'x' }]);
  expect(lines).toEqual([]);
});
