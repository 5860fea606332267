import { describe, expect, test } from 'vitest';
import type { AssistantMessage, JsonObject, Message, UserMessage, UserPart } from '../../turn/index.ts';
import type { TranscriptEntry } from '../ports.ts';
import { type ConversationPlan, type PlanInput, planConversation } from './plan-conversation.ts';

const user = (...parts: UserPart[]): UserMessage => ({ role: 'user', parts });
const says = (value: string): UserMessage => user({ type: 'text', text: value });
const answers = (value: string): AssistantMessage => ({
  role: 'assistant',
  parts: [{ type: 'text', text: value }],
});
const calls = (callId: string): AssistantMessage => ({
  role: 'assistant',
  parts: [{ type: 'tool-call', callId, name: 'look', arguments: {} }],
});
const result = (callId: string): UserMessage =>
  user({ type: 'tool-result', callId, content: [{ type: 'text', text: `result ${callId}` }] });

function stored(
  uuid: string,
  type: 'user' | 'assistant',
  content: unknown,
  sessionId = 's1',
): TranscriptEntry {
  return { type, uuid, sessionId, message: { role: type, id: `msg-${uuid}`, content } };
}
const finished = [
  stored('e1', 'user', 'q1'),
  stored('e2', 'assistant', [{ type: 'text', text: 'a1' }]),
] as const;
const parked = [
  ...finished,
  stored('e3', 'user', 'q2', 's2'),
  stored('e4', 'assistant', [{ type: 'tool_use', id: 'c1', name: 'look', input: {} }], 's2'),
] as const;

const base = { stored: [], past: [], model: 'sonnet', cwd: '/work' } as const;
const injecting = (input: Partial<PlanInput>): ConversationPlan =>
  planConversation({ ...base, asked: [says('now')], canInject: true, ...input });
const resuming = (input: Partial<PlanInput>): ConversationPlan =>
  planConversation({ ...base, asked: [says('now')], canInject: false, ...input });

/** All that the model will be given, as role and shortened content, in order. */
function whole({ inherited, synthesised, inject, query }: ConversationPlan): string[] {
  const messages = [
    ...inherited.map(({ message }) => message),
    ...synthesised.map(({ message }) => message),
    ...inject.map(({ message }) => message),
    ...(query === undefined ? [] : [query.message]),
  ] as JsonObject[];
  return messages.map(({ role, content }) => `${String(role)}: ${brief(content)}`);
}

function brief(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as JsonObject[])
    .map((block) => {
      if (block['type'] === 'tool_use') return `call ${String(block['id'])}`;
      if (block['type'] === 'tool_result') return `result ${String(block['tool_use_id'])}`;
      return String(block['text']);
    })
    .join(' + ');
}

const longPast: Message[] = Array.from({ length: 13 }, (_, nth) => [
  says(`q${nth}`),
  answers(`a${nth}`),
]).flat();

describe('with and without injection, the model is given the same conversation', () => {
  test.each<[string, Partial<PlanInput>, string[]]>([
    ['a first question', {}, ['user: now']],
    [
      "the client's own history",
      { past: [says('q1'), answers('a1')] },
      ['user: q1', 'assistant: a1', 'user: now'],
    ],
    ['a stored transcript', { stored: finished }, ['user: q1', 'assistant: a1', 'user: now']],
    [
      'a stored transcript and what the client added',
      { stored: finished, past: [says('q2'), answers('a2')] },
      ['user: q1', 'assistant: a1', 'user: q2', 'assistant: a2', 'user: now'],
    ],
    [
      "results for the stored transcript's open calls",
      { stored: parked, asked: [result('c1')] },
      ['user: q1', 'assistant: a1', 'user: q2', 'assistant: call c1', 'user: result c1'],
    ],
    [
      "results for open calls of the client's history",
      { past: [says('q1'), calls('c1')], asked: [result('c1')] },
      ['user: q1', 'assistant: call c1', 'user: result c1'],
    ],
    [
      'a turn of the stored transcript that the client finished otherwise',
      { stored: parked, past: [result('c1'), answers('cut short')] },
      [
        'user: q1',
        'assistant: a1',
        'user: q2',
        'assistant: call c1',
        'user: result c1',
        'assistant: cut short',
        'user: now',
      ],
    ],
    [
      'a turn of the stored transcript that goes on with calls the store does not know',
      { stored: parked, past: [result('c1'), calls('c2')], asked: [result('c2')] },
      [
        'user: q1',
        'assistant: a1',
        'user: q2',
        'assistant: call c1',
        'user: result c1',
        'assistant: call c2',
        'user: result c2',
      ],
    ],
  ])('%s', (_, input, expected) => {
    expect(whole(injecting(input))).toEqual(expected);
    expect(whole(resuming(input))).toEqual(expected);
  });
});

