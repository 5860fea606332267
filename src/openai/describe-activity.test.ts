import { expect, test } from 'vitest';
import type { JsonObject } from '../turn/index.ts';
import { describeActivity } from './describe-activity.ts';

test.each<[string, JsonObject, string]>([
  ['Write', { file_path: 'notes.txt', content: 'long' }, '[Write] notes.txt\n'],
  ['Bash', { description: 'List', command: 'ls -l\nrm x' }, '[Bash] ls -l\n'],
  ['Grep', { pattern: 'TODO' }, '[Grep] TODO\n'],
  ['WebFetch', { url: 'https://x.test', prompt: 'p' }, '[WebFetch] https://x.test\n'],
  ['WebSearch', { query: 'cats' }, '[WebSearch] cats\n'],
  ['Task', { description: 'Find bugs', prompt: 'p' }, '[Task] Find bugs\n'],
  ['TodoWrite', { todos: [] }, '[TodoWrite]\n'],
  ['Read', { file_path: 5 }, '[Read]\n'],
  ['Bash', { command: 'x'.repeat(200) }, `[Bash] ${'x'.repeat(119)}…\n`],
  ['Bash', { command: '😀'.repeat(120) }, `[Bash] ${'😀'.repeat(120)}\n`],
])('%s of %j', (name, input, line) => {
  expect(describeActivity(name, input)).toBe(line);
});
