import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { type ApprovalChange, PendingApprovals } from './pending-approvals.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const run = { keyId: 'key_1', keyName: 'ci', model: 'opus', profile: 'agent' };

function open() {
  const { audit, entries, onProblem } = createAccessParts();
  const approvals = new PendingApprovals({
    audit,
    timeoutMs: () => 5_000,
    findRun: (id) => (id === 'req_1' ? run : null),
    showInput: (input) => ({ ...input, shown: true }),
    onProblem,
  });
  const told: ApprovalChange[] = [];
  approvals.onChange((change) => told.push(change));
  const stop = new AbortController();
  const ask = (more: { recordId?: string; turnId?: string; owner?: string } = {}) =>
    approvals.ask(
      {
        ...{ recordId: 'req_1', turnId: 'turn_1', owner: 'key_1', callId: 'toolu_1', name: 'Bash' },
        input: { command: 'ls' },
        ...more,
      },
      stop.signal,
    );
  return { approvals, entries, told, stop, ask };
}

test('a question tells who asks what, until when', () => {
  const { approvals, told, ask } = open();
  const { id, expiresAt } = ask();
  expect(expiresAt).toBe(6_000);
  const approval = {
    ...{ id, runId: 'req_1', choice: 0, callId: 'toolu_1', server: null, name: 'Bash' },
    input: { command: 'ls', shown: true },
    ...{ requestedAt: 1_000, expiresAt },
    ...run,
  };
  expect(approvals.list()).toEqual([approval]);
  expect(told).toEqual([{ type: 'requested', approval }]);
});

test('of a request for several answers it names the one; of a run that nobody knows, what it can', () => {
  const { approvals, ask } = open();
  ask({ recordId: 'req_2', turnId: 'turn_1-2' });
  expect(approvals.list()).toMatchObject([{ runId: 'req_2', choice: 2, keyId: null, model: null }]);
});

describe('an answer', () => {
  test.each(['allow', 'allow_for_run', 'deny'] as const)('%s ends the question, once', async (decision) => {
    const { approvals, entries, told, ask } = open();
    const { id, answer } = ask();
    const outcome = { id, runId: 'req_1', outcome: decision, by: admin.name };
    await expect(approvals.answer(id, { decision, message: 'why' }, admin)).resolves.toMatchObject(outcome);
    await expect(answer).resolves.toEqual({ outcome: decision, by: admin.name, message: 'why' });
    expect(told.at(-1)).toEqual({ type: 'ended', outcome });
    expect(approvals.list()).toEqual([]);
    expect(entries.entries).toMatchObject([
      {
        action: 'approval.answered',
        target: 'req_1',
        actor: admin.name,
        details: { decision, tool: 'Bash', message: 'why' },
      },
    ]);
    await expect(approvals.answer(id, { decision: 'deny' }, admin)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(entries.entries).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of somebody else’s key counts for nothing', async () => {
    const { approvals, ask } = open();
    const { id } = ask();
    expect(approvals.list('key_2')).toEqual([]);
    await expect(approvals.answer(id, { decision: 'allow' }, admin, 'key_2')).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(approvals.list('key_1')).toHaveLength(1);
    await expect(approvals.answer(id, { decision: 'allow' }, admin, 'key_1')).resolves.toBeDefined();
  });
});

test('a question that nobody answers expires', async () => {
  const { approvals, told, ask } = open();
  const { id, answer } = ask();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(approvals.list()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await expect(answer).resolves.toEqual({ outcome: 'expired', by: null });
  expect(told.at(-1)).toMatchObject({ type: 'ended', outcome: { id, outcome: 'expired', by: null } });
  expect(approvals.list()).toEqual([]);
});

test('a run that ends takes its questions back, also those that it puts too late', async () => {
  const { approvals, told, stop, ask } = open();
  const { answer } = ask();
  stop.abort();
  await expect(answer).resolves.toEqual({ outcome: 'withdrawn', by: null });
  await expect(ask().answer).resolves.toEqual({ outcome: 'withdrawn', by: null });
  expect(told.map(({ type }) => type)).toEqual(['requested', 'ended', 'requested', 'ended']);
  expect(approvals.list()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
