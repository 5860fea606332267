import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeBlock, codeSpan, namedLink } from './markdown.ts';

const tricky = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('`', '[', ']', '(', ')', '\\', '\n', '<', '!', '-->', '\u202e', 'a', ' '))
    .map((parts) => parts.join('')),
);

test('nothing in a text ends its block', () => {
  fc.assert(
    fc.property(tricky, (text) => {
      const lines = codeBlock(text, 'python').split('\n');
      const fence = lines.at(-1) ?? '';
      expect(fence).toMatch(/^`{3,}$/);
      expect(lines[0]).toBe(`${fence}python`);
      const within = lines.slice(1, -1);
      expect(within.filter((line) => line.includes(fence))).toEqual([]);
      expect(within.join('\n')).toBe(text.replace(/\n$/, ''));
    }),
  );
});

test('nothing in a name ends its code span', () => {
  fc.assert(
    fc.property(tricky, (name) => {
      const span = codeSpan(name);
      const fence = /^`+/.exec(span)?.[0] ?? '';
      const inner = span.slice(fence.length, -fence.length);
      expect(span.endsWith(fence)).toBe(true);
      expect([...inner.matchAll(/`+/g)].filter(([run]) => run.length === fence.length)).toEqual([]);
      expect(span).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    }),
  );
});

test('nothing in a name ends its link, or begins something else', () => {
  fc.assert(
    fc.property(tricky, tricky, (name, url) => {
      const link = namedLink(name, `https://a.example/${url}`);
      expect(link).toMatch(/^\[(?:\\.|[^\\[\]`*_<>\p{Cc}])*\]\(https:\/\/a\.example\/[^\s()<>[\]\\]*\)$/u);
    }),
  );
});

test('a plain name stays as it is', () => {
  expect(codeSpan('src/a.ts')).toBe('`src/a.ts`');
  expect(namedLink('out/my chart-1.png', 'https://a.example/f?x=1&y=2')).toBe(
    '[out/my chart-1.png](https://a.example/f?x=1&y=2)',
  );
});

test('a very long name is cut at its beginning, which says least', () => {
  expect(codeSpan(`${'x/'.repeat(300)}a.ts`)).toMatch(/^`….{194}\/a\.ts`$/);
});
