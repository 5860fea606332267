import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineTotals } from './claude/count-usage.ts';
import { ProcessFollower } from './follow-process.ts';

const totals: EngineTotals = {};
const forever = new Promise<never>(() => {});

function pending<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

afterEach(() => {
  vi.useRealTimers();
});

/** A process that says what it is told to. */
function fakeProcess() {
  const message = pending<SDKMessage | undefined>();
  const answer = pending<EngineTotals | undefined>();
  let questions = 0;
  return {
    message,
    answer,
    questions: () => questions,
    process: {
      next: () => message.promise,
      totals: () => {
        questions++;
        return answer.promise;
      },
      stop: () => forever,
      permissions: { told: () => forever },
    },
  };
}

describe('a process that is followed', () => {
  test('is heard of its messages while a question is open, and of the answer once', async () => {
    const { process, message, answer, questions } = fakeProcess();
    const follower = new ProcessFollower(process);
    follower.ask();
    follower.ask();
    expect([questions(), follower.canAsk]).toEqual([1, false]);
    message.resolve(undefined);
    expect(await follower.next()).toEqual({ kind: 'message', message: undefined });
    answer.resolve(totals);
    expect(await follower.next()).toEqual({ kind: 'totals', totals });
    expect(follower.canAsk).toBe(true);
    expect(await follower.next()).toEqual({ kind: 'message', message: undefined });
  });

  test('loses no message that comes in the same moment as an answer', async () => {
    const heard = pending<SDKMessage | undefined>();
    const messages = [heard.promise, forever];
    const answer = pending<EngineTotals | undefined>();
    const follower = new ProcessFollower({
      next: () => messages.shift() ?? forever,
      totals: () => answer.promise,
      stop: () => forever,
      permissions: { told: () => forever },
    });
    follower.ask();
    const first = follower.next();
    answer.resolve(totals);
    heard.resolve(undefined);
    expect(await first).toEqual({ kind: 'totals', totals });
    expect(await follower.next()).toEqual({ kind: 'message', message: undefined });
  });

  test('may fail to go on', async () => {
    const { process, message } = fakeProcess();
    message.reject(new Error('gone'));
    await expect(new ProcessFollower(process).next()).rejects.toThrow('gone');
  });

  test('is not waited for where it must end at once', async () => {
    const { process, questions } = fakeProcess();
    expect(await new ProcessFollower(process).lastTotals('none')).toBeUndefined();
    expect(questions()).toBe(0);
  });

  test('is not waited for long where it does not tell', async () => {
    vi.useFakeTimers();
    const follower = new ProcessFollower(fakeProcess().process);
    const ends = Promise.all([follower.lastTotals('ask'), follower.lastTotals('stop')]);
    await vi.runAllTimersAsync();
    expect(await ends).toEqual([undefined, undefined]);
  });
});
