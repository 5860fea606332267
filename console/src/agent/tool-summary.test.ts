import { expect, test } from 'vitest';
import { splitToolName, summariseInput } from './tool-summary.ts';

test('a call is told by its most telling field, in one line', () => {
  expect(summariseInput({ description: 'List', command: 'ls\n  -la' })).toBe('ls -la');
  expect(summariseInput({ file_path: '/a/b.ts', content: 'x' })).toBe('/a/b.ts');
  expect(summariseInput({ city: 'Oslo' })).toBe('Oslo');
  expect(summariseInput({ command: 'x'.repeat(500) })).toHaveLength(161);
});

test('what is not there is not told', () => {
  expect(summariseInput(null)).toBe('');
  expect(summariseInput({})).toBe('');
  expect(summariseInput({ command: '[text, 40 characters]' })).toBe('');
});

test('the tool of a server is told without the server', () => {
  expect(splitToolName('mcp__git_hub__create_issue')).toEqual({ name: 'create_issue', server: 'git_hub' });
  expect(splitToolName('Bash', null)).toEqual({ name: 'Bash', server: undefined });
});
