import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type FilesChanged, fingerprints, noUsage, type TurnEvent } from '../../turn/index.ts';
import { noFiles } from '../testing/files.ts';
import { ChatChoiceCollector } from './chat-choice-collector.ts';
import type { ChatRequestMessage } from './chat-request-schema.ts';
import { decodeMessages } from './decode-messages.ts';
import { cutFileBlock, markFileBlock } from './mark-file-block.ts';

const words = fc.constantFrom(
  ...[
    'Done.',
    '```',
    '<!--',
    '-->',
    '>',
    '<!-- claudecode-api:files -->',
    'é',
    '\ud83d\ude00',
    '[x](y)',
    '`',
  ],
  ...['<!-- /claudecode-api:files:40:0123456789abcdef -->', markFileBlock('quoted'), ' ', '\n', '\r\n'],
);
const anyText = fc
  .array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(' '));
/** Two blocks in a row would be one that Claude wrote itself: see the comment on the module. */
const ownText = anyText.filter((text) => cutFileBlock(text) === text);

const anyFiles: fc.Arbitrary<FilesChanged> = fc.record({
  type: fc.constant('files' as const),
  workspaceId: fc.constant('w'),
  omitted: fc.nat({ max: 3 }),
  certain: fc.boolean(),
  changes: fc.array(
    fc.record({
      path: fc.oneof(
        anyText.filter((text) => text !== ''),
        fc.string({ minLength: 1, unit: 'binary' }),
      ),
      operation: fc.constantFrom('created' as const, 'modified' as const),
      content: fc
        .oneof(anyText, fc.string({ unit: 'binary', maxLength: 60 }))
        .map((text) => ({ size: Buffer.byteLength(text), mediaType: 'text/plain', sha256: '00', text })),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** What a client does to a text before it sends it back: other white space, trimmed, in parts. */
const anyHandling = fc.record({
  gap: fc.constantFrom(undefined, ' ', '\n', '\r\n', '\u00a0', '  '),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  trimmed: fc.boolean(),
});
type Handling = typeof anyHandling extends fc.Arbitrary<infer T> ? T : never;

function sendBack(text: string, { gap, cuts, trimmed }: Handling): ChatRequestMessage {
  const joined = gap === undefined ? text : text.replace(/\s+/g, gap);
  const places = [
    0,
    ...cuts.map((cut) => Math.floor(cut * joined.length)).sort((a, b) => a - b),
    joined.length,
  ];
  const pieces = places.slice(1).map((end, index) => joined.slice(places[index], end));
  const sent = trimmed ? pieces.map((piece) => piece.trim()) : pieces;
  if (sent.length === 1) return { role: 'assistant', content: sent[0] ?? '' };
  return { role: 'assistant', content: sent.map((piece) => ({ type: 'text', text: piece })) };
}

function answer(text: string, files: FilesChanged | undefined): string {
  const collector = new ChatChoiceCollector({
    ...{
      id: 'c',
      created: 1,
      model: 'm',
      choiceIndex: 0,
      legacyFunctions: false,
      customToolNames: new Set(),
    },
    activity: true,
    files: {
      mode: 'inline',
      inlineMaxBytes: 1000,
      inlineTotalMaxBytes: 3000,
      inText: true,
      link: () => 'https://a.example/x',
    },
  });
  const events: TurnEvent[] = [
    { type: 'started', model: 'm', source: 'new' },
    { type: 'text.delta', text },
    ...(files === undefined ? [] : [files]),
    { type: 'done', stopReason: 'end', usage: noUsage },
  ];
  const [collected] = events.map((event) => collector.push(event)).slice(-1);
  return collected?.choice.message.content ?? '';
}

function fingerprintOf(sent: ChatRequestMessage): string | undefined {
  const hi: ChatRequestMessage = { role: 'user', content: 'hi' };
  return fingerprints(decodeMessages([hi, sent, hi], noFiles).messages).at(-1);
}

test('an answer that is sent back is known by what Claude said, whatever files came with it', () => {
  fc.assert(
    fc.property(ownText, anyFiles, anyHandling, (text, files, handling) => {
      const told = answer(text, files);
      expect(told.startsWith(text)).toBe(true);
      expect(told.length).toBeGreaterThan(text.length);
      expect(fingerprintOf(sendBack(told, handling))).toBe(
        fingerprintOf({ role: 'assistant', content: answer(text, undefined) }),
      );
    }),
    { numRuns: 300 },
  );
});

describe('a text', () => {
  test.each<[string, string]>([
    ['without a block', 'Hi.'],
    [
      'that only mentions the comments',
      'See <!-- claudecode-api:files --> a <!-- /claudecode-api:files:1:x -->',
    ],
    ['with a block amid it', `a ${markFileBlock('b')} c`],
    ['with a block whose content changed', markFileBlock('one').replace('one', 'two')],
    ['with a block whose length is wrong', markFileBlock('one').replace(/:(\d+):/, ':9$1:')],
    ['with half a block', markFileBlock('one').slice(10)],
    ['that is empty', ''],
  ])('%s stays whole', (_, text) => {
    expect(cutFileBlock(text)).toBe(text);
  });

  it('loses only the last of two blocks', () => {
    expect(cutFileBlock(`a ${markFileBlock('b')}\n\n${markFileBlock('c')}\n`)).toBe(
      `a ${markFileBlock('b')}`,
    );
  });

  it('of the user keeps a block, which the user quotes', () => {
    const quoted = `Why did you say this? ${markFileBlock('x')}`;
    expect(decodeMessages([{ role: 'user', content: quoted }], noFiles).messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: quoted }] },
    ]);
  });
});
