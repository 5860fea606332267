import { expect, test } from 'vitest';
import { languageOf } from './language-of.ts';
import { countChanges, parseDiff } from './parse-diff.ts';

const diff = `--- a/x.ts
+++ b/x.ts
@@ -3,3 +3,4 @@ function f()
 same
-old
---dashes
+new
+++plus
\\ No newline at end of file
`;

test('the lines of a diff have their numbers before and after', () => {
  expect(parseDiff(diff)).toEqual([
    { kind: 'hunk', text: '@@ -3,3 +3,4 @@ function f()', before: undefined, after: undefined },
    { kind: 'same', text: 'same', before: 3, after: 3 },
    { kind: 'removed', text: 'old', before: 4, after: undefined },
    { kind: 'removed', text: '--dashes', before: 5, after: undefined },
    { kind: 'added', text: 'new', before: undefined, after: 4 },
    { kind: 'added', text: '++plus', before: undefined, after: 5 },
    { kind: 'note', text: 'No newline at end of file', before: undefined, after: undefined },
  ]);
});

test('what came and went is counted', () => {
  expect(countChanges(parseDiff(diff))).toEqual({ added: 2, removed: 2 });
  expect(countChanges(parseDiff(''))).toEqual({ added: 0, removed: 0 });
});

test.each([
  ['src/a.ts', 'typescript'],
  ['Dockerfile', 'dockerfile'],
  ['notes.MD', 'markdown'],
  ['python', 'python'],
  ['LICENSE', 'text'],
  ['archive.zip', 'text'],
])('%s is %s', (name, language) => {
  expect(languageOf(name)).toBe(language);
});
