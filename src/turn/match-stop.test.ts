import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopMatcher } from './match-stop.ts';

/** The text before the first place where any of the sequences stands. */
function cutBeforeFirst(text: string, stop: readonly string[]): string {
  const places = stop.map((sequence) => text.indexOf(sequence)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...places));
}

function feed(pieces: readonly string[], stop: readonly string[]): { text: string; stopped: boolean } {
  const matcher = new StopMatcher(stop);
  const passed = pieces.map((piece) => matcher.push(piece)).join('');
  const text = passed + matcher.flush();
  return { text, stopped: matcher.stopped };
}

// Few letters, so that sequences occur, overlap and nearly occur.
const word = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength, maxLength });
const pieces = fc.array(word(0, 4), { maxLength: 8 });
const stopList = fc.array(word(1, 4), { maxLength: 4 });

describe('however the text is split', () => {
  test('with one stop sequence, it ends before its first occurrence', () => {
    fc.assert(
      fc.property(pieces, word(1, 4), (split, sequence) => {
        const text = split.join('');
        expect(feed(split, [sequence])).toEqual({
          text: cutBeforeFirst(text, [sequence]),
          stopped: text.includes(sequence),
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('with several stop sequences, it ends before the first that occurs', () => {
    fc.assert(
      fc.property(pieces, stopList, (split, stop) => {
        const text = split.join('');
        expect(feed(split, stop)).toEqual({
          text: cutBeforeFirst(text, stop),
          stopped: stop.some((sequence) => text.includes(sequence)),
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('a sequence that lies inside a longer one does not win because of the split', () => {
    expect(feed(['x ab', 'c y'], ['abc', 'b'])).toEqual(feed(['x abc y'], ['abc', 'b']));
  });

  test('a sequence inside a longer one counts once the longer one did not come', () => {
    expect(feed(['x ab', 'd y'], ['abc', 'b'])).toEqual({ text: 'x a', stopped: true });
    expect(feed(['x ab'], ['abc', 'b'])).toEqual({ text: 'x a', stopped: true });
  });
});

test('nothing of a stop sequence is ever let through, and all else at once', () => {
  const matcher = new StopMatcher(['END']);
  expect(matcher.push('one E')).toBe('one ');
  expect(matcher.push('N')).toBe('');
  expect(matcher.push('ough')).toBe('ENough');
  expect(matcher.push(' EN')).toBe(' ');
  expect(matcher.push('D two')).toBe('');
  expect(matcher.stopped).toBe(true);
});

test('what is held back is given out by a flush, and only once', () => {
  const matcher = new StopMatcher(['END']);
  matcher.push('the EN');
  expect(matcher.flush()).toBe('EN');
  expect(matcher.flush()).toBe('');
  expect(matcher.stopped).toBe(false);
});

test('after a stop sequence nothing more comes', () => {
  const matcher = new StopMatcher(['END']);
  matcher.push('x END y');
  expect(matcher.push('more')).toBe('');
  expect(matcher.flush()).toBe('');
});

test('a text that was flushed does not join a stop sequence with what comes later', () => {
  const matcher = new StopMatcher(['END']);
  matcher.push('EN');
  matcher.flush();
  expect(matcher.push('D')).toBe('D');
});

test.each([[[]], [['']]])('with the stop list %j every text goes through at once', (stop) => {
  const matcher = new StopMatcher(stop);
  expect(matcher.push('a text')).toBe('a text');
  expect(matcher.stopped).toBe(false);
});
