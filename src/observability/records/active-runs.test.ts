import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noUsage, type TurnEvent } from '../../turn/index.ts';
import type { Published } from '../live/feed.ts';
import { LiveChannels } from '../live/live-channels.ts';
import type { RunStart } from './active-run.ts';
import { ActiveRuns } from './active-runs.ts';

const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'new' };
const text = (piece: string): TurnEvent => ({ type: 'text.delta', text: piece });
const usage = { ...noUsage, inputTokens: 5, upstreamCalls: 1 };

let now: number;
beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
  now += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

function open() {
  const feed = new LiveChannels();
  const runs = new ActiveRuns({ feed });
  const told: Published[] = [];
  for (const channel of ['requests', 'approvals', 'run:req_1'] as const)
    feed.subscribe(channel, undefined, (one) => told.push(one));
  const stop = vi.fn();
  const start: RunStart = {
    id: 'req_1',
    startedAt: 1000,
    endpoint: '/v1/chat/completions',
    transport: 'http',
    keyId: 'key_1',
    keyName: 'Team',
    model: 'sonnet',
    profile: 'agent',
    client: 'curl',
    address: '127.0.0.1',
    level: 'full',
    elapsedMs: () => now,
    stop,
  };
  const run = runs.begin(start);
  const observe = (...events: TurnEvent[]): void => {
    for (const event of events) run.observe({ choice: 0, event });
  };
  const types = (channel: string): string[] =>
    told.filter((one) => one.channel === channel).map(({ type }) => type);
  return { feed, runs, run, told, stop, observe, types };
}

test('a run is told of and listed until its end', () => {
  const { runs, told, observe } = open();
  const view = {
    ...{ id: 'req_1', startedAt: 1000, endpoint: '/v1/chat/completions', transport: 'http' },
    ...{ keyId: 'key_1', keyName: 'Team', model: 'sonnet', profile: 'agent', client: 'curl' },
    ...{ address: '127.0.0.1', state: 'waiting', activity: null, firstTokenMs: null },
  };
  expect(told[0]).toMatchObject({ type: 'new_request', channel: 'requests', data: view });
  expect(Object.keys(runs.list()[0] ?? {})).not.toContain('stop');
  now = 40;
  observe(started, text('Hi '));
  expect(runs.list()).toMatchObject([{ ...view, state: 'running', firstTokenMs: 40 }]);
  expect(runs.count).toBe(1);
  runs.end('req_1');
  expect(runs.list()).toEqual([]);
  expect(runs.get('req_1')).toBeNull();
});

test('shows the tool that runs, and what was used so far', () => {
  const { runs, observe } = open();
  observe({ type: 'tool.started', callId: '1', name: 'Bash', input: {} });
  observe({ type: 'tool.started', callId: '2', name: 'Read', input: {} });
  observe({ type: 'usage', usage });
  expect(runs.list()).toMatchObject([{ activity: 'Read', usage: { inputTokens: 5 } }]);
  const done: TurnEvent = { type: 'tool.done', callId: '2', name: 'Read', isError: false, output: '' };
  observe(done);
  expect(runs.list()).toMatchObject([{ activity: 'Bash' }]);
});

test('progress is told at most four times a second, and the last of it in any case', async () => {
  const { types, told, observe } = open();
  for (let call = 0; call < 100; call++) {
    observe({ type: 'tool.started', callId: String(call), name: `Tool${call}`, input: {} });
    await pass(10);
  }
  await pass(250);
  expect(types('requests').filter((type) => type === 'request_progress')).toHaveLength(4);
  const last = told.findLast(({ type }) => type === 'request_progress');
  expect(last).toMatchObject({ data: { activity: 'Tool99' } });
});

test('whoever comes later gets the timeline so far, and goes on from there', async () => {
  const { runs, told, observe } = open();
  observe(started, text('Let me see. Now'));
  const looked = runs.get('req_1');
  expect(looked).toMatchObject({
    run: { id: 'req_1' },
    timeline: [{ type: 'started' }, { type: 'text', text: 'Let me see. ' }],
    seq: 2,
  });
  observe(text(' we do'));
  await pass(100);
  runs.end('req_1');
  const later = told.flatMap((one) =>
    one.type === 'run_entry' && one.data.type === 'text' && one.seq > 2 ? [one.data.text] : [],
  );
  expect(later.join('')).toBe('Now we do');
});

test('an approval that the client is asked for is told in the run alone, where nobody here can answer it', () => {
  const { told, observe } = open();
  const call = { callId: '1', server: 'mail', name: 'send', arguments: { to: 'a', password: 'b' } };
  observe({ type: 'approval.requested', ...call });
  expect(told.filter(({ type }) => type !== 'new_request')).toMatchObject([
    {
      type: 'run_entry',
      channel: 'run:req_1',
      data: { type: 'approval_requested', ...call, arguments: { to: 'a', password: '[redacted]' } },
    },
  ]);
});

describe('stopping', () => {
  test('asks the run once, and says so', async () => {
    const { runs, stop, types } = open();
    await expect(runs.stop('req_1')).resolves.toMatchObject({ id: 'req_1', state: 'stopping' });
    await expect(runs.stop('req_1')).resolves.toMatchObject({ state: 'stopping' });
    expect(stop).toHaveBeenCalledTimes(1);
    await pass(250);
    expect(types('requests')).toEqual(['new_request', 'request_progress']);
  });

  test('goes nowhere for a run that is not there', async () => {
    const { runs } = open();
    await expect(runs.stop('other')).resolves.toBeNull();
  });
});

test('nothing is left of a run after its end but its channel, for a while', async () => {
  const { feed, runs, observe } = open();
  observe(started, text('a '));
  runs.end('req_1');
  // The channel's own.
  expect(vi.getTimerCount()).toBe(1);
  expect(feed.subscribe('run:req_1', { epoch: feed.epoch, seq: 0 }, () => {}).missed).toHaveLength(2);
});
