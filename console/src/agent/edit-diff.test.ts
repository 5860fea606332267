import { expect, test } from 'vitest';
import { diffOfCall } from './edit-diff.ts';

test('the structured result of an edit is the diff', () => {
  const structuredPatch = [{ oldStart: 4, oldLines: 1, newStart: 4, newLines: 1, lines: ['-a', '+b'] }];
  expect(diffOfCall('Edit', { old_string: 'x', new_string: 'y' }, { structuredPatch })).toBe(
    '@@ -4,1 +4,1 @@\n-a\n+b',
  );
});

test('without it the input tells, and what stays the same is told as such', () => {
  const input = { old_string: 'one\ntwo\nthree', new_string: 'one\n2\nthree' };
  expect(diffOfCall('Edit', input)).toBe('@@ -1,3 +1,3 @@\n one\n-two\n+2\n three');
});

test('what is written anew is all added', () => {
  expect(diffOfCall('Write', { content: 'a\nb\n' })).toBe('@@ -0,0 +1,2 @@\n+a\n+b');
  expect(diffOfCall('Write', { content: 'a' }, { structuredPatch: [] })).toBe('@@ -0,0 +1,1 @@\n+a');
});

test('several edits follow each other', () => {
  const edits = [
    { old_string: 'a', new_string: 'b' },
    { old_string: 'c', new_string: '' },
  ];
  expect(diffOfCall('MultiEdit', { edits })).toBe('@@ -1,1 +1,1 @@\n-a\n+b\n@@ -1,1 +1,0 @@\n-c');
});

test('where texts were left out there is none', () => {
  expect(diffOfCall('Write', { content: '[text, 900 characters]' })).toBeUndefined();
  expect(diffOfCall('Write', null)).toBeUndefined();
  expect(diffOfCall('Bash', { command: 'ls' })).toBeUndefined();
});
