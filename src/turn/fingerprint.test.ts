import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extendFingerprint, fingerprints } from './fingerprint.ts';
import type { JsonObject } from './json.ts';
import type { AssistantPart, Message, UserPart } from './message.ts';

const user = (...parts: UserPart[]): Message => ({ role: 'user', parts });
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const call = (callId: string, name: string, args: JsonObject = {}): AssistantPart => ({
  type: 'tool-call',
  callId,
  name,
  arguments: args,
});
const of = (...messages: Message[]): string | undefined => fingerprints(messages).at(-1);

const anyText = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(' a b\n', 'a\tb', ' '));
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.array(anyText.map(text), { maxLength: 3 }).map((parts) => user(...parts)),
  fc
    .array(
      fc.oneof(
        anyText.map(text),
        fc.tuple(anyText, anyText).map(([id, name]) => call(id, name)),
      ),
      {
        maxLength: 3,
      },
    )
    .map((parts) => assistant(...parts)),
);
const anyConversation = fc.array(anyMessage, { maxLength: 5 });

test('extending message by message gives the fingerprints of the whole', () => {
  fc.assert(
    fc.property(anyConversation, (messages) => {
      let last: string | undefined;
      const extended = messages.map((message) => {
        last = extendFingerprint(last, message);
        return last;
      });
      expect(extended).toEqual(fingerprints(messages));
    }),
  );
});

test('what comes later does not change the fingerprints of what came before', () => {
  fc.assert(
    fc.property(anyConversation, anyConversation, (before, after) => {
      expect(fingerprints([...before, ...after]).slice(0, before.length)).toEqual(fingerprints(before));
    }),
  );
});

describe('the same conversation', () => {
  test("white space of the assistant's text does not count", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 6 });
    const gap = fc.stringMatching(/^[ \n\t\r\u00a0]{0,3}$/);
    fc.assert(
      fc.property(words, gap, gap, (spoken, oneGap, otherGap) => {
        expect(of(assistant(text(oneGap + spoken.join(oneGap))))).toBe(
          of(assistant(text(spoken.join(otherGap) + otherGap))),
        );
      }),
    );
  });

  test.each<[string, Message, Message]>([
    [
      "an assistant's text in one part or several",
      assistant(text('one '), text('two')),
      assistant(text('one\ntwo')),
    ],
    [
      'an empty text beside a call, or none',
      assistant(text(''), call('c1', 'look')),
      assistant(call('c1', 'look')),
    ],
    [
      "a call's arguments in another order",
      assistant(call('c1', 'look', { a: 1, b: { c: 2, d: 3 } })),
      assistant(call('c1', 'look', { b: { d: 3, c: 2 }, a: 1 })),
    ],
  ])('%s', (_, one, other) => {
    expect(of(one)).toBe(of(other));
  });
});

describe('another conversation', () => {
  const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
  const pdf = { type: 'document', source: png, filename: 'a.pdf' } as const;
  const result = (callId: string, value: string): UserPart => ({
    type: 'tool-result',
    callId,
    content: [text(value)],
  });

  test.each<[string, Message[], Message[]]>([
    ["white space of the user's text", [user(text('a b'))], [user(text('ab'))]],
    ["white space at the end of the user's text", [user(text('a'))], [user(text('a '))]],
    ["case of the assistant's text", [assistant(text('a'))], [assistant(text('A'))]],
    ['who said it', [user(text('a'))], [assistant(text('a'))]],
    ['one message or two', [user(text('a'), text('b'))], [user(text('a')), user(text('b'))]],
    ['order of messages', [user(text('a')), user(text('b'))], [user(text('b')), user(text('a'))]],
    ['id of a call', [assistant(call('c1', 'look'))], [assistant(call('c2', 'look'))]],
    ['name of a call', [assistant(call('c1', 'look'))], [assistant(call('c1', 'see'))]],
    [
      'white space in the arguments of a call',
      [assistant(call('c1', 'look', { at: 'a b' }))],
      [assistant(call('c1', 'look', { at: 'ab' }))],
    ],
    [
      'order of calls',
      [assistant(call('c1', 'look'), call('c2', 'see'))],
      [assistant(call('c2', 'see'), call('c1', 'look'))],
    ],
    ['the call that a result answers', [user(result('c1', 'x'))], [user(result('c2', 'x'))]],
    ['content of a result', [user(result('c1', 'x'))], [user(result('c1', 'x '))]],
    ['a result or a text', [user(result('c1', 'x'))], [user(text('x'))]],
    [
      'data of an image',
      [user({ type: 'image', source: png })],
      [user({ type: 'image', source: { ...png, data: 'BBBB' } })],
    ],
    [
      'media type of an image',
      [user({ type: 'image', source: png })],
      [user({ type: 'image', source: { ...png, mediaType: 'image/jpeg' } })],
    ],
    [
      'address of an image',
      [user({ type: 'image', source: { kind: 'url', url: 'https://a.example/1' } })],
      [user({ type: 'image', source: { kind: 'url', url: 'https://a.example/2' } })],
    ],
    [
      'an image or a document',
      [user({ type: 'image', source: png })],
      [user({ type: 'document', source: png })],
    ],
    ['name of a document', [user(pdf)], [user({ ...pdf, filename: 'b.pdf' })]],
    [
      'text of a document',
      [user({ type: 'document', source: { kind: 'text', text: 'a' } })],
      [user({ type: 'document', source: { kind: 'text', text: 'b' } })],
    ],
    [
      'a document of text, or of data that reads the same',
      [user({ type: 'document', source: { kind: 'text', text: 'AAAA' } })],
      [user({ type: 'document', source: png })],
    ],
  ])('%s counts', (_, one, other) => {
    expect(of(...one)).not.toBe(of(...other));
  });
});

test('the empty conversation has no fingerprint, and an empty message gives one', () => {
  expect(fingerprints([])).toEqual([]);
  expect(of(user())).not.toBe(of(user(), user()));
});