describe('a process that takes messages of the past', () => {
  test('is given a short history over its input', () => {
    const plan = injecting({ past: longPast.slice(0, 24) });
    expect(plan.inject).toHaveLength(24);
    expect(plan.synthesised).toEqual([]);
  });

  test('resumes a long history', () => {
    const plan = injecting({ past: longPast });
    expect(plan.inject).toEqual([]);
    expect(plan.synthesised).toHaveLength(26);
  });

  test('resumes a long history only up to the last finished turn', () => {
    const plan = injecting({ past: [...longPast, says('q'), calls('c1')], asked: [result('c1')] });
    expect(plan.synthesised).toHaveLength(26);
    expect(plan.inject.map(({ type }) => type)).toEqual(['user', 'assistant']);
  });

  test('is asked the last message only; those before it are told', () => {
    const plan = injecting({ asked: [says('first'), says('second')] });
    expect(plan.inject).toMatchObject([{ message: { content: 'first' }, shouldQuery: false }]);
    expect(plan.query).toMatchObject({ message: { content: 'second' } });
    expect(plan.query).not.toHaveProperty('shouldQuery');
  });

  test('is given all that follows an open turn the same way, however long', () => {
    const plan = injecting({ stored: parked, past: [result('c1'), ...longPast.slice(1)] });
    expect(plan.synthesised).toEqual([]);
    expect(plan.inject).toHaveLength(2 + 26);
  });

  test('cannot be asked nothing', () => {
    expect(() => injecting({ asked: [] })).toThrow();
  });
});

describe('a process that only resumes', () => {
  test('is asked all new messages at once', () => {
    const plan = resuming({ asked: [says('first'), says('second')] });
    expect(whole(plan)).toEqual(['user: first + second']);
    expect(plan.inject).toEqual([]);
  });

  test('goes on by itself where the transcript ends inside a turn', () => {
    const plan = resuming({ stored: parked, asked: [result('c1')] });
    expect(plan.query).toBeUndefined();
    expect(plan.inherited).toEqual(parked);
    expect(plan.synthesised).toHaveLength(1);
  });

  test('is asked where the last turn was finished', () => {
    expect(resuming({ past: longPast }).query).toBeDefined();
  });
});

describe('the point that the new session goes on from', () => {
  test('is none where nothing was stored', () => {
    expect(injecting({ past: longPast }).parent).toBeUndefined();
    expect(resuming({ past: longPast }).parent).toBeUndefined();
  });

  test('lies in the session of its entry, which may be an older one', () => {
    const parent = { sessionId: 's1', entryUuid: 'e2' };
    expect(injecting({ stored: finished }).parent).toEqual(parent);
    expect(resuming({ stored: finished }).parent).toEqual(parent);
    // Only the finished part is resumed, and that lies in the parent session.
    expect(injecting({ stored: parked, asked: [result('c1')] }).parent).toEqual(parent);
    expect(resuming({ stored: parked, asked: [result('c1')] }).parent).toEqual({
      sessionId: 's2',
      entryUuid: 'e4',
    });
  });

  test('what is added points at its entry', () => {
    const past = longPast;
    expect(injecting({ stored: finished, past }).synthesised[0]?.['parentUuid']).toBe('e2');
    expect(resuming({ stored: finished, past }).synthesised[0]?.['parentUuid']).toBe('e2');
    expect(resuming({ stored: parked, asked: [result('c1')] }).synthesised[0]?.['parentUuid']).toBe('e4');
  });

  test('is none where the open turn is the first: there is nothing finished to resume', () => {
    const plan = injecting({ stored: parked.slice(2), asked: [result('c1')] });
    expect(plan.parent).toBeUndefined();
    expect(plan.inherited).toEqual([]);
    expect(plan.inject).toHaveLength(2);
  });
});
