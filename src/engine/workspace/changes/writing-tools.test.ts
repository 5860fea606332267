import { describe, expect, test } from 'vitest';
import { effectOf, readStructuredResult } from './writing-tools.ts';

test.each([
  ['Write', { file_path: '/w/a', content: 'x' }, { kind: 'file', path: '/w/a' }],
  ['Edit', { file_path: 'a' }, { kind: 'file', path: 'a' }],
  ['MultiEdit', { file_path: 'a' }, { kind: 'file', path: 'a' }],
  ['NotebookEdit', { notebook_path: 'a.ipynb' }, { kind: 'file', path: 'a.ipynb' }],
  ['Write', { content: 'x' }, { kind: 'nothing' }],
  ['Write', 'broken', { kind: 'nothing' }],
  ['Read', { file_path: 'a' }, { kind: 'nothing' }],
  ['Agent', {}, { kind: 'nothing' }],
  ['Bash', { command: 'ls' }, { kind: 'command' }],
  ['mcp__files__save', {}, { kind: 'command' }],
  ['NewToolOfTheNextVersion', {}, { kind: 'command' }],
])('a call of %s with %j', (name, input, effect) => {
  expect(effectOf(name, input)).toEqual(effect);
});

describe('a structured result', () => {
  test.each([
    ['Write', { type: 'create', filePath: '/w/a', originalFile: null }, { path: '/w/a', textBefore: null }],
    ['Write', { type: 'update', filePath: '/w/a', originalFile: 'old' }, { path: '/w/a', textBefore: 'old' }],
    [
      'Write',
      { type: 'update', filePath: '/w/a', originalFile: null },
      { path: '/w/a', textBefore: undefined },
    ],
    ['Edit', { filePath: '/w/a', originalFile: '' }, { path: '/w/a', textBefore: '' }],
    [
      'NotebookEdit',
      { notebook_path: '/w/n.ipynb', original_file: '{}', updated_file: '{"a":1}' },
      { path: '/w/n.ipynb', textBefore: '{}' },
    ],
    ['NotebookEdit', { notebook_path: '/w/n.ipynb', original_file: '{}', error: 'no such cell' }, undefined],
    ['Edit', { filePath: '/w/a', originalFile: 'old', staged: true }, undefined],
    ['Bash', { filePath: '/w/a' }, undefined],
    ['Write', 'Error: no', undefined],
    ['Write', undefined, undefined],
  ])('of %s: %j', (name, detail, written) => {
    expect(readStructuredResult(name, detail)).toEqual(written);
  });
});
