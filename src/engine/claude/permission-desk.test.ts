import type { PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, test, vi } from 'vitest';
import type { ApprovalVerdict, Approver, TurnEvent } from '../../turn/index.ts';
import { type AskTreatment, PermissionDesk } from './permission-desk.ts';

const asker = { recordId: 'req_1', turnId: 'turn_1', owner: 'local' };

function open() {
  const steps: string[] = [];
  const interrupt = vi.fn();
  const desk = new PermissionDesk({
    remote: {
      find: (name) =>
        name.startsWith('mcp__') ? { server: { label: 'mail' }, name: 'send', readOnly: false } : undefined,
      needsApproval: (name) => name === 'mcp__mail__send',
    },
    changes: () => ({
      before: async ({ toolUseId }) => void steps.push(`before ${toolUseId}`),
      after: async (toolUseId) => void steps.push(`after ${toolUseId}`),
    }),
    interrupt,
  });
  const answers: ((verdict: ApprovalVerdict) => void)[] = [];
  const approver: Approver = {
    ask: ({ callId }, signal) => {
      steps.push(`ask ${callId}`);
      signal.addEventListener('abort', () => steps.push(`withdraw ${callId}`));
      const answer = new Promise<ApprovalVerdict>((resolve) => answers.push(resolve));
      return { id: `appr_${callId}`, expiresAt: 5000, answer };
    },
  };
  const here: AskTreatment = { kind: 'here', approver, asker };
  const decide = (callId: string, name = 'Write', input = { file_path: callId }) => {
    const abort = new AbortController();
    let settled: PermissionResult | null | undefined;
    const result = desk.decide(name, input, { signal: abort.signal, toolUseID: callId, requestId: 'r' });
    void result.then((value) => {
      settled = value;
    });
    return { result, abort, settled: () => settled };
  };
  const next = async (): Promise<TurnEvent[]> => {
    await desk.told();
    return desk.take();
  };
  const answer = (verdict: Partial<ApprovalVerdict> & Pick<ApprovalVerdict, 'outcome'>): void =>
    answers.shift()?.({ by: 'ada', ...verdict });
  return { desk, here, decide, next, answer, steps, interrupt };
}

describe('asked here', () => {
  test('a call waits for its answer; files that change meanwhile are not its doing', async () => {
    const { desk, here, decide, next, answer, steps } = open();
    desk.begin(here);
    const { result } = decide('1');
    expect(await next()).toEqual([
      {
        ...{ type: 'approval.asked', approvalId: 'appr_1', callId: '1', name: 'Write' },
        ...{ input: { file_path: '1' }, expiresAt: 5000 },
      },
    ]);
    answer({ outcome: 'allow' });
    expect(await result).toEqual({ behavior: 'allow', updatedInput: { file_path: '1' } });
    expect(desk.take()).toEqual([
      {
        ...{ type: 'approval.answered', approvalId: 'appr_1', callId: '1', name: 'Write' },
        ...{ outcome: 'allow', by: 'ada' },
      },
    ]);
    expect(steps).toEqual(['after 1', 'ask 1', 'before 1']);
    expect(desk.end()).toEqual([]);
  });

  test.each<[Partial<ApprovalVerdict> & Pick<ApprovalVerdict, 'outcome'>, string]>([
    [{ outcome: 'deny' }, 'declined'],
    [{ outcome: 'deny', message: 'Use the other file.' }, 'Use the other file.'],
    [{ outcome: 'expired', by: null }, 'Nobody answered'],
  ])('a denial is told to agent and client: %j', async (verdict, words) => {
    const { desk, here, decide, next, answer } = open();
    desk.begin(here);
    const { result } = decide('1');
    await next();
    answer(verdict);
    const message = expect.stringContaining(words);
    expect(await result).toEqual({ behavior: 'deny', message });
    expect(desk.take()).toMatchObject([
      { type: 'approval.answered', outcome: verdict.outcome },
      { type: 'notice', code: 'tool_denied', message },
    ]);
  });

  test('what is allowed for the run is free until it ends, and no longer', async () => {
    const { desk, here, decide, next, answer, steps } = open();
    desk.begin(here);
    const first = decide('1');
    await next();
    answer({ outcome: 'allow_for_run' });
    await first.result;
    expect(await decide('2').result).toMatchObject({ behavior: 'allow' });
    desk.end();
    desk.begin(here);
    decide('3');
    await next();
    expect(steps.filter((step) => step.startsWith('ask'))).toEqual(['ask 1', 'ask 3']);
  });

  test('at the end of the turn a question is taken back, and put anew in the next', async () => {
    const { desk, here, decide, next, answer, steps } = open();
    desk.begin(here);
    const { result, settled } = decide('1');
    await next();
    expect(desk.end()).toMatchObject([{ type: 'approval.answered', outcome: 'withdrawn', by: null }]);
    expect(steps.at(-1)).toBe('withdraw 1');
    answer({ outcome: 'withdrawn', by: null });
    await Promise.resolve();
    expect(settled()).toBeUndefined();
    desk.begin(here);
    await next();
    answer({ outcome: 'allow' });
    expect(await result).toMatchObject({ behavior: 'allow' });
  });

  test('a call that is made between turns waits for the next', async () => {
    const { desk, here, decide, next, answer } = open();
    const { result } = decide('1');
    desk.begin(here);
    await next();
    answer({ outcome: 'allow' });
    expect(await result).toMatchObject({ behavior: 'allow' });
  });
});

