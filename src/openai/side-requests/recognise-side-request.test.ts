import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Message } from '../../turn/index.ts';
import { clientSideRequests } from '../testing/side-requests.ts';
import { type AskedText, askedText, recogniseSideRequest } from './recognise-side-request.ts';
import { sideRequestRules, type TextMarks } from './side-request-rules.ts';

const nothing: AskedText = { system: '', question: '', afterConversation: false };
const recognise = (asked: Partial<AskedText>) => recogniseSideRequest({ ...nothing, ...asked });

const marksOf = ({ opens, has = [], ends }: TextMarks = {}): string[] =>
  [opens, ...has, ends].filter((mark) => mark !== undefined);

/** A text that shows just these marks. */
const textWith = ({ opens = '', has = [], ends = '' }: TextMarks = {}): string =>
  [opens, ...has, ends].filter((mark) => mark !== '').join('\n\n');

const rules = sideRequestRules.map((rule) => [`${rule.client}, ${rule.kind}`, rule] as const);

function textOf(role: string, { messages }: (typeof clientSideRequests)[number]): string {
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return messages
    .filter((message, index) => message.role === role && index > (role === 'system' ? -1 : last))
    .map(({ content }) => content)
    .join('\n');
}

describe('what clients send', () => {
  test.each(clientSideRequests.map((request) => [request.client, request.kind, request] as const))(
    '%s: %s',
    (_, kind, request) => {
      const asked = {
        system: textOf('system', request),
        question: textOf('user', request),
        afterConversation: request.messages.some(({ role }) => role === 'assistant'),
      };
      expect(recognise(asked)).toBe(kind);
      const loose = (text: string): string => ` \n${text.replaceAll('\n', '\r\n')}\n\n`;
      expect(recognise({ ...asked, system: loose(asked.system), question: loose(asked.question) })).toBe(
        kind,
      );
    },
  );

  it('has an example for every rule', () => {
    const covered = new Set(
      clientSideRequests.map((request) => {
        const [system, question] = [textOf('system', request), textOf('user', request)];
        return sideRequestRules.find(
          (rule) =>
            rule.kind === request.kind &&
            marksOf(rule.system).every((mark) => loosely(system).includes(loosely(mark))) &&
            marksOf(rule.question).every((mark) => loosely(question).includes(loosely(mark))),
        );
      }),
    );
    expect(sideRequestRules.filter((rule) => !covered.has(rule))).toEqual([]);
  });
});

test('the documentation names every client with what it asks for', () => {
  const page = readFileSync(new URL('../../../docs/side-requests.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  for (const { client, kind } of sideRequestRules) {
    const told = rows.some((row) => row.startsWith(`| ${client} |`) && row.includes(`\`${kind}\``));
    expect(told, `${client}: ${kind}`).toBe(true);
  }
});

const loosely = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase();

describe('every rule', () => {
  test.each(rules)('%s: asks for two marks or more', (_, { system, question }) => {
    expect([...marksOf(system), ...marksOf(question)].length).toBeGreaterThanOrEqual(2);
  });

  test.each(rules)('%s: with all its marks it holds, with one missing it does not', (_, rule) => {
    const asked = { system: textWith(rule.system), question: textWith(rule.question) };
    expect(recognise(asked)).toBe(rule.kind);
    for (const where of ['system', 'question'] as const) {
      for (const mark of marksOf(rule[where])) {
        expect(recognise({ ...asked, [where]: asked[where].replaceAll(mark, '') })).toBeUndefined();
      }
    }
  });

  test.each(rules)('%s: amid a conversation only where its client asks there', (_, rule) => {
    const asked = {
      system: textWith(rule.system),
      question: textWith(rule.question),
      afterConversation: true,
    };
    expect(recognise(asked)).toBe(rule.afterConversation ? rule.kind : undefined);
  });
});

describe('what a person writes', () => {
  test.each([
    'Generate a title',
    'Generate a title for this conversation:',
    'Generate a concise, 3-5 word title for my essay on Oslo.',
    '### Task:\nGenerate a concise, 3-5 word title for my essay.\n### Output:\nJSON format: { "title": "" }',
    'Generate a concise 3-7 word title for this conversation, omitting punctuation.',
    'Please generate a four to five word title summarizing our conversation.',
    'Suggest 3-5 relevant follow-up questions.',
    'Give this conversation a name. Keep it short.',
    'Based on the chat history, give this conversation a name.',
    'Please write a brief title for the following request:\n\nFix the build',
    'You are a title generator. You output ONLY a thread title. Nothing else.',
    'Summarise our conversation in a title of five words or less.',
    'What does <fim_prefix> mean, and what <fim_suffix> and <fim_middle>?',
    'Complete: <fim_prefix>let a =',
    'Write a template that begins with "### Task:" and ends with </chat_history>',
  ])('%j is no side request', (question) => {
    expect(recognise({ question })).toBeUndefined();
    expect(recognise({ question, system: 'You are a helpful assistant.' })).toBeUndefined();
    expect(recognise({ question, afterConversation: true })).toBeUndefined();
  });

  it('is none where it asks about the prompt of a client', () => {
    for (const request of clientSideRequests) {
      const question = textOf('user', request);
      expect(recognise({ question: `Why does my server get this?\n\n${question}` })).toBeUndefined();
    }
  });

  it('is none whatever stands before a prompt', () => {
    const opened = rules.filter(([, { question }]) => question?.opens !== undefined);
    fc.assert(
      fc.property(fc.constantFrom(...opened), fc.string({ minLength: 1 }), (named, before) => {
        fc.pre(before.trim() !== '');
        const [, rule] = named;
        const question = `${before} ${textWith(rule.question)}`;
        expect(recognise({ system: textWith(rule.system), question })).toBeUndefined();
      }),
    );
  });

  it('is none in any words but a client’s', () => {
    const words = fc.constantFrom(...sideRequestRules.flatMap(({ question }) => marksOf(question)), 'a', ' ');
    fc.assert(
      fc.property(fc.string(), fc.array(words, { maxLength: 1 }), (own, marks) => {
        expect(recognise({ question: [...marks, own].join(' ') })).toBeUndefined();
        expect(recognise({ system: [...marks, own].join(' '), question: own })).toBeUndefined();
      }),
    );
  });
});

describe('what is asked', () => {
  const text = (content: string) => ({ type: 'text', text: content }) as const;
  const image = { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } } as const;

  it('is all that the user said since the last answer', () => {
    const messages: Message[] = [
      { role: 'user', parts: [text('one')] },
      { role: 'assistant', parts: [text('two')] },
      { role: 'user', parts: [text('three')] },
      { role: 'user', parts: [text('four'), text('five')] },
    ];
    const system = 'Be terse.';
    expect(askedText(system, messages)).toEqual({
      system,
      question: 'three\nfour\nfive',
      afterConversation: true,
    });
    expect(askedText(system, messages.slice(0, 1))).toEqual({
      system,
      question: 'one',
      afterConversation: false,
    });
  });

  test.each<[string, Message[]]>([
    ['a picture', [{ role: 'user', parts: [text('one'), image] }]],
    ['a result', [{ role: 'user', parts: [{ type: 'tool-result', callId: 'c', content: [] }, text('x')] }]],
    ['nothing', []],
  ])('is no words alone with %s', (_, messages) => {
    expect(askedText('', messages)).toBeUndefined();
  });
});
