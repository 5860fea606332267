import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WireError } from '../../openai/index.ts';
import { TurnError } from '../../turn/index.ts';
import type { Repetition } from './repetition.ts';
import { RunsUnderWay } from './runs-under-way.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const first: Repetition = {
  deliberate: false,
  content: 'c',
  tries: 0,
  timeoutMs: 20_000,
  timeoutTold: true,
  client: 'OpenAI/JS',
};
const again: Repetition = { ...first, tries: 1 };
const keyed: Repetition = { deliberate: true, content: 'c', key: 'k', timeoutTold: false, client: 'x' };

function open(keptBytes = 1000) {
  const runs = new RunsUnderWay({ graceMs: () => 60_000, limits: { answerBytes: 100, keptBytes } });
  const begin = (repetition: Repetition) =>
    runs.begin(repetition, { requestId: 'req_1', answerId: () => undefined, headers: () => ({}) });
  return { runs, begin };
}

test('a repetition finds the run whose client has gone, and only one of them does', () => {
  const { runs, begin } = open();
  const run = begin(first);
  expect(runs.find(again)).toBeUndefined();
  run.leave(60_000);
  expect(runs.find(first)).toBeUndefined();
  expect(runs.find({ ...again, client: 'another' })).toBeUndefined();
  expect(runs.find({ ...again, content: 'd' })).toBeUndefined();
  expect(runs.find(again)).toBe(run);
  run.arrive(1);
  expect(runs.find(again)).toBeUndefined();
  run.leave(60_000);
  expect(runs.find(again)).toBeUndefined();
  expect(runs.find({ ...again, tries: 2 })).toBe(run);
});

test('one behind a proxy that keeps the connection is found once the time-out is over', () => {
  const { runs, begin } = open();
  const run = begin(first);
  vi.advanceTimersByTime(19_000);
  expect(runs.find(again)).toBeUndefined();
  vi.advanceTimersByTime(1_500);
  expect(runs.find(again)).toBe(run);
});

test('a run that nobody comes back to is stopped when the time is over, and not before', () => {
  const { runs, begin } = open();
  const run = begin(first);
  run.leave(5_000);
  vi.advanceTimersByTime(4_999);
  expect(run.abandoned.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(run.abandoned.reason).toMatchObject({ name: 'ClientGone' });
  expect(runs.find(again)).toBeUndefined();
});

test('a run goes on while one waits for it, and is stopped at once when the last will not come back', () => {
  const { begin } = open();
  const run = begin(first);
  run.leave(5_000);
  run.arrive(1);
  vi.advanceTimersByTime(10_000);
  expect(run.abandoned.aborted).toBe(false);
  run.leave(0);
  expect(run.abandoned.aborted).toBe(true);
});

test('an answer is kept for its time, and the run that gave it is never stopped', () => {
  const { runs, begin } = open();
  const run = begin(keyed);
  run.whole(200, { said: 'yes' }, {});
  runs.end(run);
  run.leave(60_000);
  expect(runs.find(keyed)).toBe(run);
  vi.advanceTimersByTime(60_000);
  expect(runs.find(keyed)).toBeUndefined();
  expect(run.abandoned.aborted).toBe(false);
});

test.each<[string, unknown, boolean]>([
  ['a refusal', undefined, false],
  ['a failure before the agent acted', new TurnError('not_logged_in', 'No.'), false],
  ['the failure of an agent that had acted', new TurnError('overloaded', 'No.', { agentActed: true }), true],
])('%s is kept for a repetition: %o %s', (_, cause, isKept) => {
  const { runs, begin } = open();
  const run = begin(keyed);
  run.refuse(new WireError({ status: 503, type: 'server_error', message: 'No.', cause }));
  expect(runs.find(keyed) === run).toBe(isKept);
});

test('a stream that its client has begun to read is joined by key alone', () => {
  const { runs, begin } = open();
  const [plain, named] = [begin(first), begin(keyed)];
  plain.begin();
  named.begin();
  plain.leave(5_000);
  expect(runs.find(again)).toBeUndefined();
  expect(runs.find(keyed)).toBe(named);
});

test('a key stands for one request', () => {
  const { runs, begin } = open();
  begin(keyed);
  expect(() => runs.find({ ...keyed, content: 'other' })).toThrow(
    expect.objectContaining({ status: 422, code: 'idempotency_key_reused' }),
  );
});

test('an answer too long to be kept is not told again, nor is its agent run again', async () => {
  const { runs, begin } = open();
  const run = begin(keyed);
  run.begin();
  await run.frames('x'.repeat(101));
  expect(() => runs.find(keyed)).toThrow(expect.objectContaining({ status: 409, shouldRetry: false }));
});

test('of all kept answers the oldest give way', () => {
  const { runs, begin } = open(50);
  const answers = ['a', 'b'].map((key) => {
    const run = begin({ ...keyed, key });
    run.whole(200, 'x'.repeat(40), {});
    runs.end(run);
    run.leave(60_000);
    return run;
  });
  expect(() => runs.find({ ...keyed, key: 'a' })).toThrow(expect.objectContaining({ status: 409 }));
  expect(runs.find({ ...keyed, key: 'b' })).toBe(answers[1]);
});

test('a server that closes stops what nobody waits for', () => {
  const { runs, begin } = open();
  const [waiting, left] = [begin(first), begin(keyed)];
  left.leave(60_000);
  runs.close();
  expect([waiting.abandoned.aborted, left.abandoned.aborted]).toEqual([false, true]);
  expect(runs.graceMs).toBe(0);
});