describe('asked of the client', () => {
  test('the calls of a message are told together once it is whole, and the engine is stopped', async () => {
    const { desk, decide, interrupt } = open();
    desk.begin({ kind: 'client', approved: [] });
    const [first, second] = [decide('1'), decide('2')];
    expect(desk.take()).toEqual([]);
    desk.askClient();
    expect(desk.take()).toMatchObject([
      { type: 'approval.requested', callId: '1', server: 'claude_code', name: 'Write' },
      { type: 'approval.requested', callId: '2', arguments: { file_path: '2' } },
    ]);
    desk.askClient();
    expect(interrupt).toHaveBeenCalledTimes(1);
    for (const { abort } of [first, second]) abort.abort();
    expect(await first.result).toMatchObject({ behavior: 'deny' });
    desk.end();
    desk.begin({ kind: 'deny', message: 'no' });
    expect(desk.take()).toEqual([]);
  });

  test('a call that it has approved is made, and no other', async () => {
    const { desk, decide } = open();
    const call = { server: 'claude_code', name: 'Write', arguments: { file_path: '1' } };
    desk.begin({ kind: 'client', approved: [call] });
    expect(await decide('1').result).toMatchObject({ behavior: 'allow' });
    expect(decide('2').settled()).toBeUndefined();
  });
});

test('where nobody is asked, the agent is told so', async () => {
  const { desk, decide, steps } = open();
  desk.begin({ kind: 'deny', message: 'Nobody is here.' });
  expect(await decide('1').result).toEqual({ behavior: 'deny', message: 'Nobody is here.' });
  expect(desk.take()).toEqual([{ type: 'notice', code: 'tool_denied', message: 'Write: Nobody is here.' }]);
  expect(steps).toEqual([]);
});

test('a tool of the client’s own is the client’s to permit', async () => {
  const { desk, here } = open();
  desk.begin(here);
  const asked = { signal: new AbortController().signal, toolUseID: '1', requestId: 'r' };
  const mcpServer = { name: 'client', source: 'sdk' };
  expect(await desk.decide('get_weather', {}, { ...asked, mcpServer })).toMatchObject({ behavior: 'allow' });
  expect(desk.take()).toEqual([]);
});

test('tools of servers follow the rules of their own', async () => {
  const { desk, here, decide, steps } = open();
  desk.begin(here);
  expect(await decide('1', 'mcp__mail__read').result).toMatchObject({ behavior: 'allow' });
  decide('2', 'mcp__mail__send');
  await Promise.resolve();
  expect([desk.take(), steps]).toEqual([[], []]);
});
