import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type AgentCommand, fileOf } from './run-agent.ts';
import type { Agent } from './use-agent.ts';

function turn(prompt: string, ...more: string[]): AgentCommand {
  return {
    program: process.execPath,
    args: [fileOf('@qwen-code/qwen-code', 'cli-entry.js'), '--yolo', ...more, '-p', prompt],
    env: { QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' },
  };
}

/** `qwen -p`. */
export const qwenCode: Agent = {
  configure: async ({ home }, baseUrl) => {
    await mkdir(path.join(home, '.qwen'), { recursive: true });
    const settings = {
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      security: { auth: { selectedType: 'openai', baseUrl, apiKey: 'sk-test' } },
      model: { name: 'claude-sonnet-5' },
    };
    await writeFile(path.join(home, '.qwen/settings.json'), JSON.stringify(settings));
  },
  turn: (prompt) => turn(prompt),
  see: (prompt, file) => turn(`${prompt} @${file}`),
  report: (prompt, schemaFile) => turn(prompt, '--json-schema', `@${schemaFile}`),
  tools: {
    read: (file, content) => ({ name: 'read_file', input: { file_path: file }, result: `${content}\n` }),
    edit: (file, from, to) => ({
      name: 'edit',
      input: { file_path: file, old_string: from, new_string: to },
      result: `The file: ${file} has been updated. Showing lines 1-2 of 2 from the edited file:\n\n---\n\n${to}\n`,
    }),
    run: (command, output) => ({
      name: 'run_shell_command',
      input: { command, is_background: false },
      result: [
        `Command: ${command}`,
        'Directory: (root)',
        `Output: ${output}`,
        'Error: (none)',
        'Exit Code: 0',
        'Signal: (none)',
        'Process Group PGID: (none)',
      ].join('\n'),
    }),
  },
  asksBesides: 'Managed memory has TWO directories',
};
