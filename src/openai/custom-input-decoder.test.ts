import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CustomInputDecoder } from './custom-input-decoder.ts';

/** Cuts a text at the given places, modulo its length. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

function decode(json: string, pieces: readonly string[]): string[] {
  const decoder = new CustomInputDecoder();
  const told = pieces.map((piece) => decoder.push(piece));
  return [...told, decoder.finish(JSON.parse(json))];
}

/** Text rich in what JSON escapes, surrogate pairs and lone surrogates included. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\\u', '\n', '\u0000', '😀', '\ud83d', '\ude00'),
    ),
  )
  .map((parts) => parts.join(''));
const loneSurrogate = /\p{Surrogate}/u;
const places = fc.array(fc.nat(), { maxLength: 12 });
const space = fc.constantFrom('', ' ', '\n  ');

describe('the text of a custom tool', () => {
  it('comes out whole under any split and any spacing', () => {
    fc.assert(
      fc.property(anyText, places, space, (text, at, gap) => {
        const json = `${gap}{${gap}"input"${gap}:${gap}${JSON.stringify(text)}${gap}}`;
        expect(decode(json, cut(json, at)).join('')).toBe(text);
      }),
    );
  });

  it('comes out whole if every character is written as an escape', () => {
    fc.assert(
      fc.property(anyText, places, (text, at) => {
        const escapes = text
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
        const json = `{"input":"${escapes.join('')}"}`;
        expect(decode(json, cut(json, at)).join('')).toBe(text);
      }),
    );
  });

  it('is told while it is being written, not at the end', () => {
    expect(decode('{"input":"ab\\ncd"}', ['{"inp', 'ut":"a', 'b\\', 'ncd', '"}'])).toEqual([
      '',
      'a',
      'b',
      '\ncd',
      '',
      '',
    ]);
  });

  it('never breaks a character in two', () => {
    const json = '{"input":"\\ud83d\\ude00😀"}';
    fc.assert(
      fc.property(places, (at) => {
        for (const piece of decode(json, cut(json, at))) expect(piece).not.toMatch(loneSurrogate);
      }),
    );
  });

  test.each([
    ['{"other":1,"input":"x"}', 'x'],
    ['{"\\u0069nput":"x"}', 'x'],
    ['{"input":5}', '{"input":5}'],
    ['{}', '{}'],
    [`{${' '.repeat(100)}"input":"x"}`, 'x'],
    ['{"input":"x","more":"y"}', 'x'],
  ])('of the form %s is told at the end', (json, text) => {
    expect(decode(json, cut(json, [3, 9])).join('')).toBe(text);
  });

  it('is refused if the arguments turn out to be others than their deltas', () => {
    const decoder = new CustomInputDecoder();
    decoder.push('{"input":"abc');
    expect(() => decoder.finish({ input: 'xyz' })).toThrow('differ');
  });
});
