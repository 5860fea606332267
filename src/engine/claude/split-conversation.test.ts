import { describe, expect, test } from 'vitest';
import { fingerprints, type Message, type UserMessage, type UserPart } from '../../turn/index.ts';
import { resultsFor, splitConversation } from './split-conversation.ts';

const text = (value: string) => ({ type: 'text', text: value }) as const;
const user = (...parts: UserPart[]): UserMessage => ({ role: 'user', parts });
const assistant = (value: string): Message => ({ role: 'assistant', parts: [text(value)] });
const result = (callId: string): UserPart => ({ type: 'tool-result', callId, content: [text(callId)] });

describe('splitting a conversation', () => {
  test('a first question has no past', () => {
    const messages = [user(text('a')), user(text('b'))];
    expect(splitConversation(messages)).toEqual({
      past: [],
      pastFingerprints: [],
      conversation: undefined,
      asked: messages,
    });
  });

  test('what is asked is all since the last answer', () => {
    const messages = [user(text('a')), assistant('b'), user(text('c')), assistant('d'), user(text('e'))];
    const split = splitConversation(messages);
    expect(split.past).toEqual(messages.slice(0, 4));
    expect(split.asked).toEqual(messages.slice(4));
    expect(split.pastFingerprints).toEqual(fingerprints(messages).slice(0, 4));
    expect(split.conversation).toBe(fingerprints(messages)[3]);
  });

  test('a conversation that ends with an answer asks nothing', () => {
    expect(splitConversation([user(text('a')), assistant('b')]).asked).toEqual([]);
  });
});

describe('results for parked calls', () => {
  test('are taken where they answer exactly these calls, in any order and over several messages', () => {
    expect(resultsFor(['c1', 'c2'], [user(result('c2')), user(result('c1'))])).toEqual([
      result('c2'),
      result('c1'),
    ]);
  });

  test.each<[string, UserMessage[]]>([
    ['one is missing', [user(result('c1'))]],
    ['one is of another call', [user(result('c1'), result('c3'))]],
    ['there is one too many', [user(result('c1'), result('c2'), result('c3'))]],
    ['the user says something besides', [user(result('c1'), result('c2'), text('and hurry'))]],
    ['there are none', [user(text('never mind'))]],
    ['nothing is asked', []],
  ])('are not taken where %s', (_, asked) => {
    expect(resultsFor(['c1', 'c2'], asked)).toBeUndefined();
  });
});
