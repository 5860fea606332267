import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileOf } from './run-agent.ts';
import type { Agent } from './use-agent.ts';

const configFile = (home: string) => path.join(home, 'continue.yaml');

/** `cn -p`. */
export const continueAgent: Agent = {
  configure: async ({ home }, baseUrl) => {
    const model = {
      name: 'Claude Code',
      provider: 'openai',
      model: 'claude-sonnet-5',
      apiBase: baseUrl,
      apiKey: 'sk-test',
      roles: ['chat'],
    };
    // YAML takes JSON as it is.
    await writeFile(
      configFile(home),
      JSON.stringify({ name: 'test', version: '0.0.1', schema: 'v1', models: [model] }),
    );
  },
  turn: (prompt, { home }) => ({
    program: process.execPath,
    args: [fileOf('@continuedev/cli', 'dist/cn.js'), '--config', configFile(home), '--auto', '-p', prompt],
    env: { CONTINUE_CLI_ENABLE_TELEMETRY: '0', CONTINUE_METRICS_ENABLED: '0' },
  }),
  tools: {
    read: (file, content) => ({
      name: 'Read',
      input: { filepath: file },
      result: `Content of ${file}:\n${content}\n`,
    }),
    edit: (file, from, to) => ({
      name: 'MultiEdit',
      input: { file_path: file, edits: [{ old_string: from, new_string: to }] },
      result: [
        `Successfully edited ${file} with 1 edit`,
        'Diff:',
        `Index: ${file}`,
        '='.repeat(67),
        `--- ${file}`,
        `+++ ${file}`,
        '@@ -1,1 +1,1 @@',
        `-${from}`,
        `+${to}`,
        '',
      ].join('\n'),
    }),
    run: (command, output) => ({ name: 'Bash', input: { command }, result: `${output}\n` }),
  },
};
