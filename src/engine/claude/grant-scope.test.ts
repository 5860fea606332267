import { expect, test } from 'vitest';
import { grantScope } from './grant-scope.ts';

type Asked = Parameters<typeof grantScope>[2];

const rule = (toolName: string, ...contents: string[]): Asked => ({
  suggestions: [
    {
      type: 'addRules',
      rules: contents.map((ruleContent) => ({ toolName, ruleContent })),
      behavior: 'allow',
      destination: 'localSettings',
    },
    { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
  ],
});
const onlyMode: Asked = {
  suggestions: [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }],
};

test.each<[string, Asked, string[]]>([
  [
    'one rule for each part of a command',
    rule('Bash', 'touch *', 'npm install *'),
    ['Bash(touch *)', 'Bash(npm install *)'],
  ],
  ['of a shell without a rule just this command', { decisionReason: 'A heredoc' }, ['Bash {"command":"x"}']],
  ['of a shell that suggests nothing just this command', {}, ['Bash {"command":"x"}']],
  [
    'just this call where more must not be offered',
    { ...rule('Bash', 'x *'), suppressAlwaysAllowRule: true },
    ['Bash {"command":"x"}'],
  ],
])('a shell: %s', (_, asked, scope) => {
  expect(grantScope('Bash', { command: 'x' }, asked)).toEqual(scope);
});

test.each<[string, Asked, string[]]>([
  ['the tool, and never the mode', onlyMode, ['Write']],
  [
    'just this call where a particular of it made it ask',
    { ...onlyMode, decisionReason: 'A sensitive file' },
    ['Write {"file_path":"a"}'],
  ],
  ['just this call beyond the workspace', { ...onlyMode, blockedPath: '/etc' }, ['Write {"file_path":"a"}']],
])('another tool: %s', (_, asked, scope) => {
  expect(grantScope('Write', { file_path: 'a' }, asked)).toEqual(scope);
});
